import Control

/// What happened to a controller in one turn, in the words of its states and causes.
public struct Happened: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case trip, transition, contactor, blind, loads, fault, wish
    }
    public var kind: Kind
    public var text: String
    public init(kind: Kind, text: String) { (self.kind, self.text) = (kind, text) }
}

/// Notices what happens from record to record.
public struct HappenedWatch {
    private var stages: [String]
    private var last: Record?

    /// - Parameter stages: names of the controller's stages, in order; unnamed ones get numbers.
    public init(stages: [String]) { self.stages = stages }

    /// The stages have other names from now on.
    public mutating func rename(stages: [String]) { self.stages = stages }

    /// What is new in a record; of the first: how it stands.
    public mutating func see(_ r: Record) -> [Happened] {
        defer { last = r }
        if let last, last.tells(whatIsSaidOf: r) { return [] }
        var found: [Happened] = []
        func note(_ kind: Happened.Kind, _ text: String) {
            found.append(Happened(kind: kind, text: text))
        }
        let before = last
        for k in 0..<stageLimit where r.verdict.newlyTripped >> UInt32(k) & 1 != 0 {
            note(.trip, "\(Cause.stage(UInt8(k)).words(stages)) tripped")
        }
        if let state = r.islanding, state.words != before?.islanding?.words {
            var text = "islanding switch: \(state.words)"
            if case .opening = state {
                text += " (\(r.islandCause.words(stages, blind: r.verdict.islandBlind)))"
            }
            if case .fault = state { note(.fault, text) } else { note(.transition, text) }
        }
        if let state = r.source, state.words(stages) != before?.source?.words(stages) {
            let text = "source: \(state.words(stages))\(r.blindnessWords)"
            if case .tripped = state { note(.trip, text) } else { note(.transition, text) }
        }
        if let state = r.der, state.words(stages) != before?.der?.words(stages) {
            var text = "DER: \(state.words(stages))"
            if case .tripped(.blind) = state, !r.verdict.ceaseBlind.isEmpty {
                text += " (\(r.verdict.ceaseBlind.words.joined(separator: ", ")))"
            }
            if case .tripped = state { note(.trip, text) } else { note(.transition, text) }
        }
        if let state = r.contactor, state.words != before?.contactor?.words {
            var text = "battery contactor: \(state.words)"
            if case .waiting = state { text += " after: \(r.contactorCause.words(stages))" }
            note(state == .welded ? .fault : .contactor, text)
        }
        guard let before else { return found }
        if r.command.converter.isOn != before.command.converter.isOn {
            let isOn = r.command.converter.isOn
            note(
                isOn ? .transition : .trip,
                "converter: \(r.converterWords(stages))\(isOn ? "" : r.blindnessWords)")
        }
        let fresh = ChannelSet(bits: r.verdict.blind.bits & ~before.verdict.blind.bits)
        let healed = ChannelSet(bits: before.verdict.blind.bits & ~r.verdict.blind.bits)
        if !fresh.isEmpty { note(.blind, "blind: \(fresh.words.joined(separator: ", "))") }
        if !healed.isEmpty { note(.blind, "sees again: \(healed.words.joined(separator: ", "))") }
        if r.loads != before.loads {
            let on = (0..<4).filter { r.loads >> UInt8($0) & 1 != 0 }.map(String.init)
            note(
                .loads, "load groups on: \(on.isEmpty ? "none" : on.joined(separator: ", "))")
        }
        if r.disobedient.bits & ~before.disobedient.bits != 0 {
            let names = Contact.allCases.filter { r.disobedient[$0] }.map { "\($0)" }
            note(.fault, "does not follow its command: \(names.joined(separator: ", "))")
        }
        if r.isSyncLate && !before.isSyncLate {
            note(.fault, "still out of step with the grid; it goes on trying")
        }
        if r.refusedSetpoints > before.refusedSetpoints {
            note(.wish, "setpoints outside their limits refused")
        }
        return found
    }
}

extension Record {
    /// Nothing that `HappenedWatch` speaks of differs in a newer record. It is asked a thousand times a
    /// second, and the answer is nearly always yes.
    fileprivate func tells(whatIsSaidOf r: Record) -> Bool {
        r.verdict.newlyTripped == 0 && r.verdict.blind == verdict.blind && r.islanding == islanding
            && r.source == source && r.contactor == contactor && r.loads == loads
            && r.command.converter.isOn == command.converter.isOn && r.disobedient == disobedient
            && r.der == der && r.isSyncLate == isSyncLate && r.refusedSetpoints == refusedSetpoints
    }
}
