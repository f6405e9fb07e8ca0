/// The expanded uncertainty (k = 2) that a channel must keep to: a share of the reading and a fixed
/// part, added, as data sheets of meters and IEC 61557-12 write their limits.
public struct RequiredAccuracy: Equatable, Sendable {
    /// Of the reading: 0.01 is 1 %.
    public var ratio: Double
    /// In the channel's unit.
    public var absolute: Double
    /// Who asks for it: `IEEE 1547-2018 Table 3`.
    public var source: String

    public init(ratio: Double, absolute: Double, source: String = "") {
        (self.ratio, self.absolute, self.source) = (ratio, absolute, source)
    }
    /// Half the width of the band around the true value `v`, in the channel's unit.
    public func allowed(at v: Double) -> Double { absolute + ratio * v.magnitude }

    /// `1 % + 0.1 V`.
    public func words(unit: String) -> String {
        let share = ratio > 0 ? Digits.plain(ratio * 100, "%") : ""
        let fixed = absolute > 0 ? Digits.plain(absolute, unit) : ""
        return [share, fixed].filter { !$0.isEmpty }.joined(separator: " + ")
    }
}
