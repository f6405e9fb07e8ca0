import Blocks
import Plant
import Quantities
import Testing

/// The composed blocks against the same law written out in one piece.
@Suite struct DroopTickTests {
    static func cascade<S: BinaryFloatingPoint & SIMDScalar & Sendable>(
        _: S.Type
    ) -> DroopCascade<S> {
        DroopCascade(
            frequency: DroopLaw(nominal: 314.159265358979, slope: 6.4e-5, reference: 6000),
            voltage: DroopLaw(nominal: 311, slope: 5e-4), powerFilter: LowPass(corner: 100),
            virtual: VirtualImpedance(R_ohm: 0.05, L_H: 5e-4),
            voltageLoop: ProportionalIntegral(proportional: 0.0424, integral: 45, limit: 60),
            currentLoop: ProportionalIntegral(proportional: 24, integral: 400, limit: 400),
            feedForward: 0.7, Lf_H: 3e-3, Cf_F: 20e-6, link_V: 800)
    }

    /// Written out, forward Euler, radians.
    struct Plain {
        var P = 0.0
        var Q = 0.0
        var th = 0.0
        var xv = (0.0, 0.0)
        var xi = (0.0, 0.0)
        var clamped = 0

        mutating func tick(_ v: [Double], _ f: [Double], _ g: [Double], _ dt: Double) -> [Double] {
            let (c, n) = cosineSine(radians: th)
            func park(_ x: [Double]) -> (Double, Double) {
                let a = (2 * x[0] - x[1] - x[2]) / 3
                let b = (x[1] - x[2]) / 3.0.squareRoot()
                return (c * a + n * b, c * b - n * a)
            }
            func hold(_ x: Double, _ m: Double) -> Double { min(m, max(-m, x)) }
            let (vd, vq) = park(v)
            let (fd, fq) = park(f)
            let (gd, gq) = park(g)
            P += 100 * dt * (1.5 * (vd * gd + vq * gq) - P)
            Q += 100 * dt * (1.5 * (vq * gd - vd * gq) - Q)
            let w = 314.159265358979 - 6.4e-5 * (P - 6000)
            let E = 311 - 5e-4 * Q
            th += w * dt
            if th > 2 * .pi { th -= 2 * .pi }
            let ed = E - (0.05 * gd - w * 5e-4 * gq) - vd
            let eq = -(0.05 * gq + w * 5e-4 * gd) - vq
            let rd = 0.7 * gd - w * 20e-6 * vq + 0.0424 * ed + xv.0
            let rq = 0.7 * gq + w * 20e-6 * vd + 0.0424 * eq + xv.1
            let cd = hold(rd, 60)
            let cq = hold(rq, 60)
            if rd == cd { xv.0 += 45 * ed * dt } else { clamped += 1 }
            if rq == cq { xv.1 += 45 * eq * dt } else { clamped += 1 }
            let ud = vd - w * 3e-3 * fq + 24 * (cd - fd) + xi.0
            let uq = vq + w * 3e-3 * fd + 24 * (cq - fq) + xi.1
            let yd = hold(ud, 400)
            let yq = hold(uq, 400)
            if ud == yd { xi.0 += 400 * (cd - fd) * dt } else { clamped += 1 }
            if uq == yq { xi.1 += 400 * (cq - fq) * dt } else { clamped += 1 }
            let a = c * yd - n * yq
            let b = n * yd + c * yq
            let s = 3.0.squareRoot() / 2
            return [0.5 + a / 800, 0.5 + (-0.5 * a + s * b) / 800, 0.5 - (0.5 * a + s * b) / 800]
        }
    }

    @Test func composedBlocksAreTheLaw() {
        var random = Random(seed: 3)
        var plain = Plain()
        var double = DroopTickDouble(Self.cascade(Double.self))
        var single = DroopTick(Self.cascade(Float.self))
        var worstDouble = 0.0
        var worstSingle = 0.0
        for k in 0..<20_000 {
            // A turning voltage of changing size, currents that sometimes drive the clamps.
            let (c, s) = cosineSine(radians: 0.0314 * Double(k % 2000))
            func three(_ peak: Double) -> [Double] {
                let q = 3.0.squareRoot() / 2
                return [peak * c, peak * (-0.5 * c + q * s), peak * (-0.5 * c - q * s)]
            }
            let v = three(random.uniform(200, 330))
            let f = three(random.uniform(-30, k % 100 < 20 ? 90 : 30))
            let g = three(random.uniform(-20, 20))
            let want = plain.tick(v, f, g, 1e-4)
            let a = double.tick(
                voltage: Phases(v[0], v[1], v[2]), filter: Phases(f[0], f[1], f[2]),
                output: Phases(g[0], g[1], g[2]), dt: 1e-4)
            worstDouble = max(
                worstDouble, (a.a - want[0]).magnitude, (a.b - want[1]).magnitude,
                (a.c - want[2]).magnitude)
            guard k < 500 else { continue }
            let b = single.tick(
                voltage: Phases(Float(v[0]), Float(v[1]), Float(v[2])),
                filter: Phases(Float(f[0]), Float(f[1]), Float(f[2])),
                output: Phases(Float(g[0]), Float(g[1]), Float(g[2])), dt: 1e-4)
            worstSingle = max(
                worstSingle, (Double(b.a) - want[0]).magnitude, (Double(b.b) - want[1]).magnitude,
                (Double(b.c) - want[2]).magnitude)
        }
        #expect(plain.clamped > 1000)
        #expect(worstDouble < 1e-9)
        #expect(worstSingle < 1e-3)
    }

    @Test func whatIsNotANumberNeitherTrapsNorTurnsThePhase() {
        var tick = DroopTick(Self.cascade(Float.self))
        let bad = Phases<Float>(.nan, .infinity, -.infinity)
        _ = tick.tick(voltage: bad, filter: bad, output: bad, dt: 1e-4)
        #expect(tick.phase == .zero)
    }
}
