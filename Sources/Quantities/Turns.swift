/// An angle as a binary fraction of a turn: 2^32 is one turn, so it wraps by itself.
///
/// One least significant bit is 360° / 2^32 = 8.4e-8°.
public struct Turns: Equatable, Sendable, BitwiseCopyable {
    public var raw: UInt32
    @inlinable public init(raw: UInt32) { self.raw = raw }

    /// From a fraction of a turn, any finite `Float`; NaN and infinity become zero.
    @inlinable public init(fraction: Float) {
        // From 2^24 on a Float is a whole number: no part of a turn is left. NaN fails too.
        guard fraction.magnitude < 16_777_216 else {
            raw = 0
            return
        }
        let whole = Float(Int32(fraction))
        raw = UInt32(truncatingIfNeeded: Int64((fraction - whole) * 4_294_967_296))
    }
    @inlinable public static var zero: Turns { Turns(raw: 0) }
    @inlinable public static func + (a: Turns, b: Turns) -> Turns { Turns(raw: a.raw &+ b.raw) }
    @inlinable public static func - (a: Turns, b: Turns) -> Turns { Turns(raw: a.raw &- b.raw) }

    /// The angle as a signed fraction of a turn, −0.5 ..< 0.5.
    @inlinable public var signed: Float { Float(Int32(bitPattern: raw)) * (1 / 4_294_967_296) }
    /// The angle in degrees, −180 ..< 180.
    @inlinable public var degrees: Float { signed * 360 }
    /// From degrees.
    @inlinable public init(degrees: Float) { self.init(fraction: degrees * (1 / 360)) }
}

extension Float {
    /// Held inside `low ... high`; NaN becomes `low`.
    @inlinable public func clamped(_ low: Float, _ high: Float) -> Float {
        self >= low ? (self <= high ? self : high) : low
    }
}
