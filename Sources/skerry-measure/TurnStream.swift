import BlackBox
import Control
import Foundation
import Wire

/// A recording as a stream for programs that know no files (`Tests/Replay/Turns`): states and turns one
/// after another, each a kind, a length and its bytes.
///
/// - S: the size of the state, 4 bytes; the number of its turn, 8; the image (`Checkpoint`).
/// - T: how many turns, 2 bytes; the number of the first, 8; the turns (`TurnEncoder`).
enum TurnStream {
    static let usage = "turns FILE [--recorded]"

    /// `--recorded`: what those programs must answer, as the recording has it: the tick, the command and
    /// the record's digest of every turn that follows a state without a gap.
    static func run(_ arguments: [String]) -> Int32 {
        guard let path = arguments.first else {
            complain("usage: skerry-measure \(usage)")
            return 64
        }
        do {
            let recording = try Recording(path: path)
            var out = Output()
            for run in recording.runs {
                if arguments.contains("--recorded") {
                    answer(run, &out)
                } else {
                    stream(run, &out)
                }
            }
            out.flush()
            return 0
        } catch {
            complain(error.words)
            return 66
        }
    }
    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    private static func stream(_ run: Run, _ out: inout Output) {
        var batch = Batch()
        var next: UInt64 = 0
        for entry in run.entries([.turns, .states]) {
            switch entry {
            case .state(let state):
                batch.send(&out)
                out.put(
                    "S", 12 + state.image.count,
                    [state.layout.size.bytes, state.turn.bytes, state.image])
            case .turn(let turn):
                if turn.number != next { batch.send(&out) }
                batch.add(turn, &out)
                next = turn.number + 1
            case .skipped(let skip): complain(skip.words)
            case .gap, .record, .note: break
            }
        }
        batch.send(&out)
    }

    private static func answer(_ run: Run, _ out: inout Output) {
        var next: UInt64?
        for entry in run.entries([.turns, .states]) {
            switch entry {
            case .state(let state): next = state.turn
            case .turn(let turn):
                guard turn.number == next else {
                    next = nil
                    continue
                }
                next = turn.number + 1
                out.put(answer: turn.turn.sample.tick, turn.turn.command, turn.turn.digest)
            default: break
            }
        }
    }

    /// Turns that are coded against each other.
    private struct Batch {
        private var memory = [UInt8](repeating: 0, count: 8192)
        private var used = 0
        private var encoder = TurnEncoder()
        private var count: UInt16 = 0
        private var first: UInt64 = 0

        mutating func add(_ turn: NumberedTurn, _ out: inout Output) {
            if code(turn) { return }
            send(&out)
            precondition(code(turn), "one turn fits into an empty batch")
        }
        private mutating func code(_ turn: NumberedTurn) -> Bool {
            guard count < .max else { return false }
            if count == 0 { first = turn.number }
            let from = used
            let isDone = memory.withUnsafeMutableBytes { bytes in
                var writer = ByteWriter(UnsafeMutableRawBufferPointer(rebasing: bytes[from...]))
                guard encoder.encode(turn.turn, into: &writer) else { return false }
                used += writer.count
                return true
            }
            if isDone { count += 1 }
            return isDone
        }
        mutating func send(_ out: inout Output) {
            if count > 0 {
                out.put("T", 10 + used, [count.bytes, first.bytes, Array(memory[..<used])])
            }
            (used, count, encoder) = (0, 0, TurnEncoder())
        }
    }

    private struct Output {
        private var bytes: [UInt8] = []

        mutating func put(_ kind: Unicode.Scalar, _ length: Int, _ parts: [[UInt8]]) {
            bytes.append(UInt8(ascii: kind))
            bytes += UInt32(length).bytes
            for part in parts { bytes += part }
            if bytes.count > 1 << 16 { flush() }
        }
        mutating func put(answer tick: Tick, _ command: Command, _ digest: UInt32) {
            bytes += tick.count.bytes
            withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { memory in
                var writer = FieldWriter(ByteWriter(memory))
                var command = command
                command.visit(&writer)
                bytes += memory[..<writer.bytes.count]
            }
            bytes += digest.bytes
            if bytes.count > 1 << 16 { flush() }
        }
        mutating func flush() {
            FileHandle.standardOutput.write(Data(bytes))
            bytes.removeAll(keepingCapacity: true)
        }
    }
}

extension FixedWidthInteger {
    /// Least byte first.
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
