import Testing

@testable import Wire

@Suite("Frames and their parts")
struct FrameTests {
    private let crc = CRC32C()

    private func frame(_ body: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: FrameHead.size + body.count)
        let length = bytes.withUnsafeMutableBytes { memory in
            body.withUnsafeBytes {
                FrameHead.write(kind: 3, sequence: 9, body: $0, crc: crc, into: memory)
            }
        }
        #expect(length == bytes.count)
        return bytes
    }
    private func isFrame(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { memory in
            guard case .success(let head) = FrameHead.parse(memory) else { return false }
            return head.matches(memory, crc: crc)
        }
    }

    @Test("The sum of 123456789 is E3069283, as RFC 3720's polynomial gives")
    func sum() {
        let digits = Array("123456789".utf8)
        #expect(digits.withUnsafeBytes { crc.of($0) } == 0xE306_9283)
        // RFC 3720 B.4: 32 bytes of zeros, of ones, rising.
        #expect([UInt8](repeating: 0, count: 32).withUnsafeBytes { crc.of($0) } == 0x8A91_36AA)
        #expect([UInt8](repeating: 255, count: 32).withUnsafeBytes { crc.of($0) } == 0x62A8_AB43)
        #expect((UInt8(0)..<32).map { $0 }.withUnsafeBytes { crc.of($0) } == 0x46DD_794E)
        let first = digits[..<4].withUnsafeBytes { crc.of($0) }
        #expect(digits[4...].withUnsafeBytes { crc.of($0, after: first) } == 0xE306_9283)
    }

    @Test("One flipped bit anywhere makes a frame none")
    func flips() {
        let whole = frame(Array("droop".utf8))
        #expect(isFrame(whole))
        var believed: [Int] = []
        for bit in 0..<whole.count * 8 {
            var damaged = whole
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            if isFrame(damaged) { believed.append(bit) }
        }
        #expect(believed.isEmpty)
    }

    @Test("What is short, alien or of another version is told apart")
    func faults() {
        var whole = frame([1, 2, 3])
        func fault(_ bytes: [UInt8]) -> FrameHead.Fault? {
            bytes.withUnsafeBytes {
                if case .failure(let fault) = FrameHead.parse($0) { fault } else { nil }
            }
        }
        #expect(fault(Array(whole[..<15])) == .short)
        whole[4] = 2
        #expect(fault(whole) == .version(2))
        whole[0] = 0
        #expect(fault(whole) == .alien)
    }

    @Test("Numbers of any size come back; one too long for 64 bits is wrong")
    func variable() {
        var bytes = [UInt8](repeating: 0, count: 400)
        let numbers: [UInt64] = [0, 1, 127, 128, 300, 1 << 35, 1 << 63, .max]
        let signed: [Int64] = [0, -1, 1, -64, 64, .min, .max]
        bytes.withUnsafeMutableBytes { memory in
            var writer = ByteWriter(memory)
            for n in numbers { writer.putVariable(n) }
            for n in signed { writer.putVariable(signed: n) }
            var reader = ByteReader(UnsafeRawBufferPointer(memory))
            #expect(numbers.map { _ in reader.takeVariable() } == numbers)
            #expect(signed.map { _ in reader.takeVariableSigned() } == signed)
            #expect(reader.isSound && reader.count == writer.count)
        }
        let long = [UInt8](repeating: 0xFF, count: 9) + [2]
        long.withUnsafeBytes { memory in
            var reader = ByteReader(memory)
            #expect(reader.takeVariable() == 0 && reader.isWrong)
        }
    }

    @Test("Writing and reading end where the memory ends")
    func bounds() {
        var bytes = [UInt8](repeating: 7, count: 6)
        bytes.withUnsafeMutableBytes { memory in
            var writer = ByteWriter(UnsafeMutableRawBufferPointer(rebasing: memory[..<5]))
            writer.put(UInt32(1))
            writer.put(UInt16(2))
            writer.put(UInt8(3))
            #expect(writer.isFull && writer.count == 4)
        }
        #expect(bytes[4] == 7 && bytes[5] == 7)
        bytes.withUnsafeBytes { memory in
            var reader = ByteReader(memory)
            #expect(reader.take(UInt32.self) == 1)
            #expect(reader.take(UInt32.self) == 0 && reader.isShort && reader.take(UInt8.self) == 0)
            #expect(reader.takeBytes(-1).isEmpty)
        }
    }
}
