import Control
import Feed
import Quantities

/// What may be asked over MQTT; the last level of the command's topic.
enum CommandName: String, CaseIterable, Sendable {
    case island, reconnect, acknowledge
    /// Scheduled power into the bus while tied.
    case power

    static func all(for kind: PublishedController.Kind) -> [CommandName] {
        switch kind {
        case .coupling: [.island, .reconnect, .acknowledge]
        case .home, .der: [.acknowledge, .power]
        case .nanogrid: [.acknowledge]
        }
    }
}

/// Judges what came on a command's topic, before anybody is asked. Strict: what is not exactly a command is
/// none.
enum CommandReading {
    /// Bytes of a payload; a decimal number needs 16.
    static let longest = 256

    struct Refusal: Error, Equatable {
        var words: String
    }

    /// - Parameters:
    ///   - payload: the first ``Heard/longest`` bytes at most; `length`: how many there were.
    ///   - limits: the controller's; nil before it was heard.
    ///   - reactive: held as it is when the active power is scheduled.
    static func read(
        _ name: CommandName, _ payload: [UInt8], length: Int, limits: SetpointLimits?,
        reactive: Vars, for_s: Double
    ) throws(Refusal) -> AskedCommand {
        guard length <= longest else {
            throw Refusal(words: "\(length) bytes; \(longest) at most")
        }
        if name != .power {
            guard payload.elementsEqual(name.rawValue.utf8) else {
                throw Refusal(words: "the payload must be the word \(name.rawValue)")
            }
        }
        switch name {
        case .island: return .island
        case .reconnect: return .reconnect
        case .acknowledge: return .acknowledge
        case .power:
            guard let watts = decimal(payload) else {
                throw Refusal(
                    words: "the payload must be a decimal number of watts, such as -1500 or 250.5")
            }
            guard let limits else {
                throw Refusal(words: "the controller's limits are not known yet")
            }
            let active = Watts(watts)
            guard active.magnitude <= limits.active else {
                throw Refusal(words: "\(watts) W is beyond the limit of ±\(limits.active.value) W")
            }
            return .setpoints(active: active, reactive: reactive, for_s: for_s)
        }
    }

    /// `-`, 1 to 7 digits, and with a point 1 to 6 more: no plus, no exponent, no space, no other digits.
    static func decimal(_ bytes: [UInt8]) -> Float? {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let parts = rest.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard parts.count <= 2, parts.allSatisfy({ $0.allSatisfy(digits.contains) }),
            (1...7).contains(parts[0].count),
            parts.count == 1 || (1...6).contains(parts[1].count)
        else { return nil }
        return Float(String(decoding: bytes, as: UTF8.self))
    }
}
