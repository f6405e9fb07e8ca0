import ArgumentParser
import BoardProfile
import Foundation
import Link
import Loop
import Plant
import Report
import Scenario
import Wire

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a board in real time, with a live view: a simulated one, or real chips.",
        discussion: """
            Example: skerry run boards/sim-village
            Keys: q quits and leaves the plant safe, g fails or restores the grid, s a sag, c a cloud, \
            i a planned island, a acknowledges, 1 to 9 breaks or mends a sensor of a home.
            """)

    @Argument(help: "A board folder or file.", completion: .file())
    var board = "boards/sim-village"
    @Option(help: "What happens; scenarios/outage.yaml of the board when left out.")
    var scenario: String?
    @Option(name: .customLong("for"), help: "End by itself after this long: 30s, 5min.")
    var length: Span?
    @Option(help: "Seed of the world; the scenario's own when left out.")
    var seed: UInt64?
    @Option(help: "Write a report of the run to this folder at the end.")
    var out: String?
    @Option(help: "Keep a black box of each controller in this folder; skerry-hub follows it.")
    var record: String?
    @Option(
        help: "Let other programs watch and command each controller over a socket in this folder.")
    var link: String?
    @Flag(
        help: "Start skerry-hub beside it, with the page; what is recorded stays in --data.")
    var hub = false
    @Option(help: "With --hub: where black boxes, sockets and the store are.")
    var data: String?
    @Option(help: "With --hub: the page's address and port.")
    var listen = "127.0.0.1:8480"
    @Flag(help: "A line a second even on a terminal.")
    var plain = false
    @Flag(help: "Do not ask for real-time priority.")
    var ordinary = false
    @Flag(help: "A real board: one JSON object a line, for scripts.")
    var json = false
    @Option(
        help: "A real board: the folder of calibrations; left out, calibration/ beside boards/.",
        completion: .directory)
    var calibration: String?
    @Option(help: "A real board: time between two lines of figures with --json.")
    var every: Span?

    func run() throws {
        try requireFile(board)
        let reading = SiteProfile.load(board)
        let site = try load(reading)
        if site.hardware != nil {
            try runReal(site, reading.settings)
        } else {
            try runSimulated(site)
        }
    }

    private func runReal(_ site: SiteProfile, _ settings: [Setting]) throws {
        if scenario != nil || seed != nil || out != nil || record != nil || link != nil || hub {
            complain(
                "\(board) has hardware: --scenario, --seed, --out, --record, --link and --hub are for "
                    + "simulated boards; skerryd has all of it"
            )
            throw ExitCode.validationFailure
        }
        let verb = FieldVerb(
            length_s: length?.seconds ?? .infinity, plain: plain, json: json,
            every_s: every?.seconds ?? 1, realTime: !ordinary, board: board,
            calibration: calibration)
        try verb.run(site, settings, doors: .kernel)
    }

    private func runSimulated(_ site: SiteProfile) throws {
        if json || every != nil {
            complain("\(board) is simulated: --json and --every are for boards with hardware")
            throw ExitCode.validationFailure
        }
        let world = try scenarioOfBoard(site)
        let command = "skerry run \(board) --seed \(world.seed)"
        let beside = hub ? HubBeside(board: board, data: data, listen: listen) : nil
        let record = record ?? beside?.boxes
        let link = link ?? beside?.links
        let live = LiveRun(
            world, command: command,
            hint: Keys.hint(world.profile) + (beside.map { "  \($0.address)" } ?? ""),
            realTime: !ordinary)
        let length_s = length?.seconds ?? .infinity
        let ended = DispatchSemaphore(value: 0)
        let doors = RunDoors()
        let begin = try opening(world, command, live, record: record, link: link)
        try beside?.start()
        defer { beside?.end() }
        let thread = Thread {
            live.run(
                until: length_s,
                granted: { granted in
                    if let advice = granted.advice { complain("skerry: \(advice)") }
                },
                begun: { run in
                    doors.open { () throws(RunDoors.Fault) in try begin(run) }
                })
            ended.signal()
        }
        thread.stackSize = 4 << 20
        Interrupt.watch { live.stop() }
        thread.start()
        if let beside { print("the page: \(beside.address)") }
        if plain || !watchOnScreen(live, ended) { watchInLines(live, ended) }
        for name in doors.close() {
            complain("\(name): its black box is not whole: the disk is too slow")
        }
        if let fault = doors.fault {
            complain(fault)
            throw ExitCode.cannotCreate
        }
        guard let trace = live.trace else { return }
        print("plant safe after \(String(format: "%.1f", trace.time_s.last ?? 0)) s")
        print(FigureTable(trace.figures.filter(\.isKey)).text())
        if let out { try ReportFolder.write(trace, to: out) }
    }

    /// What begins the black boxes of a run, with the files it was made from, and its links.
    private func opening(
        _ world: Scenario, _ command: String, _ live: LiveRun, record: String?, link: String?
    ) throws -> @Sendable (any SimulatedRun) throws(RunDoors.Fault) -> (LiveBoxes?, LiveLinks?) {
        for folder in [record, link].compactMap({ $0 }) { try makeFolder(folder) }
        let read = ReadTexts()
        let (boards, path) = BoardFolder.holding(board, "board.yaml")
        _ = SiteProfile.read(path, in: boards.noting(read))
        let texts = read.files.filter { $0.path.hasSuffix(".yaml") }
        return { run throws(RunDoors.Fault) in
            guard record != nil || link != nil else { return (nil, nil) }
            let rings = LiveRings(run, world)
            var boxes: LiveBoxes?
            if let record {
                do throws(BlackBoxes.Fault) {
                    boxes = try LiveBoxes(
                        run, rings, world, in: record, texts: texts, board: path,
                        version: ProgramVersion.text, command: "\(command) --record \(record)")
                } catch { throw RunDoors.Fault(words: error.words) }
            }
            guard let link else { return (boxes, nil) }
            do throws(LinkFault) {
                return (
                    boxes,
                    try LiveLinks(rings, in: link, rate_Hz: world.sensing.rate_Hz) {
                        live.frame?.ticks.lines ?? "state: starting"
                    }
                )
            } catch {
                _ = boxes?.finish()
                throw RunDoors.Fault(words: error.words)
            }
        }
    }

    private func scenarioOfBoard(_ site: SiteProfile) throws -> Scenario {
        var folder = URL(fileURLWithPath: board)
        if !folder.hasDirectoryPath && folder.pathExtension == "yaml" {
            folder.deleteLastPathComponent()
        }
        let usual = site.nanogrid == nil ? "outage" : "evening"
        let file = scenario ?? folder.appendingPathComponent("scenarios/\(usual).yaml").relativePath
        if scenario == nil, !FileManager.default.fileExists(atPath: file) {
            var world = Scenario(title: site.title, profile: site, duration_s: 3600)
            if let seed { world.seed = seed }
            return world
        }
        try requireFile(file)
        var world = try load(ScenarioFile.load(file)).scenario(seed: seed)
        world.title = site.title
        world.profile = site
        // Rows of the recording are spaced for the length of the run, not of the story.
        world.duration_s = length?.seconds ?? 3600
        return world
    }

    /// False where there is no terminal to draw on.
    private func watchOnScreen(_ live: LiveRun, _ ended: DispatchSemaphore) -> Bool {
        guard var screen = TerminalScreen() else { return false }
        var keys = Keys()
        while ended.wait(timeout: .now() + 0.05) == .timedOut {
            while let key = screen.key() {
                if key == .character("q") || key == .escape { live.stop() }
                if let happening = keys.happening(key, live.frame) { live.ask(happening) }
            }
            guard let frame = live.frame else { continue }
            let size = screen.size
            let view = TerminalView(columns: size.columns, rows: size.rows, ability: .ofOutput())
            screen.show(view.lines(frame))
        }
        screen.close()
        return true
    }

    private func watchInLines(_ live: LiveRun, _ ended: DispatchSemaphore) {
        var lines = LineView()
        let start = Date()
        while ended.wait(timeout: .now() + 0.1) == .timedOut {
            guard let frame = live.frame else { continue }
            for line in lines.lines(frame, wall_s: Date().timeIntervalSince(start)) {
                print(line)
                fflush(nil)
            }
        }
    }
}
