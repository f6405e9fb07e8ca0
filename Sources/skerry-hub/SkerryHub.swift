import ArgumentParser
import BlackBox
import Foundation
import Recorder
import Replay
import Wire

/// Everything slow: what happened is taken over from the black boxes into a store. It may be killed and
/// begun anew at any moment; no controller notices, and nothing is lost.
@main
struct SkerryHub: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skerry-hub",
        abstract: "The store of what controllers did, beside them.",
        discussion: """
            Follows the black box of each controller and keeps seconds, quarters of an hour and events \
            in one SQLite file. `skerry export` writes them out. Ends at Ctrl-C or SIGTERM, at once.
            """,
        version: ProgramVersion.text)

    @Argument(
        help: ArgumentHelp(
            "A controller and the folder of its black box.", valueName: "name=folder"))
    var boxes: [String]
    @Option(help: "The store; made where there is none.")
    var store: String
    @Flag(help: "Takes over what there is, and ends.")
    var once = false
    @Option(help: "Days of seconds that are kept, 1 to 366.")
    var days = 7

    func validate() throws {
        guard (1...366).contains(days) else {
            throw ValidationError("--days \(days): write 1 to 366")
        }
        var names: Set<String> = []
        for box in boxes {
            let parts = box.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError(
                    "\(box): write name=folder, such as mill=/var/lib/skerry/mill")
            }
            guard names.insert(String(parts[0])).inserted else {
                throw ValidationError("\(parts[0]) is there twice: name each controller once")
            }
        }
    }

    func run() throws {
        let kept: Store
        do throws(StoreFault) {
            kept = try Store(path: store)
        } catch {
            Journal.say("\(error)")
            throw ExitCode(73)
        }
        var clerks = boxes.map { box in
            let parts = box.split(separator: "=", maxSplits: 1)
            return Follower(
                Clerk(
                    kept, controller: String(parts[0]), ring: "\(parts[1])/ring.skbb",
                    stages: { (try? RecordedSettings($0))?.stages.map(\.name) ?? [] }),
                name: String(parts[0]))
        }
        // Rows of the transaction that is open are not there yet, and will be read again: no need to wait.
        var rule = Retention()
        rule.seconds = days * 86_400
        var isTrouble = false
        for round in 0... {
            isTrouble = false
            for n in clerks.indices { isTrouble = !clerks[n].follow() || isTrouble }
            if once { break }
            if round % 720 == 0 { Journal.trying { _ = try kept.retire(rule) } }
            // A transaction every five seconds: what is kept is no older, and a card is written a fifth as often.
            Thread.sleep(forTimeInterval: 5)
        }
        if isTrouble { throw ExitCode.failure }
    }
}

/// One controller's clerk, and what was last said of it.
struct Follower {
    private var clerk: Clerk
    private let name: String
    private var said = ""

    init(_ clerk: Clerk, name: String) {
        self.clerk = clerk
        self.name = name
    }

    /// - Returns: whether the black box could be read and the store written.
    mutating func follow() -> Bool {
        var words = ""
        do {
            let progress = try clerk.catchUp()
            if progress.gaps > 0 { Journal.say("\(name): \(progress.gaps) gaps in its black box") }
        } catch let fault as RecordingFault {
            words = fault.words
        } catch {
            words = "\(error)"
        }
        // Once, and again when it is another.
        if words != said {
            Journal.say(words.isEmpty ? "\(name): goes on" : "\(name): \(words)")
            said = words
        }
        return words.isEmpty
    }
}

/// Lines for people and for systemd's journal.
enum Journal {
    static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
    static func trying(_ work: () throws -> Void) {
        do { try work() } catch { say("the store: \(error)") }
    }
}
