import Control
import Wire

/// What of a record is worth a record of its own, and what is worth a capture. States count without what
/// they carry: `hold` and deadlines move while a state stays.
struct EventWatch {
    private var last: Record?

    /// - Returns: what changed since the record before; nothing of the first.
    mutating func look(at record: Record) -> KeptRecord.Reason {
        defer { last = record }
        guard let old = last else { return .change }
        if Self.isTrigger(record, after: old) { return [.change, .trigger] }
        return Self.isChange(record, from: old) ? .change : []
    }

    /// Why, in words, for the list of captures.
    func words(_ record: Record, after old: Record) -> String {
        var words: [String] = []
        if record.verdict.newlyTripped != 0 { words.append("trip") }
        if Self.isNewlyBlind(record, after: old) { words.append("blind") }
        if record.islanding.code != old.islanding.code { words.append("islanding") }
        if record.source.code != old.source.code { words.append("source") }
        if record.der.code != old.der.code { words.append("DER") }
        if record.contactor.code != old.contactor.code { words.append("contactor") }
        return words.joined(separator: ", ")
    }
    /// Of the record before the one that is about to be looked at.
    var before: Record { last ?? Record() }

    private static func isTrigger(_ r: Record, after old: Record) -> Bool {
        r.verdict.newlyTripped != 0 || isNewlyBlind(r, after: old)
            || r.islanding.code != old.islanding.code || r.source.code != old.source.code
            || r.der.code != old.der.code || r.contactor.code != old.contactor.code
    }
    /// Blindness acts that did not: a stage, or the rule for a whole side.
    private static func isNewlyBlind(_ r: Record, after old: Record) -> Bool {
        r.verdict.blinded & ~old.verdict.blinded != 0
            || (!r.verdict.islandBlind.isEmpty && old.verdict.islandBlind.isEmpty)
            || (!r.verdict.sourceBlind.isEmpty && old.verdict.sourceBlind.isEmpty)
            || (!r.verdict.ceaseBlind.isEmpty && old.verdict.ceaseBlind.isEmpty)
    }
    /// What flickers near its limit is left to the turns: pick-ups, permits, blind channels.
    private static func isChange(_ r: Record, from old: Record) -> Bool {
        var outputs = r.command.outputs
        outputs[Output.heartbeat] = old.command.outputs[Output.heartbeat]
        return outputs != old.command.outputs || r.verdict.tripped != old.verdict.tripped
            || r.verdict.blinded != old.verdict.blinded
            || r.verdict.mustIsland != old.verdict.mustIsland
            || r.verdict.mustTripSource != old.verdict.mustTripSource
            || r.verdict.mustCease != old.verdict.mustCease
            || r.verdict.ceaseCause != old.verdict.ceaseCause || r.derCause != old.derCause
            || r.verdict.islandCause != old.verdict.islandCause
            || r.verdict.sourceCause != old.verdict.sourceCause
            || r.islandCause != old.islandCause || r.sourceCause != old.sourceCause
            || r.contactorCause != old.contactorCause || r.isSyncLate != old.isSyncLate
            || r.command.inverter.mode != old.command.inverter.mode
            || r.command.converter.isOn != old.command.converter.isOn || r.loads != old.loads
            || r.disobedient != old.disobedient || r.gridPresence != old.gridPresence
            || r.busPresence != old.busPresence || r.refusedSetpoints != old.refusedSetpoints
            || reason(r.islanding) != reason(old.islanding)
    }
}

/// Found out while the switch stays open: lost, or rejected.
private func reason(_ state: IslandingState?) -> IslandReason? {
    switch state {
    case .opening(let reason, _), .islanded(let reason, _, _), .resynchronising(let reason): reason
    default: nil
    }
}
