import BoardProfile
import Control
import Feed
import Words

/// What somebody should look at.
public struct Alarm: Equatable, Sendable {
    public enum Level: String, Sendable { case alarm, warning }
    public var controller: String
    public var level: Level
    /// Does not change with the language.
    public var code: String
    public var words: String

    /// Of one controller as it is now. Of one that is not heard only that is said: nothing it said before
    /// is known to hold.
    static func of(_ seen: Seen) -> [Alarm] {
        func alarm(_ code: String, _ words: String, _ level: Level = .alarm) -> Alarm {
            Alarm(controller: seen.name, level: level, code: code, words: "\(seen.name): \(words)")
        }
        switch seen.connection {
        case .absent(let words): return [alarm("absent", words)]
        case .silent: return [alarm("silent", "says nothing")]
        case .connected: break
        }
        guard let r = seen.record else { return [] }
        var found: [Alarm] = []
        if !r.verdict.blind.isEmpty {
            found.append(alarm("blind", "blind: \(r.verdict.blind.words.joined(separator: ", "))"))
        }
        if case .fault(let cause)? = r.islanding {
            found.append(alarm("islandingFault", "islanding switch: \(cause.words(seen.stages))"))
        }
        if case .tripped(let cause, _)? = r.source {
            found.append(alarm("tripped", "tripped: \(cause.words(seen.stages))"))
        }
        if case .tripped(let cause)? = r.der {
            found.append(alarm("tripped", "tripped: \(cause.words(seen.stages))"))
        }
        if r.contactor == .welded {
            found.append(alarm("welded", "a battery contact is closed that was told to open"))
        }
        if r.disobedient.bits != 0 {
            let names = Contact.allCases.filter { r.disobedient[$0] }.map { "\($0)" }
            found.append(
                alarm(
                    "disobedient", "does not follow its command: \(names.joined(separator: ", "))",
                    .warning))
        }
        if r.isSyncLate {
            found.append(alarm("syncLate", "still out of step with the grid", .warning))
        }
        return found
    }

    var json: JSON {
        var m = Members()
        m.put("controller", controller)
        m.put("level", level.rawValue)
        m.put("code", code)
        m.put("words", words)
        return m.json
    }
}
