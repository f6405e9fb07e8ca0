import Blocks
import Quantities

/// A complex amplitude (peak).
struct Phasor: Sendable, BitwiseCopyable {
    var re: Float
    var im: Float
    /// The square of the amplitude.
    var norm: Float { @_noLocks get { re * re + im * im } }
}

/// The fundamental of three signals as complex amplitudes, and their symmetrical components
/// (Fortescue): positive = (a + α b + α² c) / 3, negative = (a + α² b + α c) / 3, α = 1∠120°.
struct Phasors: Sendable, BitwiseCopyable {
    let re: SIMD4<Float>
    let im: SIMD4<Float>

    /// What turning the phases changed in the means of the products of two of them: ab, bc, ca.
    let productShift: SIMD4<Float>

    @_noLocks
    init(_ means: WindowMeans, scale: Float, turned by: PhaseTurn) {
        let x = means.cosine * scale
        let y = means.sine * -scale
        re = x * by.cos - y * by.sin
        im = x * by.sin + y * by.cos
        productShift = (Self.products(re, im) - Self.products(x, y)) * 0.5
    }

    @_noLocks
    private static func products(_ re: SIMD4<Float>, _ im: SIMD4<Float>) -> SIMD4<Float> {
        SIMD4(
            re[0] * re[1] + im[0] * im[1], re[1] * re[2] + im[1] * im[2],
            re[2] * re[0] + im[2] * im[0], 0)
    }

    var a: Phasor { @_noLocks get { Phasor(re: re[0], im: im[0]) } }
    var positive: Phasor { @_noLocks get { sequence(0.8660254) } }
    var negative: Phasor { @_noLocks get { sequence(-0.8660254) } }

    @_noLocks
    private func sequence(_ h: Float) -> Phasor {
        let x = re[0] - 0.5 * (re[1] + re[2]) + h * (im[2] - im[1])
        let y = im[0] - 0.5 * (im[1] + im[2]) + h * (re[1] - re[2])
        return Phasor(re: x * (1 / 3), im: y * (1 / 3))
    }

    /// The squares of all three amplitudes together.
    var squareSum: Float {
        @_noLocks get {
            let s = re * re + im * im
            return s[0] + s[1] + s[2]
        }
    }

    /// Active and reactive power with the currents `i`: half of Σ V · I*.
    @_noLocks
    func power(_ i: Phasors) -> (active: Float, reactive: Float) {
        let p = re * i.re + im * i.im
        let q = im * i.re - re * i.im
        return (0.5 * (p[0] + p[1] + p[2]), 0.5 * (q[0] + q[1] + q[2]))
    }
}

/// The phase errors of three sensors, undone: each lane is turned on by its own angle.
struct PhaseTurn: Sendable, BitwiseCopyable {
    var cos: SIMD4<Float>
    var sin: SIMD4<Float>

    init(_ phases: InlineArray<3, Turns>) {
        let (a, b, c) = (cosineSine(phases[0]), cosineSine(phases[1]), cosineSine(phases[2]))
        cos = SIMD4(a.cos, b.cos, c.cos, 1)
        sin = SIMD4(a.sin, b.sin, c.sin, 0)
    }
}
