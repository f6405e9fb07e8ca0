import Foundation
import Testing

@testable import Calibration

@Suite("What points give away")
struct DiagnoseTests {
    @Test("The transformer that was fitted is named, not the one in the settings")
    func transformer() {
        let settings = TransformerRatio(primary: 100, secondary: 5)
        let twice = RatioMistake.find(2.01, settings: settings)
        #expect(twice?.sentence == "The transformer looks like 200:5, not 100:5.")
        #expect(RatioMistake.find(0.5, settings: settings)?.transformer?.primary == 50)
        // 100:1 in place of 100:5 is five times; a 500:5 fits as well and keeps its secondary.
        #expect(RatioMistake.find(5, settings: settings)?.transformer?.text == "500:5")
        #expect(
            RatioMistake.find(-2, settings: settings)?.factor == 2, "polarity is told elsewhere")
        for gain in [0.95, 1, 1.05, -1.04, 0.91, 1.1] {
            #expect(RatioMistake.find(gain, settings: settings) == nil, "\(gain)")
        }
    }

    @Test("Ranges and line for phase without a transformer")
    func factors() {
        for (gain, words) in [
            (2.04, "2"), (0.2, "1/5"), (9.9, "10"), (1.72, "√3"), (0.58, "1/√3"), (1000, "1000"),
        ] {
            #expect(RatioMistake.find(gain)?.words == words, "\(gain)")
        }
        for gain in [1.0, 1.09, 1.3, 0.8, 7, 0, .nan, .infinity] {
            #expect(RatioMistake.find(gain) == nil, "\(gain)")
        }
    }

    @Test("The channel that followed is named; one that followed beside is not")
    func swap() {
        let reference = [0.0, 10, 20, 30]
        let still = [0.1, -0.1, 0.05, 0.0]
        let follows = [0.2, 10.3, 20.1, 30.4]
        #expect(
            Swap.found(asked: 0, responses: [still, still, follows], reference: reference) == 2)
        #expect(
            Swap.found(asked: 0, responses: [still, follows.map { -$0 }], reference: reference) == 1
        )
        #expect(Swap.found(asked: 0, responses: [follows, follows], reference: reference) == nil)
        #expect(Swap.found(asked: 0, responses: [still, still], reference: reference) == nil)
        // Crosstalk of 2 % follows and is none.
        let cross = follows.map { $0 * 0.02 }
        #expect(Swap.found(asked: 0, responses: [still, cross], reference: reference) == nil)
        // By chance: a slope of 0.11 with 5 % unexplained beside one that follows.
        let chance = [0.0, 1.6, 1.7, 3.5]
        #expect(Swap.found(asked: 0, responses: [chance, follows], reference: reference) == 1)
        // A mistaken ratio of five on a common load is no swap.
        let fifth = follows.map { $0 / 5 }
        #expect(Swap.found(asked: 0, responses: [fifth, follows], reference: reference) == nil)
        let broken = [Double.nan, 1, 2, 3]
        #expect(Swap.found(asked: 0, responses: [broken, follows], reference: reference) == 1)
        #expect(Swap.found(asked: 5, responses: [follows], reference: reference) == nil)
        #expect(Swap.found(asked: 0, responses: [[], follows], reference: [1, 2]) == nil)
        #expect(Swap.found(asked: 0, responses: [still, follows], reference: [5, 5, 5, 5]) == nil)
    }

    @Test("Sixths of a turn are wires, degrees are sensors")
    func polarity() {
        for (error, expected) in [
            (0, .right), (-12, .right), (29, .right), (178, .reversed), (-165, .reversed),
            (540, .reversed), (120, .otherPhase(isReversed: false)),
            (-125, .otherPhase(isReversed: false)), (63, .otherPhase(isReversed: true)),
            (-58, .otherPhase(isReversed: true)), (360, .right),
        ] as [(Double, Polarity)] {
            #expect(Polarity(error_deg: error) == expected, "\(error)")
        }
        #expect(Polarity([Point(raw: 1, reference: 1)]) == nil)
        let p = Point(raw: 1, reference: 1, phase_deg: 170, referencePhase_deg: -12)
        #expect(Polarity([p, p]) == .reversed)
    }

    @Test("A sine that is cut off shows, one that fits does not")
    func saturation() {
        let nominal = Nominal(lowest: -100, highest: 100, isAlternating: true)
        /// RMS about the mean, and mean, of a sine of this amplitude about `middle`, cut off.
        func cut(_ amplitude: Double, _ middle: Double) -> Point {
            let n = 3600
            let x = (0..<n).map {
                min(100, max(-100, middle + amplitude * sin(2 * .pi * Double($0) / Double(n))))
            }
            let mean = x.reduce(0, +) / Double(n)
            let rms = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)).squareRoot()
            return Point(raw: rms, reference: 1, mean: mean)
        }
        var wrong: [String] = []
        for middle in [0.0, 15, -30] {
            for amplitude in stride(from: 20.0, through: 300, by: 0.5) {
                let isCut = amplitude + abs(middle) >= 100
                let found = Saturation.points([cut(amplitude, middle)], nominal: nominal)
                if found.isEmpty == isCut { wrong.append("\(amplitude) about \(middle)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }
}
