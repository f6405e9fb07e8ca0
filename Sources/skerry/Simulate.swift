import ArgumentParser
import BoardProfile
import Foundation
import Report
import Scenario
import Wire

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
    @Option(
        help: "Write a black box of each controller into this folder: skerry replay lives it again."
    )
    var record: String?
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
        let texts = ReadTexts()
        let (boards, path) = BoardFolder.holding(scenario, "scenario.yaml")
        let reading = ScenarioFile.read(path, in: boards.noting(texts))
        let file = try load(reading, quiet: quiet)
        var world = file.scenario(seed: seed)
        if let length { world.duration_s = min(world.duration_s, length.seconds) }
        let command = "skerry simulate \(scenario) --seed \(world.seed)"
        var simulation = world.simulated(command: command)
        let board =
            reading.settings.first { $0.key == "board" }
            .flatMap { BoardFolder.resolve($0.value, from: path) } ?? ""
        let boxes = try record.map {
            try begin($0, simulation, world, texts, board: board, command: command)
        }
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
        try boxes.map(finish)
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

    private func begin(
        _ folder: String, _ simulation: any SimulatedRun, _ world: Scenario, _ texts: ReadTexts,
        board: String, command: String
    ) throws -> BlackBoxes {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            // Tables of quarter hours move the plant, not the controllers.
            return try BlackBoxes(
                simulation, world, in: folder,
                texts: texts.files.filter { $0.path.hasSuffix(".yaml") }, board: board,
                version: ProgramVersion.text, command: "\(command) --record \(folder)")
        } catch {
            complain((error as? BlackBoxes.Fault)?.words ?? error.localizedDescription)
            throw ExitCode.cannotCreate
        }
    }
    private func finish(_ boxes: BlackBoxes) throws {
        do throws(BlackBoxes.Fault) {
            try boxes.finish()
        } catch {
            complain(error.words)
            throw ExitCode.cannotCreate
        }
        guard !quiet, !json else { return }
        for (name, turns, bytes, captures) in boxes.counts {
            let each = String(format: "%.1f", Double(bytes) / Double(max(turns, 1)))
            print(
                "\(record ?? "")/\(name)/ring.skbb: \(turns) turns, \(bytes) bytes (\(each) a turn), "
                    + "\(captures) captures")
        }
    }
}
