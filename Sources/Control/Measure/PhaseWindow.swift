import Blocks
import Quantities

/// The last 128 slots of one triple of signals (three voltages or three currents), ready to be
/// summed over one cycle of any length.
///
/// Sums are made afresh at each analysis and never carried along: there is nothing to drift, and
/// whatever a sample did is forgotten exactly one cycle later.
struct PhaseWindow: Sendable, BitwiseCopyable {
    /// Slots kept. One cycle must fit: 4800 slots/s over 0.8 · 50 Hz is 120.
    static var capacity: Int { @_noLocks get { 128 } }

    // The fourth lanes hold the products of two phases: ab with the squares, bc with the cosines, ca
    // with the sines.
    private var mean = InlineArray<128, SIMD4<Float>>(repeating: .zero)
    private var square = InlineArray<128, SIMD4<Float>>(repeating: .zero)
    private var cosine = InlineArray<128, SIMD4<Float>>(repeating: .zero)
    private var sine = InlineArray<128, SIMD4<Float>>(repeating: .zero)

    /// Puts the slot `index`: its mean, its mean square, and the reference it is turned back by.
    @_noLocks
    mutating func put(
        _ index: Int, mean x: SIMD4<Float>, square xx: SIMD4<Float>, cos: Float, sin: Float
    ) {
        let i = index & 127
        mean[i] = x
        var s = xx, c = x * cos, q = x * sin
        s[3] = x[0] * x[1]
        c[3] = x[1] * x[2]
        q[3] = x[2] * x[0]
        square[i] = s
        cosine[i] = c
        sine[i] = q
    }

    /// Fills the slot `index` with the one `back` slots before it: one cycle ago, the same phase.
    @_noLocks
    mutating func coast(_ index: Int, back: Int) {
        let i = index & 127
        let j = (index &- back) & 127
        mean[i] = mean[j]
        square[i] = square[j]
        cosine[i] = cosine[j]
        sine[i] = sine[j]
    }

    /// Turns all slots back by the phases of another `reference`.
    @_noLocks
    mutating func turn(by reference: inout PhaseReference) {
        var i = 0
        while i < 128 {
            let (c, s) = cosineSine(reference.phase(at: i))
            var x = mean[i] * c, y = mean[i] * s
            x[3] = cosine[i][3]
            y[3] = sine[i][3]
            cosine[i] = x
            sine[i] = y
            i &+= 1
        }
    }

    /// Means over the `span` that ends at slot `newest`.
    ///
    /// Mutating in name alone: where `self` is not `inout`, the compiler (6.2, 6.3) copies a whole
    /// `InlineArray` to read one element of it. So do all readers of arrays in this room.
    @_noLocks
    mutating func means(newest: Int, span: CycleSpan) -> WindowMeans {
        let i = newest & 127
        var m = mean[i] * span.first
        var s = square[i] * span.first
        var c = cosine[i] * span.first
        var q = sine[i] * span.first
        var k = 1
        while k < span.whole {
            let j = (newest &- k) & 127
            m += mean[j]
            s += square[j]
            c += cosine[j]
            q += sine[j]
            k &+= 1
        }
        let y = (newest &- span.whole) & 127
        let z = (newest &- span.whole &- 1) & 127
        m += mean[y] * span.inner + mean[z] * span.outer
        s += square[y] * span.inner + square[z] * span.outer
        c += cosine[y] * span.inner + cosine[z] * span.outer
        q += sine[y] * span.inner + sine[z] * span.outer
        let k1 = span.inverse
        return WindowMeans(mean: m * k1, square: s * k1, cosine: c * k1, sine: q * k1)
    }
}

/// Weights of a window of L slots, L not whole: the integral of the straight-line interpolation.
///
/// With L = K + φ the newest slot weighs ½, the next K − 1 weigh 1, slot K ½ + φ − φ²/2 and slot
/// K + 1 φ²/2. They add up to L. Over a whole cycle every harmonic, the image at twice the
/// frequency and a DC offset integrate to nothing.
struct CycleSpan: Sendable, BitwiseCopyable {
    var whole = 1
    var first: Float = 0.5
    var inner: Float = 0.5
    var outer: Float = 0
    var inverse: Float = 1

    @_noLocks
    init(slots: Float) {
        let length = slots.clamped(2, 126)
        whole = Int(length)
        let fraction = length - Float(whole)
        outer = fraction * fraction * 0.5
        inner = 0.5 + fraction - outer
        inverse = 1 / length
    }
}

/// Means over one cycle, phases a, b, c in lanes 0, 1, 2. Not yet scaled to amplitudes.
struct WindowMeans: Sendable, BitwiseCopyable {
    var mean: SIMD4<Float>
    var square: SIMD4<Float>
    /// Of the signal times the cosine and the sine of the reference: half the phasor's real part
    /// and minus half its imaginary part.
    var cosine: SIMD4<Float>
    var sine: SIMD4<Float>

    /// Of the products of two phases, without their means: ab, bc, ca.
    var products: SIMD4<Float> {
        @_noLocks get {
            SIMD4(
                square[3] - mean[0] * mean[1], cosine[3] - mean[1] * mean[2],
                sine[3] - mean[2] * mean[0], 0)
        }
    }
}
