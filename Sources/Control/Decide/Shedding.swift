import Quantities

/// When one group of loads is given up and taken back.
public struct LoadGroup: Equatable, Sendable, BitwiseCopyable {
    /// Shed below this frequency (AC) or bus voltage (DC); the unit is the site's.
    public var shedBelow: Float
    /// Held beyond for this many ticks, it is shed.
    public var shedAfter: UInt32
    /// Shed at or below this state of charge while islanded.
    public var shedAtCharge: Float
    /// Taken back only above these, held for `restoreAfter` ticks.
    public var restoreAbove: Float
    public var restoreAtCharge: Float
    public var restoreAfter: UInt32
    public init(
        shedBelow: Float, shedAfter: UInt32, shedAtCharge: Float, restoreAbove: Float,
        restoreAtCharge: Float, restoreAfter: UInt32
    ) {
        self.shedBelow = shedBelow
        self.shedAfter = shedAfter
        self.shedAtCharge = shedAtCharge
        self.restoreAbove = restoreAbove
        self.restoreAtCharge = restoreAtCharge
        self.restoreAfter = restoreAfter
    }
}

/// Sheds loads by priority and restores them step by step. Group 0 is the first to go; `count`
/// groups exist, and the loads beyond them are never shed.
public struct Shedding: Sendable, BitwiseCopyable {
    public let count: Int
    public let groups: InlineArray<4, LoadGroup>
    /// Groups connected, one bit each.
    public private(set) var connected: UInt8
    private var below: InlineArray<4, UInt32>
    private var above: UInt32 = 0
    /// Restorations and sheddings since start.
    public private(set) var sheds: UInt32 = 0
    public private(set) var restores: UInt32 = 0

    /// - Parameter groups: at most four, the first to be shed first.
    public init(_ groups: LoadGroupList) {
        precondition(groups.count <= 4, "at most four groups of loads")
        let never = LoadGroup(
            shedBelow: -.infinity, shedAfter: .max, shedAtCharge: -1, restoreAbove: -.infinity,
            restoreAtCharge: -1, restoreAfter: 0)
        var table = InlineArray<4, LoadGroup>(repeating: never)
        for k in groups.indices { table[k] = groups[k] }
        self.groups = table
        count = groups.count
        connected = 0xF
        below = InlineArray(repeating: 0)
    }

    public func isConnected(_ group: Int) -> Bool { connected & (1 << UInt8(group)) != 0 }

    /// - Parameters:
    ///   - level: frequency or DC voltage; NaN or 0 (a dead bus) holds every timer.
    ///   - charge: state of charge 0 ... 1; NaN counts as empty for restoring and as full for
    ///     shedding, so that a broken sensor moves nothing.
    ///   - grid: the grid carries the loads: its frequency and our charge are no reason to shed.
    public mutating func step(level: Float, charge: Float, onGrid grid: Bool, elapsed: UInt32) {
        guard level > 0 else { return }
        var k = 0
        while k < count {
            let g = groups[k]
            let bit: UInt8 = 1 << UInt8(k)
            let low = !grid && level < g.shedBelow
            let empty = !grid && charge <= g.shedAtCharge
            below[k] = low || empty ? longer(below[k], by: elapsed) : 0
            if below[k] >= g.shedAfter && connected & bit != 0 && below[k] > 0 {
                connected &= ~bit
                sheds &+= 1
                above = 0
            }
            k &+= 1
        }
        restoreNext(level: level, charge: charge, onGrid: grid, elapsed: elapsed)
    }

    /// The last group shed returns first, and each restarts the wait.
    private mutating func restoreNext(
        level: Float, charge: Float, onGrid grid: Bool, elapsed: UInt32
    ) {
        var k = count &- 1
        while k >= 0 && connected & (1 << UInt8(k)) != 0 { k &-= 1 }
        guard k >= 0 else { return }
        let g = groups[k]
        let fit = level >= g.restoreAbove && (grid || charge >= g.restoreAtCharge)
        above = fit ? longer(above, by: elapsed) : 0
        if above >= g.restoreAfter {
            connected |= 1 << UInt8(k)
            restores &+= 1
            above = 0
        }
    }
}
