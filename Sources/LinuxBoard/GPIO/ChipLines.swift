import HAL

/// Lines of one GPIO chip, outputs and inputs mixed, for the thread of that chip. Lines that share
/// what the kernel has but one of for each request are requested together; a request that fails
/// gives all back. Letting go brings the outputs to rest.
public final class ChipLines: LinePort {
    public struct Line: Equatable, Sendable {
        public enum Use: Equatable, Sendable {
            case output(rest: Bool, drive: LineDrive)
            case input(debounce_us: UInt32)
        }
        public var offset: Int
        public var activeLow: Bool
        public var bias: LineBias
        public var use: Use

        public init(offset: Int, activeLow: Bool = false, bias: LineBias = .asIs, _ use: Use) {
            (self.offset, self.activeLow, self.bias, self.use) = (offset, activeLow, bias, use)
        }
    }

    /// A request with the bit of each of its lines. Arrays cannot hold what is not copyable.
    private final class Outputs {
        var lines: OutputLines
        let bits: [Int]
        init(_ lines: consuming OutputLines, _ bits: [Int]) {
            self.lines = lines
            self.bits = bits
        }
    }
    private final class Inputs {
        var lines: InputLines
        let bits: [Int]
        init(_ lines: consuming InputLines, _ bits: [Int]) {
            self.lines = lines
            self.bits = bits
        }
    }
    private let outputs: [Outputs]
    private let inputs: [Inputs]
    private let now_ns: () -> UInt64

    /// - Parameters:
    ///   - path: `/dev/gpiochip0`.
    ///   - lines: 1 ... 32; bit n of all levels is `lines[n]`.
    ///   - now_ns: of a clock that never runs backwards, for debouncing.
    /// - Throws: as `OutputLines`.
    public init(
        path: String, _ lines: [Line], consumer: String = "skerry",
        now_ns: @escaping () -> UInt64
    ) throws(BoardFault) {
        precondition(lines.count <= 32, "a level mask has 32 bits")
        let chip = try GPIOChip(path: path)
        var outputs: [Outputs] = []
        var inputs: [Inputs] = []
        for group in Self.groups(lines) {
            let head = lines[group[0]]
            switch head.use {
            case .output(_, let drive):
                let request = try OutputLines(
                    on: chip,
                    group.map {
                        let line = lines[$0]
                        return OutputLine(
                            offset: line.offset, activeLow: line.activeLow,
                            rest: line.use == .output(rest: true, drive: drive))
                    }, drive: drive, bias: head.bias, consumer: consumer)
                outputs.append(Outputs(request, group))
            case .input(let debounce_us):
                let request = try InputLines(
                    on: chip,
                    group.map {
                        InputLine(offset: lines[$0].offset, activeLow: lines[$0].activeLow)
                    }, bias: head.bias, debounce_us: debounce_us, consumer: consumer)
                inputs.append(Inputs(request, group))
            }
        }
        self.outputs = outputs
        self.inputs = inputs
        self.now_ns = now_ns
    }

    /// Indices of lines that can share a request.
    static func groups(_ lines: [Line]) -> [[Int]] {
        var groups: [[Int]] = []
        for n in lines.indices {
            let group = groups.firstIndex { together(lines[$0[0]], lines[n]) }
            if let group { groups[group].append(n) } else { groups.append([n]) }
        }
        return groups
    }

    private static func together(_ a: Line, _ b: Line) -> Bool {
        guard a.bias == b.bias else { return false }
        return switch (a.use, b.use) {
        case (.output(_, let x), .output(_, let y)): x == y
        case (.input(let x), .input(let y)): x == y
        case (.output, .input), (.input, .output): false
        }
    }

    /// Drives all output lines; all are tried, and the first failure is thrown.
    public func drive(_ levels: UInt32) throws(BoardFault) {
        var failure: BoardFault?
        for output in outputs {
            var own: UInt64 = 0
            for (n, bit) in output.bits.enumerated() where levels >> UInt32(bit) & 1 != 0 {
                own |= 1 << UInt64(n)
            }
            do throws(BoardFault) { try output.lines.set(own) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// Reads all input lines, debounced; the bits of outputs are 0.
    public func levels() throws(BoardFault) -> UInt32 {
        var levels: UInt32 = 0
        for input in inputs {
            let own = try input.lines.levels(at: now_ns())
            for (n, bit) in input.bits.enumerated() where own >> UInt64(n) & 1 != 0 {
                levels |= 1 << UInt32(bit)
            }
        }
        return levels
    }
}
