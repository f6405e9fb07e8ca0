// Complex numbers as SIMD2: x real, y imaginary.

@usableFromInline typealias Complex = SIMD2<Double>

@inline(__always) func times(_ a: Complex, _ b: Complex) -> Complex {
    a * b.x + Complex(-a.y, a.x) * b.y
}
@inline(__always) func square(_ a: Complex) -> Double { a.x * a.x + a.y * a.y }
@inline(__always) func conjugate(_ a: Complex) -> Complex { Complex(a.x, -a.y) }
@inline(__always) func reciprocal(_ a: Complex) -> Complex { conjugate(a) * (1 / square(a)) }
/// The direction of `a`, or of the real axis where `a` is shorter than `least`.
@inline(__always) func direction(_ a: Complex, least: Double, otherwise: Complex) -> Complex {
    let s = square(a)
    return s > least * least ? a * (1 / s.squareRoot()) : otherwise
}
