import Quantities

// Sine, cosine and the angle of a vector without libm, so that a recorded run replays bit for bit
// on every processor. Series are Taylor's on |x| ≤ π/4 (a half quadrant either side of the axis).

/// Cosine and sine of a binary angle. Largest error 1.2e-7, one unit in the last place of `Float`.
@inlinable public func cosineSine(_ angle: Turns) -> (cos: Float, sin: Float) {
    // The nearest quadrant, and what is left of it: −1/8 ... +1/8 turn.
    let quadrant = (angle.raw &+ 0x2000_0000) >> 30
    let rest = Int32(bitPattern: angle.raw &- (quadrant << 30))
    let x = Float(rest) * (6.283185307179586 / 4_294_967_296)
    let z = x * x
    let sine = x + x * z * (-1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * (1 / 362_880))))
    let cosine = 1 + z * (-1 / 2 + z * (1 / 24 + z * (-1 / 720 + z * (1 / 40_320))))
    switch quadrant & 3 {
    case 0: return (cosine, sine)
    case 1: return (-sine, cosine)
    case 2: return (-cosine, -sine)
    default: return (sine, -cosine)
    }
}

/// Cosine and sine of `x` radians for |x| < 1e6. Largest error about 2e-16 near zero, growing as
/// |x| · 1e-16 with the reduction. Anything else, and NaN, has NaN for both.
@inlinable public func cosineSine(radians x: Double) -> (cos: Double, sin: Double) {
    guard x.magnitude < 1e6 else { return (.nan, .nan) }
    let turns = (x * (2 / Double.pi) + 6_755_399_441_055_744) - 6_755_399_441_055_744  // 1.5 · 2^52
    let quadrant = Int64(turns)
    // π/2 in two pieces: the high one has 33 bits, so its product with a small integer is exact.
    let r = (x - turns * 1.57079632673412561417) - turns * 6.07710050650619224932e-11
    let z = r * r
    let sine =
        r + r * z
        * (-1 / 6 + z
            * (1 / 120 + z
                * (-1 / 5040 + z
                    * (1 / 362_880
                        + z
                        * (-1 / 39_916_800 + z * (1 / 6_227_020_800 + z * (-1 / 1_307_674_368_000)))))))
    let cosine =
        1 + z
        * (-1 / 2 + z
            * (1 / 24 + z
                * (-1 / 720 + z
                    * (1 / 40_320
                        + z
                        * (-1 / 3_628_800 + z
                            * (1 / 479_001_600 + z
                                * (-1 / 87_178_291_200
                                    + z * (1 / 20_922_789_888_000))))))))
    switch quadrant & 3 {
    case 0: return (cosine, sine)
    case 1: return (-sine, cosine)
    case 2: return (-cosine, -sine)
    default: return (sine, -cosine)
    }
}

/// The angle of the vector (x, y) from the x axis. Largest error 2e-6 turn (7e-4°); the zero
/// vector and anything not finite have angle zero.
@inlinable public func angle(x: Float, y: Float) -> Turns {
    let ax = x.magnitude, ay = y.magnitude
    guard ax < .infinity, ay < .infinity, ax + ay > 0 else { return .zero }
    let steep = ay > ax
    let t = steep ? ax / ay : ay / ax
    let z = t * t
    // Abramowitz and Stegun 4.4.49, |error| ≤ 2e-8 rad on 0 ... 1.
    var r =
        t
        * (1 + z
            * (-0.3333314528 + z
                * (0.1999355085 + z
                    * (-0.1420889944
                        + z
                        * (0.1065626393 + z
                            * (-0.0752896400 + z
                                * (0.0429096138 + z
                                    * (-0.0161657367
                                        + z * 0.0028662257))))))))
    r *= 1 / 6.283185307179586
    if steep { r = 0.25 - r }
    if x < 0 { r = 0.5 - r }
    if y < 0 { r = -r }
    return Turns(raw: UInt32(truncatingIfNeeded: Int64(r * 4_294_967_296)))
}
