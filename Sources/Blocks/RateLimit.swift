/// Follows its input no faster than `rising` and `falling` units per second, both positive.
public struct RateLimit<Scalar: BinaryFloatingPoint & Sendable>: Equatable, Sendable {
    public var rising, falling: Scalar
    @inlinable public init(rising: Scalar, falling: Scalar) {
        self.rising = rising
        self.falling = falling
    }
    @inlinable public func step(_ input: Scalar, state: inout Scalar, dt: Scalar) {
        let up = rising * dt
        let down = falling * dt
        let move = input - state
        // Written so that a NaN input moves nothing.
        if move > up {
            state += up
        } else if move < -down {
            state -= down
        } else if move >= -down {
            state = input
        }
    }
}

extension RateLimit: BitwiseCopyable where Scalar: BitwiseCopyable {}
