import Foundation

/// `skerry-measure calibration-energy`: random boards up to 5 % and 3° off are calibrated by an installer
/// whose meters have errors too, then a controller counts energy, and the truth is beside it.
///
/// Energy is the fundamental's. The network's voltage is distorted by 8 % on half of the boards; the
/// current is sinusoidal, so that the fundamental's energy is all there is. `energy_unity_distorted` has
/// a current of 10 % distortion: what its harmonics carry is not counted, and not asked for.
enum EnergyBench {
    static let usage = "usage: skerry-measure calibration-energy [--boards N] [--seed S] [--show]"
    /// CPU seconds of 200 boards.
    static let time_s = 90.0

    /// - Parameter arguments: `--boards N` (200), `--seed S` (1): boards of the seeds S, S + 1, ...;
    ///   `--show`: every figure, of few boards.
    /// - Returns: 0; 1 where a bar is missed; 2 for arguments that are none.
    static func run(_ arguments: [String]) -> Int32 {
        var (boards, seed, shows) = (200, 1 as UInt64, false)
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--show": shows = true
            case "--boards":
                guard let n = rest.popFirst().flatMap({ Int($0) }), n > 0 else { return refuse() }
                boards = n
            case "--seed":
                guard let s = rest.popFirst().flatMap({ UInt64($0) }) else { return refuse() }
                seed = s
            default: return refuse()
            }
        }
        let start = cpuTime_s()
        var tally = EnergyTally(seed: seed, shows: shows)
        for k in 0..<UInt64(boards) {
            var one = EnergyRun(seed: seed &+ k, shows: shows)
            one.run()
            tally.absorb(one.tally)
        }
        return print(tally, boards: boards, cpu_s: cpuTime_s() - start)
    }

    private static func refuse() -> Int32 {
        FileHandle.standardError.write(Data((usage + "\n").utf8))
        return 2
    }

    private static func print(_ tally: EnergyTally, boards: Int, cpu_s: Double) -> Int32 {
        var (passed, failed) = (0, 0)
        func count(_ isOk: Bool) -> String {
            (passed, failed) = isOk ? (passed + 1, failed) : (passed, failed + 1)
            return isOk ? "ok" : "short"
        }
        Swift.print("case\tunit\tcases\tworst_before\tworst_after\tp95_after\tbar\tok|short")
        for one in EnergyTally.cases {
            let line = tally.lines[one.name] ?? .init()
            let worst = EnergyTally.worst(line.after)
            // Written so that what is not a number is short.
            let isOk = worst <= one.bar
            let figures = [
                EnergyTally.worst(line.before), worst, EnergyTally.percentile95(line.after),
            ].map { String(format: "%.3f", $0) }
            Swift.print(
                ([one.name, one.unit, "\(line.after.count)"] + figures
                    + ["\(one.bar)", count(isOk)]).joined(separator: "\t"))
            for bad in line.worst where !(bad.error.magnitude <= one.bar) {
                replay(bad.seed, "\(one.name), \(bad.load): \(bad.error) \(one.unit)")
            }
        }
        if tally.blind > 0 {
            Swift.print(
                "# before, \(tally.blind) loads were not counted, or in part: three voltages that "
                    + "do not add up to nil are not believed")
        }
        Swift.print("case\tinside\tof\tpercent\tbar\tok|short")
        for one in EnergyTally.cases {
            let line = tally.lines[one.name] ?? .init()
            let percent = 100 * Double(line.inside) / Double(max(1, line.after.count))
            // Of few boards one more or less is more than the bar is wide: no verdict.
            let isJudged = boards >= 100
            let isOk = !isJudged || percent >= EnergyTally.coverage
            Swift.print(
                "\(one.name)\t\(line.inside)\t\(line.after.count)\t"
                    + String(format: "%.1f", percent)
                    + "\t\(isJudged ? "\(EnergyTally.coverage)" : "-")\t\(count(isOk))")
            for bad in line.worst where !isOk {
                replay(bad.seed, "\(one.name), \(bad.load): \(bad.error) \(one.unit)")
            }
        }
        let isWhole = tally.failures.isEmpty
        let bad = Set(tally.failures.map(\.seed)).count
        Swift.print("boards\t\(boards - bad)\t\(boards)\t\(count(isWhole))")
        for failure in tally.failures.prefix(20) { replay(failure.seed, failure.why) }
        let isQuick = boards > 200 || cpu_s < time_s
        Swift.print(String(format: "cpu_s\t%.1f\t%.0f\t%@", cpu_s, time_s, count(isQuick)))
        Swift.print("\(passed) passed, \(failed) failed")
        return failed == 0 ? 0 : 1
    }

    private static func replay(_ seed: UInt64, _ why: String) {
        Swift.print(
            "# seed \(seed): \(why); replay: skerry-measure calibration-energy --boards 1 --seed "
                + "\(seed) --show")
    }
}
