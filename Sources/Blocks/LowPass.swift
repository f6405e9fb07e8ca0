/// A first-order lag, `d state/dt = corner · (input − state)`.
public struct LowPass<Scalar: BinaryFloatingPoint & Sendable>: Equatable, Sendable {
    /// Corner frequency, rad/s.
    public var corner: Scalar
    @inlinable public init(corner: Scalar) { self.corner = corner }

    /// The derivative of the state, for a solver that integrates by itself.
    @inlinable public func rate(_ input: Scalar, state: Scalar) -> Scalar {
        corner * (input - state)
    }
    /// One forward Euler step of `dt` seconds; stable while `corner · dt` < 2.
    @inlinable public func step(_ input: Scalar, state: inout Scalar, dt: Scalar) {
        state += corner * dt * (input - state)
    }
}

extension LowPass: BitwiseCopyable where Scalar: BitwiseCopyable {}
