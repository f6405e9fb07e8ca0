/// Energy as an integer counter: millijoules, never a float sum.
///
/// 2^63 mJ is 2.56e12 kWh, so a counter outlives any site.
public struct Energy: Equatable, Comparable, Sendable, BitwiseCopyable {
    public var millijoules: Int64
    @inlinable public init(millijoules: Int64) { self.millijoules = millijoules }
    @inlinable public static var zero: Energy { Energy(millijoules: 0) }

    /// Adds a power held for `microseconds`. Watts × µs = µJ; the remainder below one millijoule
    /// is carried in `remainder_uJ`, so that only what is below one microjoule is dropped. A power
    /// that is not finite, or an energy beyond 9e18 µJ at once, adds nothing and answers false.
    @inlinable public mutating func add(
        _ power: Watts, microseconds: Int64, remainder_uJ: inout Int64
    ) -> Bool {
        let added = power.value * Float(microseconds)
        guard added.magnitude < 9e18 else { return false }
        let total = Int64(added) &+ remainder_uJ
        millijoules &+= total / 1000
        remainder_uJ = total % 1000
        return true
    }
    @inlinable public static func < (a: Energy, b: Energy) -> Bool {
        a.millijoules < b.millijoules
    }
    /// Kilowatt-hours, for people.
    public var kWh: Double { Double(millijoules) / 3.6e9 }
}
