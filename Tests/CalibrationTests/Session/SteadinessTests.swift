import Testing

@testable import Calibration

/// Allowed at 30 V: 0.25 V. So the mean must be known to 25 mV, and drift by 62.5 mV in 5 s at most.
@Suite("Steady, or why not")
struct SteadinessTests {
    private func verdict(_ window: Window, at time_s: Double = 5.9) -> Steadiness {
        Steadiness(window.figures(at: time_s), plan: plan(), span_s: 5)
    }

    @Test("A quiet channel is steady; one that never changes is steady, and said to be stuck")
    func quiet() {
        #expect(verdict(window(3000)).isSteady)
        #expect(!verdict(window(3000)).isStuck)
        let still = verdict(window(3000, noise: 0))
        #expect(still.isSteady && still.isStuck)
    }

    /// 50 readings alternating by ±n have a mean known to n/√50·√(50/49): 25 mV is n = 17.5 counts.
    @Test(
        "Noise is refused from a tenth of what is allowed",
        arguments: [(17.0, true), (18.0, false)])
    func noise(_ counts: Double, _ isSteady: Bool) {
        let v = verdict(window(3000, noise: counts))
        #expect(v.isSteady == isSteady)
        guard case .noisy(let u, let limit)? = v.faults.first else { return #expect(isSteady) }
        #expect(limit > 0.0249 && limit < 0.0251 && u > limit)
    }

    @Test(
        "Drift is refused from a quarter of what is allowed",
        arguments: [(1.2, true), (1.3, false)])
    func drift(_ perSecond: Double, _ isSteady: Bool) {
        for sign in [1.0, -1] {
            let v = verdict(window(3000, noise: 0.1, slope: sign * perSecond))
            #expect(v.isSteady == isSteady)
            guard case .drifting(let rate, let limit)? = v.faults.first else { continue }
            #expect(limit > 0.0124 && limit < 0.0126)
            #expect((rate - sign * perSecond * 0.01).magnitude < 1e-4)
        }
    }

    @Test("Silence, too few seconds, and saturation are named")
    func others() {
        #expect(verdict(Window(nominal: plan().nominal)).faults == [.silent(age_s: nil)])
        guard case .silent(let age?)? = verdict(window(3000), at: 8).faults.first else {
            Issue.record("two seconds of silence were not seen")
            return
        }
        #expect((age - 2.1).magnitude < 1e-9)
        var young = Window(nominal: plan().nominal)
        young.add((0..<20).map { RawReading(raw: 3000, time_s: Double($0) / 10) })
        #expect(verdict(young, at: 1.9).faults == [.gathering(have_s: 1.9, need_s: 4)])
        let full = verdict(window(32767, noise: 0))
        #expect(full.faults == [.saturated(share: 1)] && !full.isStuck)
    }

    @Test("A step within the window is not called noise")
    func step() {
        var window = Window(nominal: plan().nominal)
        window.add(
            (0..<60).map { n in
                RawReading(
                    raw: (n < 57 ? 1500 : 3000) + (n % 2 == 0 ? 1 : -1), time_s: Double(n) / 10)
            })
        guard case .unsettled(let deviation)? = verdict(window).faults.first else {
            Issue.record("\(verdict(window).faults)")
            return
        }
        #expect(deviation > 2 && deviation < 4)
    }

    @Test("No channel is asked to be quieter than its converter rounds")
    func coarse() {
        var coarse = plan()
        coarse.nominal.resolution = 100
        var window = Window(nominal: coarse.nominal)
        window.add(
            (0..<60).map { RawReading(raw: $0 % 2 == 0 ? 3000 : 3100, time_s: Double($0) / 10) })
        #expect(
            Steadiness(window.figures(at: 5.9), plan: coarse, span_s: 5).isSteady,
            "a mean known to 71 mV; a count of 1 V rounds to 289 mV")
    }

    @Test("Each fault is a sentence with its numbers and unit")
    func words() {
        let said: [(Steadiness.Fault, String)] = [
            (.silent(age_s: nil), "no readings"),
            (.silent(age_s: 2.13), "no new reading for 2.1 s"),
            (.gathering(have_s: 1.94, need_s: 4), "gathering, 1.9 of 4.0 s"),
            (.saturated(share: 0.004), "saturated in 1 % of its readings"),
            (
                .noisy(uncertainty: 0.05, limit: 0.025),
                "too noisy: mean known to ±100 mV, needed ±50 mV"
            ),
            (.unsettled(deviation: 4.42), "not settled: ±4.4 V over the last seconds"),
            (
                .drifting(perSecond: -0.5, limit: 0.0125),
                "drifting −500 mV per s; below 13 mV is steady"
            ),
        ]
        for (fault, words) in said { #expect(Steadiness.words(fault, unit: "V") == words) }
    }
}
