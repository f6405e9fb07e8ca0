import Testing

@testable import Wire

@Suite("Images, packed")
struct PackTests {
    @Test("Any bytes pack and unpack", arguments: [0, 1, 3, 4, 5, 100, 5000])
    func packs(count: Int) {
        var state: UInt64 = 9
        for density in [0, 1, 3, 7, 8] {
            let bytes = (0..<count).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1
                return Int(state >> 60) % 8 < density ? UInt8(truncatingIfNeeded: state >> 40) : 0
            }
            let packed = [UInt8](unsafeUninitializedCapacity: count + 16) { memory, n in
                var writer = ByteWriter(UnsafeMutableRawBufferPointer(memory))
                bytes.withUnsafeBytes { Checkpoint.pack($0, into: &writer) }
                n = writer.isFull ? 0 : writer.count
            }
            var back = [UInt8](repeating: 0xAA, count: count)
            let size = packed.withUnsafeBytes { image in
                back.withUnsafeMutableBytes { Checkpoint.unpack(image, into: $0) }
                return Checkpoint.unpackedSize(image)
            }
            #expect(size == count && back == bytes, "density \(density)")
        }
    }
}
