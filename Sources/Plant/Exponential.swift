// Exponential and logarithm without libm, so that a seed means the same bits on every processor.

/// e^x. Largest relative error 4e-16; below −708 it is zero, above 709 infinite, NaN stays NaN.
@inlinable public func exponential(_ x: Double) -> Double {
    guard x > -708 else { return x.isNaN ? x : 0 }
    guard x < 709 else { return .infinity }
    // x = k·ln 2 + r, |r| ≤ ln 2 / 2; ln 2 in two pieces so that k times the first is exact.
    let k = (x * 1.4426950408889634 + 6_755_399_441_055_744) - 6_755_399_441_055_744
    let r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
    // Taylor to r^13: the next term is below 5e-18.
    var p = 1 / 6_227_020_800.0
    p = p * r + 1 / 479_001_600.0
    p = p * r + 1 / 39_916_800.0
    p = p * r + 1 / 3_628_800.0
    p = p * r + 1 / 362_880.0
    p = p * r + 1 / 40_320.0
    p = p * r + 1 / 5_040.0
    p = p * r + 1 / 720.0
    p = p * r + 1 / 120.0
    p = p * r + 1 / 24.0
    p = p * r + 1 / 6.0
    p = p * r + 0.5
    return (1 + r + r * r * p) * Double(bitPattern: UInt64(bitPattern: (Int64(k) &+ 1023) &<< 52))
}

/// ln x for x > 0. Largest relative error 1e-15; zero gives −∞, a negative number NaN.
@inlinable public func logarithm(_ x: Double) -> Double {
    guard x > 0, x < .infinity else { return x == 0 ? -.infinity : x > 0 ? x : .nan }
    // x = m · 2^e with m in √½ ... √2; ln m = 2 artanh((m − 1) / (m + 1)).
    var m = x.significand
    var e = Double(x.exponent)
    if m > 1.4142135623730951 {
        m *= 0.5
        e += 1
    }
    let t = (m - 1) / (m + 1)
    let z = t * t
    var p = 1 / 23.0
    for n in stride(from: 21.0, to: 1, by: -2) { p = p * z + 1 / n }
    return e * 0.69314718055994530942 + 2 * t * (1 + z * p)
}
