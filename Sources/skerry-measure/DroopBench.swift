import Blocks

/// One tick of a droop inverter: `DroopTick` against the same law written out in C.
enum DroopBench {
    static let words = """
        droop-tick: ns a tick. Ours is Float with a binary angle and no libm, as a board runs it;
        the peer is Tests/Bench/droop_tick.c, double with libm's sine and cosine, by the
        toolchain's clang -O2. -gcc: the same by gcc -O2. -double: ours in Double by its own
        cosine and sine, against clang.
        """

    static func lines(peers: String) -> [BenchLine] {
        let clang = Peer(name: "clang -O2", arguments: ["\(peers)/droop_tick_clang"])
        let gcc = Peer(name: "gcc -O2", arguments: ["\(peers)/droop_tick_gcc"])
        return BenchLine.compare(
            ["droop-tick", "droop-tick-gcc"], ours: single, with: [clang, gcc], bars: [1.05, nil])
            + BenchLine.compare(["droop-tick-double"], ours: double, with: [clang], bars: [nil])
    }

    /// The peer's gains.
    private static func cascade<S: BinaryFloatingPoint & SIMDScalar & Sendable>(
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

    private static let ticks = 1_000_000

    // The loops feed duties back as the peer's do, so that inputs change every tick, and like it
    // take the best of five.

    private static func single() -> Double {
        var tick = DroopTick(cascade(Float.self))
        var v = Phases<Float>(300, -150, -150)
        var f = Phases<Float>(20, -10, -10)
        var g = Phases<Float>(18, -9, -9)
        var sum: Float = 0
        var best = Double.infinity
        for _ in 0..<5 {
            let spent = cpuTime_s(of: {
                for _ in 0..<ticks {
                    let d = turn(&tick, v, f, g)
                    v.a = 600 * (d.a - 0.5) * 0.9
                    v.b = 600 * (d.b - 0.5) * 0.9
                    v.c = -v.a - v.b
                    g.a = v.a * 0.05
                    g.b = v.b * 0.05
                    g.c = v.c * 0.05
                    f = g
                    sum += d.a
                }
            })
            best = min(best, spent / Double(ticks) * 1e9)
        }
        precondition(sum.isFinite)
        return best
    }

    private static func double() -> Double {
        var tick = DroopTickDouble(cascade(Double.self))
        var v = Phases<Double>(300, -150, -150)
        var f = Phases<Double>(20, -10, -10)
        var g = Phases<Double>(18, -9, -9)
        var sum = 0.0
        var best = Double.infinity
        for _ in 0..<5 {
            let spent = cpuTime_s(of: {
                for _ in 0..<ticks {
                    let d = turn(&tick, v, f, g)
                    v.a = 600 * (d.a - 0.5) * 0.9
                    v.b = 600 * (d.b - 0.5) * 0.9
                    v.c = -v.a - v.b
                    g.a = v.a * 0.05
                    g.b = v.b * 0.05
                    g.c = v.c * 0.05
                    f = g
                    sum += d.a
                }
            })
            best = min(best, spent / Double(ticks) * 1e9)
        }
        precondition(sum.isFinite)
        return best
    }

    // Real calls, as the peer's `noinline` makes them.

    @inline(never) private static func turn(
        _ t: inout DroopTick, _ v: Phases<Float>, _ f: Phases<Float>, _ g: Phases<Float>
    ) -> Phases<Float> {
        t.tick(voltage: v, filter: f, output: g, dt: 1e-4)
    }
    @inline(never) private static func turn(
        _ t: inout DroopTickDouble, _ v: Phases<Double>, _ f: Phases<Double>, _ g: Phases<Double>
    ) -> Phases<Double> {
        t.tick(voltage: v, filter: f, output: g, dt: 1e-4)
    }
}
