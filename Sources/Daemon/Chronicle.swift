import Control
import Words

/// Notices what happened from record to record and says it in words.
struct Chronicle {
    struct Line: Equatable {
        var level: Journal.Level
        var text: String
    }
    private let stages: [String]
    private var last: Record?

    /// - Parameter stages: names of the controller's stages, in order.
    init(stages: [String]) { self.stages = stages }

    /// The newest record that was seen.
    var record: Record { last ?? Record() }

    /// What is new in `r`; nothing of the first.
    mutating func see(_ r: Record) -> [Line] {
        defer { last = r }
        guard let before = last else { return [] }
        var lines: [Line] = []
        func note(_ level: Journal.Level, _ text: String) {
            lines.append(Line(level: level, text: text))
        }
        for k in 0..<stageLimit where r.verdict.newlyTripped >> UInt32(k) & 1 != 0 {
            note(.warning, "trip: \(Cause.stage(UInt8(k)).words(stages))")
        }
        if let state = r.islanding, state.words != before.islanding?.words {
            let isOpening = if case .opening = state { true } else { false }
            note(
                isOpening ? .warning : .notice,
                "islanding switch: \(state.words)"
                    + (isOpening
                        ? " (\(r.islandCause.words(stages, blind: r.verdict.islandBlind)))" : ""))
        }
        if let state = r.contactor, state.words != before.contactor?.words {
            let isBad = state == .welded || r.contactorCause != before.contactorCause
            note(
                isBad ? .warning : .notice,
                "contactor: \(state.words)"
                    + (isBad && r.contactorCause != .none
                        ? " (\(r.contactorCause.words(stages)))" : ""))
        }
        if let state = r.source, state.words(stages) != before.source?.words(stages) {
            let isTripped = if case .tripped = state { true } else { false }
            note(isTripped ? .warning : .notice, "source: \(state.words(stages))")
        }
        if r.command.converter.isOn != before.command.converter.isOn {
            let isOn = r.command.converter.isOn
            note(isOn ? .notice : .warning, "converter: \(r.converterWords(stages))")
        }
        let (blind, seeing) = (
            ChannelSet(bits: r.verdict.blind.bits & ~before.verdict.blind.bits),
            ChannelSet(bits: before.verdict.blind.bits & ~r.verdict.blind.bits)
        )
        if !blind.isEmpty { note(.warning, "blind: \(blind.words.joined(separator: ", "))") }
        if !seeing.isEmpty { note(.notice, "sees again: \(seeing.words.joined(separator: ", "))") }
        if r.loads != before.loads {
            note(.notice, "load groups connected: \(Self.groups(r.loads))")
        }
        if r.disobedient != before.disobedient, r.disobedient.bits != 0 {
            let names = Contact.allCases.filter { r.disobedient[$0] }.map { "\($0)" }
            note(.warning, "does not follow its command: \(names.joined(separator: ", "))")
        }
        if r.refusedSetpoints != before.refusedSetpoints {
            note(.warning, "setpoints refused: \(r.refusedSetpoints) since start")
        }
        return lines
    }

    private static func groups(_ bits: UInt8) -> String {
        let on = (0..<4).filter { bits >> UInt8($0) & 1 != 0 }.map { String($0) }
        return on.isEmpty ? "none" : on.joined(separator: ", ")
    }
}
