import Blocks
import Testing

@Suite struct ControlBlockTests {
    @Test func transformsAreInverse() {
        let p = Phases(10.0, -4.0, -6.0)
        let v = clarke(p)
        let q = inverseClarke(inversePark(park(v, cos: 0.6, sin: 0.8), cos: 0.6, sin: 0.8))
        #expect((q.a - p.a).magnitude < 1e-12)
        #expect((q.b - p.b).magnitude < 1e-12)
        #expect((q.c - p.c).magnitude < 1e-12)
        // 230 V, 10 A lagging by 90°: 3 · 230 · 10 var, no watts.
        let root = 2.0.squareRoot()
        let s = power(SIMD2(230 * root, 0), SIMD2(0, -10 * root))
        #expect(s.x.magnitude < 1e-9)
        #expect((s.y - 6900).magnitude < 1e-9)
    }

    @Test func integralStandsStillWhileClamped() {
        let pi = ProportionalIntegral<Float>(proportional: 2, integral: 100, limit: 5)
        var state: Float = 0
        var out: Float = 0
        for _ in 0..<1000 { out = pi.step(error: 10, feedForward: 0, state: &state, dt: 1e-3) }
        #expect(out == 5 && state == 0)
        out = pi.step(error: -0.5, feedForward: 0, state: &state, dt: 1e-3)
        #expect(out == -1)
        #expect((state + 0.05).magnitude < 1e-6)
    }

    @Test func rateLimitFollowsAndIgnoresWhatIsNotANumber() {
        let limit = RateLimit<Double>(rising: 10, falling: 20)
        var state = 0.0
        limit.step(100, state: &state, dt: 0.1)
        #expect(state == 1)
        limit.step(-100, state: &state, dt: 0.1)
        #expect(state == -1)
        limit.step(-1.5, state: &state, dt: 0.1)
        #expect(state == -1.5)
        limit.step(.nan, state: &state, dt: 0.1)
        #expect(state == -1.5)
    }

    @Test func droopAndVirtualImpedance() {
        let f = DroopLaw<Float>(nominal: 50, slope: 0.5 / 10_000, reference: 2000)
        #expect((f(12_000) - 49.5).magnitude < 1e-5)
        let drop = VirtualImpedance(R_ohm: 0.2, L_H: 1e-3).drop(SIMD2(10, 5), omega: 300)
        #expect((drop.x - (2 - 1.5)).magnitude < 1e-12)
        #expect((drop.y - (1 + 3)).magnitude < 1e-12)
    }

    /// The loops in Float by forward Euler at 20 kHz hold an LC filter at its voltage, and a short
    /// circuit at its limit: what a board of its own would run.
    @Test func loopsHoldAFilterInFloat() {
        let Lf: Float = 3e-3
        let Cf: Float = 20e-6
        let loops = VoltageCurrentLoops<Float>(
            Lf_H: Lf, Cf_F: Cf, feedForward: 0.7, kpv: 0.0424, kiv: 45, kpi: 12, kii: 200)
        var v = SIMD2<Float>()
        var i = SIMD2<Float>()
        var xv = SIMD2<Float>()
        var xi = SIMD2<Float>()
        let omega: Float = 314.159265
        let dt: Float = 50e-6
        let fine: Float = 1e-6
        var load: Float = 0.05  // S
        var most: Float = 0
        func run(_ ticks: Int) {
            for _ in 0..<ticks {
                let output = load * v
                let wanted = loops.current(
                    reference: SIMD2(311, 0), voltage: v, output: output, omega: omega,
                    integral: xv, limit: 60)
                let bridge = loops.bridge(
                    reference: wanted.reference, voltage: v, current: i, omega: omega,
                    integral: xi, limit: 400)
                xv += wanted.rate * dt
                xi += bridge.rate * dt
                for _ in 0..<50 {
                    let di = (bridge.voltage - v - 0.05 * i) / Lf - omega * quarterTurn(i)
                    let dv = (i - load * v) / Cf - omega * quarterTurn(v)
                    i += di * fine
                    v += dv * fine
                }
                most = max(most, (i.x * i.x + i.y * i.y).squareRoot())
            }
        }
        run(8000)
        #expect((v.x - 311).magnitude < 0.1 && v.y.magnitude < 0.1, "\(v)")
        load = 2  // 0.5 Ω: 60 A hold 30 V
        run(2000)
        most = 0
        run(2000)
        #expect(most < 61, "\(most)")
        #expect((v.x * v.x + v.y * v.y).squareRoot() < 31)
        load = 0.05
        run(8000)
        #expect((v.x - 311).magnitude < 0.1, "\(v)")
    }
}
