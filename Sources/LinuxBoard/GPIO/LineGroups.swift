import HAL

/// The wanted lines of one GPIO chip, requested in groups of equal drive, bias and debounce, and seen
/// as one set: bit n of the outputs is `outputs[n]`, bit n of the levels `inputs[n]`.
final class LineGroups: LinePort {
    struct Output: Equatable {
        var line: OutputLine
        var drive: LineDrive
    }
    struct Input: Equatable {
        var line: InputLine
        var bias: LineBias
        var debounce_us: UInt32
    }
    /// A ~Copyable owner with the bits it carries.
    private final class Outputs {
        var lines: OutputLines
        let bits: [Int]
        init(_ lines: consuming OutputLines, bits: [Int]) {
            self.lines = lines
            self.bits = bits
        }
    }
    private final class Inputs {
        var lines: InputLines
        let bits: [Int]
        init(_ lines: consuming InputLines, bits: [Int]) {
            self.lines = lines
            self.bits = bits
        }
    }
    private var outputs: [Outputs] = []
    private var inputs: [Inputs] = []

    /// - Throws: as `GPIOChip` and its lines: gone, busy, not permitted.
    init(path: String, outputs wanted: [Output], inputs heard: [Input]) throws(BoardFault) {
        let chip = try GPIOChip(path: path)
        for drive in LineDrive.allCases {
            let bits = wanted.indices.filter { wanted[$0].drive == drive }
            guard !bits.isEmpty else { continue }
            let lines = try OutputLines(on: chip, bits.map { wanted[$0].line }, drive: drive)
            outputs.append(Outputs(lines, bits: bits))
        }
        var left = Array(heard.indices)
        while let first = left.first {
            let like = heard[first]
            let bits = left.filter {
                heard[$0].bias == like.bias && heard[$0].debounce_us == like.debounce_us
            }
            left.removeAll(where: bits.contains)
            let lines = try InputLines(
                on: chip, bits.map { heard[$0].line }, bias: like.bias,
                debounce_us: like.debounce_us)
            inputs.append(Inputs(lines, bits: bits))
        }
    }

    func drive(_ levels: UInt32) throws(BoardFault) {
        for group in outputs {
            var mine: UInt64 = 0
            for (k, bit) in group.bits.enumerated() where levels & (1 << UInt32(bit)) != 0 {
                mine |= 1 << UInt64(k)
            }
            try group.lines.set(mine)
        }
    }

    func levels() throws(BoardFault) -> UInt32 {
        var all: UInt32 = 0
        for group in inputs {
            let mine = try group.lines.levels(at: UInt64(monotonic_ns()))
            for (k, bit) in group.bits.enumerated() where mine & (1 << UInt64(k)) != 0 {
                all |= 1 << UInt32(bit)
            }
        }
        return all
    }
}
