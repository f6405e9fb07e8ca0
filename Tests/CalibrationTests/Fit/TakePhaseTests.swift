import BoardProfile
import Control
import Foundation
import Testing

@testable import Calibration

@Suite("A phase taken into a channel's calibration")
struct TakePhaseTests {
    private let nominal = Nominal(
        gain: 0.01, offset: 2048, resolution: 1, lowest: 0, highest: 65_535, isAlternating: true)
    private var recipe: Recipe {
        Recipe(
            board: "bench", serial: "1", meter: perfect, person: "", software: "",
            rule: CalibrationProfile(), phaseUncertainty_deg: 0.03)
    }
    /// Levels of 1, 5 and 10 A, 2 % more in truth, their mean 10 counts high.
    private func points(phase: Double?) -> [Point] {
        [100.0, 500, 1000].map {
            Point(
                raw: $0, deviation: 0.1, count: 10, reference: $0 * 0.0102, mean: 2058,
                phase_deg: phase, referencePhase_deg: phase == nil ? nil : 0)
        }
    }
    /// The controller's view of a true current of 10 A in phase, whose sensor is 2° early or that and
    /// half a turn: what it makes of a count above the mean, and of the phase.
    private func isRight(_ fit: ChannelFit, isReversed: Bool) -> Bool {
        let k = fit.coefficients
        let sign = isReversed ? -1.0 : 1
        // Up in the counts is up in the current, or down.
        let up = k.corrected(10) - k.corrected(0)
        return isNear(up, sign * 10.2, 1e-6) && isNear(k.phase_deg, -2, 1e-6)
            // The mean of the counts is nil.
            && abs(k.corrected(0.1)) < 1e-9 && fit.isReversed == isReversed
    }

    @Test("By the meter's angles: a reversed current is turned once, by its scale")
    func angles() throws {
        let right = try recipe.fit(.wave(.currentA), points(phase: 2), nominal)
        #expect(isRight(right, isReversed: false))
        let turned = try recipe.fit(.wave(.currentA), points(phase: -178), nominal)
        #expect(isRight(turned, isReversed: true))
        let sentence = Diagnosis.reversed.sentence
        #expect(turned.remarks.filter { $0 == sentence }.count == 1)
    }

    @Test(
        "By two loads: levels alone cannot tell the polarity, the loads do", arguments: [1.0, -1])
    func loads(sign: Double) throws {
        var fit = try recipe.fit(.wave(.currentA), points(phase: nil), nominal)
        #expect(!fit.isReversed)
        // 1000 VA at 0° and at 60° lagging, seen 2° early: −2° and 58°.
        let loads = [0.0, 60].map { angle -> PhaseFit.Load in
            let seen = (angle - 2) * Double.pi / 180
            return PhaseFit.Load(
                active_W: sign * 1000 * cos(seen), reactive_var: sign * 1000 * sin(seen),
                deviation_W: 0.1, referenceActive_W: 1000 * cos(angle * Double.pi / 180))
        }
        fit.takePhase(try PhaseFit.fromLoads(loads, reference: perfect))
        #expect(isRight(fit, isReversed: sign < 0))
    }

    @Test("No record of a reversed current is refused by its board", arguments: [true, false])
    func record(byAngles: Bool) throws {
        let points = points(phase: byAngles ? -178 : nil)
        var fit = try recipe.fit(.wave(.currentA), points, nominal)
        if !byAngles {
            let loads = [
                PhaseFit.Load(active_W: -1000, reactive_var: 35, referenceActive_W: 1000),
                PhaseFit.Load(active_W: -530, reactive_var: -848, referenceActive_W: 500),
            ]
            fit.takePhase(try PhaseFit.fromLoads(loads, reference: perfect))
        }
        let record = recipe.record(.wave(.currentA), points, nominal, fit, at_s: 0)
        #expect(fit.isReversed)
        let problems = record.check(
            against: nominal, board: "bench", serial: "1", at_s: 0, rule: recipe.rule)
        #expect(problems.filter { $0.severity == .error }.isEmpty, "\(problems)")
    }

    @Test("A phase may be a delay: 1 % of it for the 1 % a network's frequency moves")
    func delay() throws {
        let fit = try recipe.fit(.wave(.currentA), points(phase: 2), nominal)
        // √(0.03² + (0.02/√3)²): the points agree.
        #expect(isNear(fit.uncertainty.phase_deg, (0.0009 + 0.0004 / 3).squareRoot(), 1e-6))
    }
}
