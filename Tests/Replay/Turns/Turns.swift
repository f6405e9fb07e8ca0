import Control
import Quantities
import Wire

@_silgen_name("read") private func read(
    _ file: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int
) -> Int
@_silgen_name("write") private func write(
    _ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int
) -> Int
@_silgen_name("exit") private func exit(_ status: Int32) -> Never

/// Lives recorded turns and answers with what it made of each: the tick, the command and the digest of
/// the whole record. Reads `skerry-measure turns` from the standard input. Knows no file and no clock, so
/// that it can be Embedded Swift for another processor.
///
/// Status 3: the state is laid out differently here; 4: the stream is broken; 5: nobody reads.
@main
struct Turns {
    private static let most = 1 << 17
    private var input = UnsafeMutableRawBufferPointer.allocate(byteCount: most, alignment: 16)
    private var output = UnsafeMutableRawBufferPointer.allocate(byteCount: most, alignment: 16)
    private var held = 0
    private var controller = Controller(
        ControllerSettings(
            rate: TickRate(perSecond: 1), frontEnd: .none, nominalCurrent: Amperes(1),
            presence: PresenceLimits(deadBelow: .zero, liveAbove: .zero),
            limits: SetpointLimits(
                frequencyBias: .zero, voltageBias: .zero, active: .zero, reactive: .zero,
                horizon: 0)))
    private var isAlive = false
    private var next: UInt64 = 0
    private var record = Record()
    private var turn = KeptTurn()

    static func main() {
        var turns = Turns()
        while turns.message() {}
        turns.flush()
    }

    /// - Returns: false at the end.
    private mutating func fill(_ count: Int, mayEnd: Bool = false) -> Bool {
        var got = 0
        while got < count {
            let n = read(0, input.baseAddress! + got, count - got)
            if n <= 0 {
                if got == 0 && mayEnd { return false }
                exit(4)
            }
            got += n
        }
        return true
    }
    private mutating func message() -> Bool {
        guard fill(5, mayEnd: true) else { return false }
        let kind = input[0]
        let length = Int(
            UInt32(littleEndian: input.loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
        guard length <= Self.most, fill(length) else { exit(4) }
        var reader = ByteReader(
            UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(input)[..<length]))
        switch kind {
        case 83: begin(&reader)
        case 84: live(&reader)
        default: exit(4)
        }
        return true
    }

    /// Begins at a state.
    private mutating func begin(_ reader: inout ByteReader) {
        let size: UInt32 = reader.take()
        next = reader.take()
        // Embedded Swift cannot describe a layout: its size must do, and what comes of it is compared.
        let fault = Checkpoint.read(
            from: reader.takeBytes(reader.left), layout: StateLayout(size: size, fingerprint: 0),
            ours: StateLayout(size: UInt32(MemoryLayout<Controller>.size), fingerprint: 0),
            into: &controller)
        if fault != nil { exit(3) }
        isAlive = true
    }
    private mutating func live(_ reader: inout ByteReader) {
        let count: UInt16 = reader.take()
        let first: UInt64 = reader.take()
        if first != next { isAlive = false }
        next = first &+ UInt64(count)
        guard isAlive else { return }
        var decoder = TurnDecoder()
        for _ in 0..<count {
            guard decoder.decode(from: &reader, into: &turn) else { exit(4) }
            if turn.hadLetGo { controller.letGo() }
            controller.tick(turn.sample, wanting: turn.wish, into: &record)
            answer()
        }
    }
    private mutating func answer() {
        if held + 128 > Self.most { flush() }
        var bytes = ByteWriter(UnsafeMutableRawBufferPointer(rebasing: output[held...]))
        bytes.put(record.tick.count)
        var writer = FieldWriter(bytes)
        record.command.visit(&writer)
        bytes = writer.bytes
        bytes.put(record.digest)
        held += bytes.count
    }
    private mutating func flush() {
        var sent = 0
        while sent < held {
            let n = write(1, output.baseAddress! + sent, held - sent)
            if n <= 0 { exit(5) }
            sent += n
        }
        held = 0
    }
}
