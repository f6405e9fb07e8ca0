import Calibration
import Foundation
import Plant
import SimBoard

/// A random board, its hidden errors, and an installer with a meter that has its own.
struct CalibrationBoard {
    var tally: CalibrationTally
    var random: Random

    init(seed: UInt64, shows: Bool) {
        tally = CalibrationTally(seed: seed, shows: shows)
        random = Random(seed: seed)
    }

    /// Channels of each kind on a board.
    static let channels = 4

    /// Each part draws from a stream of its own: one more draw in one leaves the others as they were.
    mutating func run() {
        let root = random
        for (label, part) in [
            ("steady", { $0.steady() }), ("saturated", { $0.saturated() }),
            ("temperature", { $0.temperature() }), ("waves", { $0.waves() }),
            ("skew", { $0.skew() }), ("phases", { $0.phases() }), ("clock", { $0.clock() }),
            ("thermistor", { $0.thermistor() }), ("travel", { $0.travel() }),
        ] as [(String, (inout CalibrationBoard) -> Void)] {
            for n in 0..<Self.channels {
                random = root.fork("\(label) \(n)")
                part(&self)
            }
        }
    }

    /// Between `low` and `high`, even in the logarithm.
    mutating func decades(_ low: Double, _ high: Double) -> Double {
        low * exp(random.unit() * log(high / low))
    }
    mutating func happens(_ probability: Double) -> Bool { random.unit() < probability }
    mutating func sign() -> Double { happens(0.5) ? 1 : -1 }
    mutating func whole(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(random.next() % UInt64(range.count))
    }

    /// A meter of this accuracy, with errors its certificate allows: normal, half of k = 2.
    struct Meter {
        let specification: ReferenceMeter
        let scaleError: Double
        let zeroError: Double
        let noise: Double

        /// The mean of `count` readings, and its standard deviation.
        func read(_ truth: Double, count: Int = 1, _ random: inout Random) -> (Double, Double) {
            let deviation = noise / Double(count).squareRoot()
            let x = truth * (1 + scaleError) + zeroError + deviation * random.gaussian()
            let digit = specification.resolution
            return (digit > 0 ? (x / digit).rounded() * digit : x, deviation)
        }
    }

    /// - Parameters:
    ///   - full: The largest value it is to read.
    ///   - isAbsolute: Its certificate has an absolute part also.
    mutating func meter(
        full: Double, ofReading: ClosedRange<Double>, isAbsolute: Bool = true
    ) -> Meter {
        let ratio = decades(ofReading.lowerBound, ofReading.upperBound)
        let absolute = isAbsolute ? full * ratio * random.uniform(0.02, 0.3) : 0
        let digit = happens(0.5) ? full * ratio * 0.05 : 0
        return Meter(
            specification: ReferenceMeter(
                model: "simulated", form: .certificate, ofReading: ratio, absolute: absolute,
                resolution: digit),
            scaleError: ratio / 2 * random.gaussian(), zeroError: absolute / 2 * random.gaussian(),
            noise: happens(0.5) ? full * ratio * 0.1 : 0)
    }

    /// Runs a fit; a refusal fails the board.
    mutating func attempt<T>(_ what: String, _ fit: () throws(FitRefusal) -> T) -> T? {
        do throws(FitRefusal) { return try fit() } catch {
            tally.fail("\(what) refused: \(error.message)")
            return nil
        }
    }
}
