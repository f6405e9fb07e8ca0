import ArgumentParser
import Foundation
import Report
import Scenario

struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a scenario in simulated time and write a report.",
        discussion: "Example: skerry simulate boards/sim-village/scenarios/outage.yaml")

    @Argument(help: "A scenario file.", completion: .file(extensions: ["yaml"]))
    var scenario: String
    @Option(help: "Seed of the world; the file's own when left out.")
    var seed: UInt64?
    @Option(help: "At most this many simulated seconds a second; as fast as it goes when left out.")
    var speed: Double?
    @Option(help: "Folder for report.html, report.csv, events.csv and figures.json.")
    var out: String?
    @Option(name: .customLong("for"), help: "Stop after this long: 90s, 5min, 2h.")
    var length: Span?
    @Flag(help: "No progress, no table.")
    var quiet = false
    @Flag(help: "Print the figures as JSON instead of a table.")
    var json = false

    func validate() throws {
        if let speed, !(speed > 0 && speed <= 1e6) {
            throw ValidationError("--speed must be above 0 and at most 1000000")
        }
    }

    func run() throws {
        try requireFile(scenario)
        let file = try load(ScenarioFile.load(scenario), quiet: quiet)
        var world = file.scenario(seed: seed)
        if let length { world.duration_s = min(world.duration_s, length.seconds) }
        let command = "skerry simulate \(scenario) --seed \(world.seed)"
        var simulation = world.simulated(command: command)
        var bar = ProgressBar(label: world.title, length_s: world.duration_s)
        let start = Date()
        let pace = speed
        let show = !quiet
        let trace = simulation.run { done in
            let wall = Date().timeIntervalSince(start)
            if show { bar.show(done_s: done, wall_s: wall) }
            if let pace, done / pace > wall { Thread.sleep(forTimeInterval: done / pace - wall) }
            return true
        }
        if show { bar.finish() }
        let folder =
            out ?? "out/\(URL(fileURLWithPath: scenario).deletingPathExtension().lastPathComponent)"
        try ReportFolder.write(trace, to: folder)
        if json {
            print(trace.summaryJSON())
        } else if !quiet {
            print(FigureTable(trace).text())
            print("seed \(world.seed) · \(folder)/report.html · \(folder)/report.csv")
        }
    }
}
