import BlackBox
import Control
import Loop

/// A black box for each controller of a run in real time, each in a folder of the controller's name, as
/// `skerryd` keeps one: a ring of bounded size, written by threads of its own. Started again it goes on
/// in the same ring.
public final class LiveBoxes {
    private var boxes: [(name: String, writer: BlackBoxWriter)] = []

    /// Begins before the run's first turn.
    ///
    /// - Parameters: see ``BlackBoxes``; the folder is there.
    public init(
        _ run: any SimulatedRun, _ rings: LiveRings, _ scenario: Scenario, in folder: String,
        texts: [(path: String, text: String)], board: String, version: String, command: String,
        settings: BlackBoxSettings = BlackBoxSettings()
    ) throws(BlackBoxes.Fault) {
        for site in run.sites {
            guard let one = rings.all.first(where: { $0.name == site.name }) else { continue }
            let all = BlackBoxes.texts(
                of: site, scenario, texts: texts, board: board, version: version, command: command)
            guard
                let writer = BlackBoxWriter(
                    folder: "\(folder)/\(site.name)", settings: settings, texts: all,
                    ticksPerSecond: Float(scenario.sensing.rate_Hz), ring: one.ring,
                    box: one.checkpoints)
            else {
                throw BlackBoxes.Fault(
                    words: settings.problems.first?.text
                        ?? "the board's files are too long for its black box")
            }
            guard writer.start(note: "simulated: \(command)") else {
                throw BlackBoxes.Fault(words: "the system gives no thread for a black box")
            }
            boxes.append((site.name, writer))
        }
    }

    /// What is wrong with any of them now, for people; nil where nothing is.
    public var trouble: String? {
        for (name, writer) in boxes {
            if let trouble = writer.status.trouble { return "\(name): \(trouble)" }
        }
        return nil
    }

    /// Everything to disk, in `seconds` at most for each.
    ///
    /// - Returns: names of those whose disk did not let that be done.
    public func finish(within seconds: Double = 5) -> [String] {
        boxes.filter { !$0.writer.stop(note: "the run has ended", within: seconds) }.map(\.name)
    }
}
