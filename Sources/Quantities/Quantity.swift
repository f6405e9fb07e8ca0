/// A number that knows its unit. Four bytes, no more.
///
/// All four comparisons are forwarded to `Float`: the default `<=` is `!(b < a)`, and with it a
/// range of hertz would "contain" NaN. There is no literal conformance: a unit is always written.
public struct Quantity<U>: Equatable, Comparable, Sendable, BitwiseCopyable {
    /// The magnitude in the unit named by `U`. May be NaN or infinite; see `isFinite`.
    public var value: Float
    @inlinable public init(_ value: Float) { self.value = value }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
    @inlinable public static func <= (a: Self, b: Self) -> Bool { a.value <= b.value }
    @inlinable public static func > (a: Self, b: Self) -> Bool { a.value > b.value }
    @inlinable public static func >= (a: Self, b: Self) -> Bool { a.value >= b.value }
    @inlinable public static func == (a: Self, b: Self) -> Bool { a.value == b.value }

    @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
    @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
    @inlinable public static prefix func - (a: Self) -> Self { Self(-a.value) }
    @inlinable public static func * (a: Self, k: Float) -> Self { Self(a.value * k) }
    @inlinable public static func * (k: Float, a: Self) -> Self { Self(a.value * k) }
    @inlinable public static func / (a: Self, k: Float) -> Self { Self(a.value / k) }
    /// The plain ratio of two quantities of one unit.
    @inlinable public static func / (a: Self, b: Self) -> Float { a.value / b.value }
    @inlinable public static func += (a: inout Self, b: Self) { a.value += b.value }
    @inlinable public static func -= (a: inout Self, b: Self) { a.value -= b.value }

    @inlinable public static var zero: Self { Self(0) }
    /// Neither NaN nor infinite.
    @inlinable public var isFinite: Bool { value.isFinite }
    @inlinable public var magnitude: Self { Self(value.magnitude) }

    /// This quantity held inside `low ... high`. NaN becomes `low`; `low` must not exceed `high`.
    @inlinable public func clamped(_ low: Self, _ high: Self) -> Self {
        value >= low.value ? (value <= high.value ? self : high) : low
    }
}
