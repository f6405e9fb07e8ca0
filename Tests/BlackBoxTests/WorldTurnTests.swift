import Control
import Testing

@testable import Wire

@Suite("Turns of simulated worlds as bytes", .disabled(if: isSanitized))
struct WorldTurnTests {
    @Test(
        "Simulated worlds come back bit for bit", arguments: TurnWorld.allCases, [1, 2] as [UInt64])
    func worlds(world: TurnWorld, seed: UInt64) {
        var turns: [KeptTurn] = []
        var coded = Coded()
        world.live(1500, seed: seed) { turn, _, _ in
            turns.append(turn)
            coded.add(turn)
        }
        #expect(turns.count == 1500 && coded.firstDifference(from: turns) == nil, "seed \(seed)")
        var again = Coded()
        let time = ContinuousClock().measure { for turn in turns { again.add(turn) } }
        print(
            "figure \(world), seed \(seed): \(coded.bytes.count / 1500) bytes a turn, "
                + "\(coded.longest) at most, \(time / 1500) to code one")
    }
}

/// What a coder made of turns.
private struct Coded {
    var bytes: [UInt8] = []
    var longest = 0
    private var encoder = TurnEncoder()

    mutating func add(_ turn: KeptTurn) {
        let count = withUnsafeTemporaryAllocation(byteCount: TurnEncoder.mostBytes, alignment: 8) {
            memory in
            var writer = ByteWriter(memory)
            guard encoder.encode(turn, into: &writer), !writer.isFull else { return 0 }
            bytes.append(contentsOf: memory[..<writer.count])
            return writer.count
        }
        longest = max(longest, count == 0 ? .max : count)
    }
    /// The first turn that does not come back as it was; nil where all do and no byte is left.
    func firstDifference(from turns: [KeptTurn]) -> Int? {
        bytes.withUnsafeBytes { memory in
            var reader = ByteReader(memory)
            var decoder = TurnDecoder()
            var turn = KeptTurn()
            for (n, sent) in turns.enumerated() {
                guard decoder.decode(from: &reader, into: &turn), turn.isSame(as: sent) else {
                    return n
                }
            }
            return reader.left == 0 ? nil : turns.count
        }
    }
}
