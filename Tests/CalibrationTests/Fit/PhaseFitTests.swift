import Foundation
import Testing

@testable import Calibration

@Suite("Phase of a current against its voltage")
struct PhaseFitTests {
    private func point(
        _ phase: Double, _ truth: Double, raw: Double = 1000, deviation: Double = 1
    ) -> Point {
        Point(
            raw: raw, deviation: deviation, count: 4, reference: 1, phase_deg: phase,
            referencePhase_deg: truth)
    }

    @Test("What must be added is the reference less what was measured, weighted by level")
    func injected() throws {
        // Weights (raw/deviation)²: 1, 4 and 4. Off 2.0, 2.3 and 2.0: (2 + 9.2 + 8)/9 = 2.13333.
        let points = [
            point(10, 12, raw: 500), point(20, 22.3), point(-40, -38),
        ]
        let fit = try PhaseFit.fit(points, referenceUncertainty_deg: 0.03)
        #expect(isNear(fit.phase_deg, 19.2 / 9, 1e-9) && !fit.isReversed && fit.gain == 1)
        // Σ w e²/(2 · 9), times (t(2)/2)² = 2.2632683437²; e = −0.13333, 0.16667, −0.13333.
        let scatter = (0.0177778 + 4 * 0.0277778 + 4 * 0.0177778) / 18
        let a = scatter * 2.263268343715083 * 2.263268343715083
        #expect(isNear(fit.covariance[1][1], a, 1e-5))
        #expect(isNear(fit.uncertainty_deg, (a + 0.0009).squareRoot(), 1e-5))
    }

    @Test("Angles meet across half a turn")
    func wraps() throws {
        let points = [
            point(179, -179.5), point(-178, -176.5), point(359, 0.5), point(-721, -719.5),
        ]
        let fit = try PhaseFit.fit(points)
        #expect(isNear(fit.phase_deg, 1.5, 1e-9) && !fit.isReversed)
        #expect(fit.uncertainty_deg < 1e-9)
    }

    @Test("Half a turn is polarity; a third is another phase's voltage")
    func polarity() throws {
        let turned = try PhaseFit.fit([point(0, 178), point(30, -152), point(60, -122)])
        #expect(turned.isReversed && isNear(turned.phase_deg, -2, 1e-9))
        for off in [120.0, -118, 62, -59] {
            #expect(throws: FitRefusal.self) { try PhaseFit.fit([point(5, 5 + off)]) }
        }
    }

    @Test("No angles, angles that are none, angles of no common direction")
    func hostile() {
        let none = Point(raw: 1, reference: 1)
        for points in [
            [], [none], [point(.nan, 0)], [point(0, .infinity)], [point(0, 1e300)],
            [point(0, 0), point(0, 120), point(0, -120)],
        ] {
            #expect(throws: FitRefusal.self) { try PhaseFit.fit(points) }
        }
        #expect(throws: FitRefusal.self) {
            try PhaseFit.fit([point(0, 1)], referenceUncertainty_deg: -1)
        }
    }

    @Test("A point far from the others is left out; order is nothing")
    func outlier() throws {
        let points = [1.0, 1.1, 0.9, 1.05, 0.95, 9].map { point(0, $0) }
        let fit = try PhaseFit.fit(points)
        #expect(fit.outliers == [5] && isNear(fit.phase_deg, 1, 1e-9))
        let other = try PhaseFit.fit(points.reversed())
        #expect(other.outliers == [0] && other.phase_deg == fit.phase_deg)
    }

    private let watts = ReferenceMeter(model: "w", form: .certificate, ofReading: 0, absolute: 0)
    private func load(
        _ p: Double, _ q: Double, _ reference: Double, deviation: Double = 0
    ) -> PhaseFit.Load {
        PhaseFit.Load(
            active_W: p, reactive_var: q, referenceActive_W: reference,
            referenceDeviation_W: deviation)
    }

    @Test("Two loads tell phase and gain")
    func loads() throws {
        // True powers 1000 + j0 and 500 + j866; the channel's current lags by 3° too much, which
        // turns S by +3°, and its gain is 1 % low.
        let true_VA: [(Double, Double)] = [(1000, 0), (500, 866)]
        let (c, s) = (cos(3 * Double.pi / 180) * 0.99, sin(3 * Double.pi / 180) * 0.99)
        let loads = true_VA.map { load($0.0 * c - $0.1 * s, $0.0 * s + $0.1 * c, $0.0) }
        let fit = try PhaseFit.fromLoads(loads, reference: watts)
        #expect(isNear(fit.phase_deg, 3, 1e-9) && isNear(fit.gain, 1 / 0.99, 1e-9))
        // One load whose reference shows reactive power too says the same.
        var one = loads[1]
        one.referenceReactive_var = 866
        let single = try PhaseFit.fromLoads([one], reference: watts)
        #expect(isNear(single.phase_deg, 3, 1e-9) && isNear(single.gain, 1 / 0.99, 1e-9))
    }

    @Test("Three loads are NumPy's, and scatter enlarges")
    func oracle() throws {
        // X = np.vstack([P, -Q]).T; C = inv(X.T@W@X); b = C@X.T@W@R, s = .5, .4, .6
        let loads = [
            load(1000, 20, 1012, deviation: 0.5), load(500, 800, 520, deviation: 0.4),
            load(700, -300, 699, deviation: 0.6),
        ]
        let fit = try PhaseFit.fromLoads(loads, reference: watts)
        #expect(isNear(fit.gain, 1.0103309185679463) && isNear(fit.phase_deg, 1.0875431748749826))
        #expect(fit.remarks.contains { $0.contains("scatter") })
        // Along c the gain, across it the phase; χ² 25.0518 of one, t(1)/2 = 6.98387.
        let (a, b) = (1.010148919837558 / fit.gain, -0.01917615095281991 / fit.gain)
        let gain =
            a * a * 1.6705863374106858e-07 + b * b * 2.7205028995594703e-07 + 2 * a * b
            * 7.845526516362476e-08
        let factor = 25.051820532161408 * 6.983865099622276 * 6.983865099622276
        #expect(isNear(fit.covariance[0][0], gain * factor, 1e-6))
    }

    @Test("The reference's scale is gain's, not phase's; its angle is phase's")
    func parts() throws {
        let meter = ReferenceMeter(model: "w", form: .certificate, ofReading: 0.002, absolute: 0)
        let fit = try PhaseFit.fromLoads(
            [load(1000, 0, 1000), load(500, 866, 500)], reference: meter,
            referenceUncertainty_deg: 0.1)
        #expect(isNear(fit.gainUncertainty, 0.001, 1e-6))
        #expect(isNear(fit.uncertainty_deg, 0.1, 1e-6))
    }

    @Test("Loads of the same power factor are refused with what is wanted")
    func alike() {
        let loads = [load(1000, 100, 1000), load(2000, 210, 2000), load(-500, -50, -500)]
        do throws(FitRefusal) {
            _ = try PhaseFit.fromLoads(loads, reference: watts)
            Issue.record("no refusal")
        } catch {
            #expect(error.message.contains("power factors") && error.remedy.contains("0.8"))
        }
        for loads in [[], [load(0, 0, 0)], [load(.nan, 1, 1)], [load(1, 1, .infinity)]] {
            #expect(throws: FitRefusal.self) {
                try PhaseFit.fromLoads(loads, reference: watts)
            }
        }
    }
}
