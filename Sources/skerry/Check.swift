import ArgumentParser
import BoardProfile
import Foundation
import Panel
import Scenario
import SiteFile
import Station

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what would run, or what is wrong with a file.",
        discussion: "Example: skerry check boards/sim-village")

    @Argument(
        help: "A board folder, a board file, a site file or a scenario file.", completion: .file())
    var file: String
    @Flag(help: "Every value in force and where it comes from.")
    var all = false
    @Flag(help: "JSON: problems and values.")
    var json = false
    @Flag(help: "Compare a real board's file with the buses, chips and lines of this machine.")
    var probe = false
    @Option(
        help: "Of a real board: the folder of calibrations; left out, calibration/ beside boards/.",
        completion: .directory)
    var calibration: String?

    func run() throws {
        try requireFile(file)
        if file.hasSuffix("site.yaml") {
            try show(SiteFile.load(file), summary: "")
        } else if isScenario() {
            let reading = ScenarioFile.load(file)
            try show(reading, summary: reading.value.map { summary($0) } ?? "")
        } else {
            let reading = SiteProfile.load(file)
            if probe {
                let site = try load(reading)
                guard site.hardware != nil else {
                    complain("\(file) has no hardware to probe: its board is simulated")
                    throw ExitCode.validationFailure
                }
                try skerry.probe(resolve(site, reading.settings), json: json)
                return
            }
            var known: BoardCalibration?
            if let site = reading.value, site.hardware != nil {
                let switchboard = try resolve(site, reading.settings)
                known = try storeIfNamed(site, file, calibration).flatMap {
                    BoardCalibration(site, switchboard, $0, now_s: utc_s())
                }
            }
            var summary = reading.value.map { SettingsSheet($0).text } ?? ""
            if let site = reading.value, let known {
                summary += CalibrationSheet(known, rule: site.calibration, now_s: utc_s()).text
            }
            if let wear = reading.value?.wear {
                summary += "\nBlack box\n" + wear.words.map { "  \($0)\n" }.joined()
            }
            try show(reading, summary: summary, known)
            // What the hub reads beside the board.
            let beside = SiteFile.beside(file)
            guard !json, !beside.settings.isEmpty || !beside.problems.isEmpty else { return }
            try show(beside, summary: "", name: "its site.yaml")
        }
    }

    /// A scenario is told by its place or by the board it names.
    private func isScenario() -> Bool {
        if file.contains("/scenarios/") { return true }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return false }
        return text.split(separator: "\n").contains { $0.hasPrefix("board:") }
    }

    private func show<Root>(
        _ reading: Reading<Root>, summary: String, _ known: BoardCalibration? = nil,
        name: String? = nil
    ) throws {
        let file = name ?? file
        let problems = reading.problems + (known?.problems ?? [])
        let errors = problems.count { $0.severity == .error }
        if json {
            var members: [(String, JSON)] = [
                ("file", .text(file)), ("errors", .number(Double(errors))),
                ("problems", .list(problems.map(\.json))), ("settings", reading.settings.json),
            ]
            if let known { members.append(("calibration", known.json)) }
            print(JSON.object(members).rendered)
        } else {
            for problem in problems { complain(problem.rendered) }
            // What is wrong with a calibration hides nothing of the board.
            if reading.errors.count == 0 {
                if !summary.isEmpty { print(summary) }
                if all { print(reading.settings.table) }
            }
            if errors == 0 {
                print("\(file): no errors")
            } else {
                complain("\(file): \(errors) error\(errors == 1 ? "" : "s")")
            }
        }
        if errors > 0 { throw ExitCode.failure }
    }

    private func summary(_ file: ScenarioFile) -> String {
        let s = file.scenario(seed: nil)
        var text =
            "\(s.title): \(s.duration_s) s, seed \(s.seed), \(s.sensing.rate_Hz) ticks a second\n"
        for h in s.happenings { text += "  \(h.at_s) s\t\(h.text)\n" }
        return text
    }
}
