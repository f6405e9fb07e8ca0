/// A proportional–integral law on one axis with a symmetric clamp. The integral is kept in the unit
/// of the output and stands still while the output is clamped (conditional anti-windup).
public struct ProportionalIntegral<Scalar: BinaryFloatingPoint & Sendable>: Equatable, Sendable {
    public var proportional, integral: Scalar
    /// The output stays inside −limit ... +limit.
    public var limit: Scalar
    @inlinable public init(proportional: Scalar, integral: Scalar, limit: Scalar) {
        self.proportional = proportional
        self.integral = integral
        self.limit = limit
    }
    /// The clamped output, and the derivative of the integral.
    @inlinable public func callAsFunction(
        error: Scalar, feedForward: Scalar, state: Scalar
    ) -> (output: Scalar, rate: Scalar) {
        let wanted = feedForward + proportional * error + state
        let output = wanted > limit ? limit : wanted < -limit ? -limit : wanted
        return (output, output == wanted ? integral * error : 0)
    }
    /// The same with a forward Euler step of the integral.
    @inlinable public func step(
        error: Scalar, feedForward: Scalar, state: inout Scalar, dt: Scalar
    ) -> Scalar {
        let (output, rate) = self(error: error, feedForward: feedForward, state: state)
        state += rate * dt
        return output
    }
}

extension ProportionalIntegral: BitwiseCopyable where Scalar: BitwiseCopyable {}
