import Control
import Feed
import Words

/// What is said of one controller now: one JSON object, of the keys that were announced.
struct ControllerState {
    let controller: PublishedController
    let record: Record
    let stages: [String]

    /// Nil unless the controller is there and was heard.
    init?(_ controller: PublishedController, _ seen: Seen) {
        guard let record = seen.live else { return nil }
        self.controller = controller
        self.record = record
        stages = seen.stages
    }

    /// What a person should look at, in words; at most 8.
    var alarms: [String] {
        let verdict = record.verdict
        var found = (0..<stageLimit).filter { verdict.tripped >> UInt32($0) & 1 != 0 }.map {
            "\(Cause.stage(UInt8($0)).words(stages)) tripped"
        }
        if !verdict.blind.isEmpty {
            found.append("blind: \(verdict.blind.words.joined(separator: ", "))")
        }
        if case .fault(let cause) = record.islanding {
            found.append("islanding switch: \(cause.words(stages))")
        }
        if case .tripped(let cause, _) = record.source {
            found.append("source tripped: \(cause.words(stages))")
        }
        if case .tripped(let cause) = record.der {
            found.append("inverter tripped: \(cause.words(stages))")
        }
        if record.contactor == .welded { found.append("battery contactor welded") }
        let disobedient = Contact.allCases.filter { record.disobedient[$0] }.map { "\($0)" }
        if !disobedient.isEmpty {
            found.append("does not follow its command: \(disobedient.joined(separator: ", "))")
        }
        if record.isSyncLate { found.append("out of step with the grid") }
        return Array(found.prefix(8))
    }

    /// Whatever of it is said at once when it changes.
    var urgent: [String] {
        StateWord.all(of: controller).map { $0.word(record) ?? "" } + alarms
    }

    /// - Parameter scheduled_W: what is asked for now; nil where nobody knows.
    func json(_ energy: EnergyTotals?, scheduled_W: Float?) -> JSON {
        var object: [String: JSON] = [:]
        for figure in Figure.all(of: controller) {
            object[figure.key] = figure.value(record, energy)
        }
        for state in StateWord.all(of: controller) {
            object[state.key] = state.word(record).map { .text($0) } ?? .null
        }
        let alarms = alarms
        object["problem"] = .truth(!alarms.isEmpty)
        object["alarms"] = .list(alarms.map { .text($0) })
        if controller.kind == .coupling {
            object["is_islanded"] = record.islanding?.isIslanded.map { .truth($0) } ?? .null
        }
        if CommandName.all(for: controller.kind).contains(.power) {
            // Towards nought: what is shown must be inside the limits announced, which are whole watts.
            object["scheduled_W"] = .rounded(
                scheduled_W.map { Double($0.rounded(.towardZero)) }, decimals: 0)
        }
        return .object(object)
    }
}
