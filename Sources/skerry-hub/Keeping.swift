import BlackBox
import Foundation
import Recorder
import Replay

/// Follows black boxes into the store, in a thread of its own.
struct Keeping {
    private var followers: [Follower]
    private let store: Store
    private let rule: Retention
    /// What happens is in the store five seconds later at most; calm seconds go into it half a minute at once, for
    /// each transaction writes some pages whole, to a card as a rule.
    static let pause_s = 5.0
    static let patience_s = 30

    /// - Parameter patience_s: 0: everything at once.
    init(
        _ store: Store, boxes: [(name: String, folder: String)], days: Int,
        patience_s: Int = Self.patience_s
    ) {
        self.store = store
        followers = boxes.map { box in
            Follower(
                Clerk(
                    store, controller: box.name, ring: "\(box.folder)/ring.skbb",
                    stages: { (try? RecordedSettings($0))?.stages.map(\.name) ?? [] },
                    patience: patience_s),
                name: box.name)
        }
        var rule = Retention()
        rule.seconds = days * 86_400
        self.rule = rule
    }

    /// Takes over what is new.
    ///
    /// - Returns: whether all could be read and written.
    mutating func once() -> Bool {
        var isTrouble = false
        for n in followers.indices { isTrouble = !followers[n].follow() || isTrouble }
        return !isTrouble
    }

    /// For ever.
    mutating func follow() -> Never {
        // Rows of the transaction that is open are not there yet, and will be read again: no need to wait.
        for round in 0... {
            _ = once()
            if round % 720 == 0 { Journal.trying { _ = try store.retire(rule) } }
            Thread.sleep(forTimeInterval: Self.pause_s)
        }
        fatalError("for ever")
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
