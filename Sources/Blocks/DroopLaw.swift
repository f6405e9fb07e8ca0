/// A straight droop: `output = nominal − slope · (input − reference)`. P–f, Q–V and V–I alike.
public struct DroopLaw<Scalar: BinaryFloatingPoint & Sendable>: Equatable, Sendable {
    /// The output at `reference`, and the fall of the output per unit of input.
    public var nominal, slope, reference: Scalar
    @inlinable public init(nominal: Scalar, slope: Scalar, reference: Scalar = 0) {
        self.nominal = nominal
        self.slope = slope
        self.reference = reference
    }
    @inlinable public func callAsFunction(_ input: Scalar) -> Scalar {
        nominal - slope * (input - reference)
    }
}

extension DroopLaw: BitwiseCopyable where Scalar: BitwiseCopyable {}

/// A series impedance that exists in the control law only: the drop R·i + jωL·i.
public struct VirtualImpedance<Scalar: BinaryFloatingPoint & Sendable>: Equatable, Sendable {
    public var R_ohm, L_H: Scalar
    @inlinable public init(R_ohm: Scalar, L_H: Scalar) {
        self.R_ohm = R_ohm
        self.L_H = L_H
    }
}

extension VirtualImpedance: BitwiseCopyable where Scalar: BitwiseCopyable {}

extension VirtualImpedance where Scalar: SIMDScalar {
    @inlinable public func drop(_ i: SIMD2<Scalar>, omega: Scalar) -> SIMD2<Scalar> {
        let x = omega * L_H
        return SIMD2(R_ohm * i.x - x * i.y, R_ohm * i.y + x * i.x)
    }
}
