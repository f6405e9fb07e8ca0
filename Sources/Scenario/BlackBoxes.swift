import BlackBox
import BoardProfile
import Control
import Loop

/// A black box for each controller of a simulated run, each in a folder of the controller's name.
public final class BlackBoxes {
    public struct Fault: Error, Equatable {
        public var words: String
    }
    private var writers: [(name: String, writer: SteppedWriter)] = []
    private var fault: Fault?

    /// Begins before the run's first turn.
    ///
    /// - Parameters:
    ///   - folder: is there.
    ///   - texts: the files the run was made from, by their path inside the boards folder.
    ///   - board: the board file's path among them.
    public init(
        _ run: any SimulatedRun, _ scenario: Scenario, in folder: String,
        texts: [(path: String, text: String)], board: String, version: String, command: String,
        settings: BlackBoxSettings = BlackBoxSettings()
    ) throws(Fault) {
        var seed = scenario.seed
        for site in run.sites {
            seed = seed &* 0x5851_F42D_4C95_7F2D &+ 1
            let all = Self.texts(
                of: site, scenario, texts: texts, board: board, version: version, command: command)
            do throws(SteppedWriter.Fault) {
                let writer = try SteppedWriter(
                    folder: "\(folder)/\(site.name)", settings: settings, texts: all,
                    ticksPerSecond: Float(scenario.sensing.rate_Hz),
                    controller: site.runner.controller,
                    clocks: Clocks(monotonic_ns: 0, wall_ns: 0), identity: seed)
                writer.note(.start, "simulated: \(command)")
                writers.append((site.name, writer))
                site.listener = { [weak self] in self?.take($0, $1, writer) }
            } catch { throw Fault(words: error.words) }
        }
    }

    /// What a controller of a run was made from.
    static func texts(
        of site: Site, _ scenario: Scenario, texts: [(path: String, text: String)], board: String,
        version: String, command: String
    ) -> [SettingsText] {
        var sheet = RunSheet()
        sheet.version = version
        sheet.controller = site.name
        sheet.board = board
        sheet.tick_Hz = scenario.sensing.rate_Hz
        sheet.samplesPerTick = scenario.sensing.samplesPerTick
        sheet.isFresh = true
        sheet.command = command
        sheet.seed = scenario.seed
        return [sheet.text]
            + texts.map { SettingsText(name: RunSheet.boards + $0.path, text: $0.text) }
    }

    private func take(_ site: Site, _ wish: Setpoints, _ writer: SteppedWriter) {
        guard fault == nil else { return }
        do throws(DiskFault) {
            try writer.turn(
                site.runner.sample, wish, site.runner.record, hadLetGo: site.runner.hadLetGo,
                controller: site.runner.controller)
        } catch { fault = Fault(words: error.words) }
    }

    /// Everything to disk; throws what went wrong since the start.
    public func finish() throws(Fault) {
        for (_, writer) in writers {
            if let fault { throw fault }
            writer.note(.stop, "the run has ended")
            do throws(DiskFault) { try writer.finish() } catch { throw Fault(words: error.words) }
        }
    }
    /// By controller: turns, bytes, captures.
    public var counts: [(name: String, turns: UInt64, bytes: Int64, captures: UInt64)] {
        writers.map { ($0.name, $0.writer.turns, $0.writer.bytes, $0.writer.capturesMade.made) }
    }
}
