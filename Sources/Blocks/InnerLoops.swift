/// The cascaded voltage and current loops of a grid-forming inverter behind an LC filter.
///
/// Both axes are treated alike and the limits are circles, so the law is the same in the inverter's
/// own dq frame and in any other; in a frame that the inverter turns against by Δω a stored integral
/// has the extra derivative j·Δω·x. While a limit holds, the integral is drawn back to where the
/// limit is just met, in the time constant kp/ki (back-calculation): an integral that only stops
/// growing can hold a converter in its limit long after the fault, with the wrong current.
public struct VoltageCurrentLoops<Scalar>: Equatable, Sendable
where Scalar: BinaryFloatingPoint & SIMDScalar & Sendable {
    /// Filter inductance (H) and capacitance (F), for the decoupling terms.
    public var Lf_H, Cf_F: Scalar
    /// Share of the output current that is fed forward, 0 ... 1.
    public var feedForward: Scalar
    /// Voltage loop, A/V and A/(V·s); current loop, V/A and V/(A·s).
    public var kpv, kiv, kpi, kii: Scalar

    @inlinable public init(
        Lf_H: Scalar, Cf_F: Scalar, feedForward: Scalar,
        kpv: Scalar, kiv: Scalar, kpi: Scalar, kii: Scalar
    ) {
        self.Lf_H = Lf_H
        self.Cf_F = Cf_F
        self.feedForward = feedForward
        self.kpv = kpv
        self.kiv = kiv
        self.kpi = kpi
        self.kii = kii
    }

    /// The current reference that holds `reference` volts across the capacitor, inside the circle
    /// `limit` (A), and the derivative of the integral.
    @inlinable @inline(__always) public func current(
        reference: SIMD2<Scalar>, voltage v: SIMD2<Scalar>, output: SIMD2<Scalar>,
        omega: Scalar, integral: SIMD2<Scalar>, limit: Scalar
    ) -> (reference: SIMD2<Scalar>, rate: SIMD2<Scalar>, limited: Bool) {
        let e = reference - v
        let wanted =
            feedForward * output + (omega * Cf_F) * quarterTurn(v) + kpv * e + integral
        return inside(limit, wanted, rate: kiv * e, tracking: kiv / kpv)
    }

    /// The bridge voltage that drives the filter current to `reference`, inside the circle `limit`
    /// (V), and the derivative of the integral.
    @inlinable @inline(__always) public func bridge(
        reference: SIMD2<Scalar>, voltage v: SIMD2<Scalar>, current: SIMD2<Scalar>,
        omega: Scalar, integral: SIMD2<Scalar>, limit: Scalar
    ) -> (voltage: SIMD2<Scalar>, rate: SIMD2<Scalar>, limited: Bool) {
        let e = reference - current
        let wanted = v + (omega * Lf_H) * quarterTurn(current) + kpi * e + integral
        return inside(limit, wanted, rate: kii * e, tracking: kii / kpi)
    }

    @inlinable @inline(__always) func inside(
        _ limit: Scalar, _ wanted: SIMD2<Scalar>, rate: SIMD2<Scalar>, tracking: Scalar
    ) -> (SIMD2<Scalar>, SIMD2<Scalar>, Bool) {
        let square = wanted.x * wanted.x + wanted.y * wanted.y
        if square <= limit * limit { return (wanted, rate, false) }
        let limited = wanted * root(limit * limit / square)
        return (limited, rate + tracking * (limited - wanted), true)
    }

    /// Square root of 0 ... 1 by Heron's rule, which falls to it from above: no call that the
    /// no-locks proof cannot see into, and only paid for while a limit holds.
    @inlinable func root(_ r: Scalar) -> Scalar {
        var s = (1 + r) / 2
        for _ in 0..<24 {
            let next = (s + r / s) / 2
            if next >= s { break }
            s = next
        }
        return s
    }
}

extension VoltageCurrentLoops: BitwiseCopyable where Scalar: BitwiseCopyable {}
