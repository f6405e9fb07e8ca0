// Space vectors: SIMD2 whose x is α or d and whose y is β or q. Amplitude-invariant: the length of
// a vector is the peak of the phase quantity. Every law that treats both axes alike holds in any
// rotating frame; only the derivative of a stored vector changes with the frame, by j·Δω·x.

/// Three phase quantities of one instant.
public struct Phases<Scalar: BinaryFloatingPoint & Sendable>: Equatable, Sendable {
    public var a, b, c: Scalar
    @inlinable public init(_ a: Scalar, _ b: Scalar, _ c: Scalar) {
        self.a = a
        self.b = b
        self.c = c
    }
}

extension Phases: BitwiseCopyable where Scalar: BitwiseCopyable {}

/// Phases → α, β. The zero sequence is dropped: three wires carry none.
@inlinable public func clarke<S: BinaryFloatingPoint & SIMDScalar>(_ p: Phases<S>) -> SIMD2<S> {
    SIMD2((2 * p.a - p.b - p.c) / 3, (p.b - p.c) * 0.57735026918962576)
}

/// α, β → phases.
@inlinable public func inverseClarke<S: BinaryFloatingPoint & SIMDScalar>(
    _ v: SIMD2<S>
) -> Phases<S> {
    Phases(v.x, -0.5 * v.x + 0.8660254037844386 * v.y, -0.5 * v.x - 0.8660254037844386 * v.y)
}

/// A fixed vector as seen from a frame whose d axis lies at (cos, sin).
@inlinable public func park<S: BinaryFloatingPoint & SIMDScalar>(
    _ v: SIMD2<S>, cos: S, sin: S
) -> SIMD2<S> {
    SIMD2(cos * v.x + sin * v.y, cos * v.y - sin * v.x)
}

/// A vector of that frame as seen from outside.
@inlinable public func inversePark<S: BinaryFloatingPoint & SIMDScalar>(
    _ v: SIMD2<S>, cos: S, sin: S
) -> SIMD2<S> {
    SIMD2(cos * v.x - sin * v.y, sin * v.x + cos * v.y)
}

/// The vector turned by +90°: a product with j.
@inlinable public func quarterTurn<S: BinaryFloatingPoint & SIMDScalar>(
    _ v: SIMD2<S>
) -> SIMD2<S> {
    SIMD2(-v.y, v.x)
}

/// Three-phase active and reactive power (W, var) of a voltage and a current vector: 3/2 · v · i*.
@inlinable public func power<S: BinaryFloatingPoint & SIMDScalar>(
    _ v: SIMD2<S>, _ i: SIMD2<S>
) -> SIMD2<S> {
    1.5 * SIMD2(v.x * i.x + v.y * i.y, v.y * i.x - v.x * i.y)
}

extension SIMD2<Double> {
    /// The length of a vector: the peak of the phase quantity it stands for.
    @inlinable public var length: Double { (x * x + y * y).squareRoot() }
}
