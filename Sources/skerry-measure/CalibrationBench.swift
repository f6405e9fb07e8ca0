import Foundation

/// `skerry-measure calibration`: random boards with hidden errors are calibrated, and the truth is
/// looked for inside what the calibration states.
enum CalibrationBench {
    /// Of 95.45 % that two standard uncertainties hold: the bar of every parameter, percent.
    static let bar = 93.0...97.0
    /// Of limits that hold with a confidence of 95 % or more.
    static let limit = 95.0...100.0
    static let usage = "usage: skerry-measure calibration [--boards N] [--seed S] [--show]"

    /// - Parameter arguments: `--boards N` (1000), `--seed S` (1): boards of the seeds S, S + 1, ...;
    ///   `--show`: every figure, of few boards.
    /// - Returns: 0; 1 where a bar is missed; 2 for arguments that are none.
    static func run(_ arguments: [String]) -> Int32 {
        var (boards, seed, shows) = (1000, 1 as UInt64, false)
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
        var tally = CalibrationTally(seed: seed)
        for k in 0..<UInt64(boards) {
            var board = CalibrationBoard(seed: seed &+ k, shows: shows)
            board.run()
            tally.absorb(board.tally)
        }
        return print(tally, boards: boards, cpu_s: cpuTime_s() - start)
    }

    private static func refuse() -> Int32 {
        FileHandle.standardError.write(Data((usage + "\n").utf8))
        return 2
    }

    private static func print(_ tally: CalibrationTally, boards: Int, cpu_s: Double) -> Int32 {
        var (passed, failed) = (0, 0)
        Swift.print("parameter\tinside\tof\tpercent\tbar\trms_error_over_u\tok|short")
        for name in CalibrationTally.parameters {
            let line = tally.lines[name] ?? .init()
            let n = line.inside + line.outside
            let percent = 100 * Double(line.inside) / Double(n)
            // Of few boards one more or less is more than the bar is wide: no verdict.
            let isJudged = n >= 100
            let bar = name.hasSuffix("_limit") ? limit : bar
            let isOk = !isJudged || bar.contains(percent)
            let rms = String(format: "%.3f", (line.squares / Double(n)).squareRoot())
            let cells = [
                name, "\(line.inside)", "\(n)", String(format: "%.2f", percent),
                isJudged ? "\(Int(bar.lowerBound))...\(Int(bar.upperBound))" : "-", rms,
                isOk ? "ok" : "short",
            ]
            Swift.print(cells.joined(separator: "\t"))
            passed += isOk ? 1 : 0
            failed += isOk ? 0 : 1
            if !isOk { for seed in line.seeds { replay(seed, "\(name) outside") } }
        }
        Swift.print("mistake\tnamed\tmissed\tsilent\tfalsely\tok|short")
        for name in CalibrationTally.mistakes {
            let n = tally.namings[name] ?? .init()
            let isOk = n.missed == 0 && n.falsely == 0
            Swift.print(
                "\(name)\t\(n.named)\t\(n.missed)\t\(n.silent)\t\(n.falsely)\t"
                    + (isOk ? "ok" : "short"))
            passed += isOk ? 1 : 0
            failed += isOk ? 0 : 1
        }
        let isWhole = tally.failures.isEmpty
        Swift.print(
            "boards\t\(boards - Set(tally.failures.map(\.seed)).count)\t\(boards)\t"
                + (isWhole ? "ok" : "short"))
        passed += isWhole ? 1 : 0
        failed += isWhole ? 0 : 1
        for failure in tally.failures.prefix(20) { replay(failure.seed, failure.why) }
        let isQuick = boards > 1000 || cpu_s < 60
        Swift.print(String(format: "cpu_s\t%.1f\t60\t%@", cpu_s, isQuick ? "ok" : "short"))
        passed += isQuick ? 1 : 0
        failed += isQuick ? 0 : 1
        Swift.print("\(passed) passed, \(failed) failed")
        return failed == 0 ? 0 : 1
    }

    private static func replay(_ seed: UInt64, _ why: String) {
        Swift.print(
            "# seed \(seed): \(why); replay: skerry-measure calibration --boards 1 --seed \(seed) --show"
        )
    }
}
