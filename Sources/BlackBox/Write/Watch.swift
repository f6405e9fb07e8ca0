import Control

/// What of a record is worth a record of its own, and what is worth a capture.
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
        if code(record.islanding) != code(old.islanding) { words.append("islanding") }
        if code(record.source) != code(old.source) { words.append("source") }
        if code(record.der) != code(old.der) { words.append("DER") }
        if code(record.contactor) != code(old.contactor) { words.append("contactor") }
        return words.joined(separator: ", ")
    }
    /// Of the record before the one that is about to be looked at.
    var before: Record { last ?? Record() }

    private static func isTrigger(_ r: Record, after old: Record) -> Bool {
        r.verdict.newlyTripped != 0 || isNewlyBlind(r, after: old)
            || code(r.islanding) != code(old.islanding) || code(r.source) != code(old.source)
            || code(r.der) != code(old.der) || code(r.contactor) != code(old.contactor)
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

/// States without what they carry: `hold` and deadlines move while a state stays.
private func code(_ state: IslandingState?) -> Int {
    switch state {
    case nil: 0
    case .gridTied: 1
    case .opening: 2
    case .islanded: 3
    case .resynchronising: 4
    case .closing: 5
    case .blackStart: 6
    case .fault: 7
    }
}
/// Found out while the switch stays open: lost, or rejected.
private func reason(_ state: IslandingState?) -> IslandReason? {
    switch state {
    case .opening(let reason, _), .islanded(let reason, _, _), .resynchronising(let reason): reason
    default: nil
    }
}
private func code(_ state: SourceState?) -> Int {
    switch state {
    case nil: 0
    case .off: 1
    case .observing: 2
    case .following: 3
    case .forming: 4
    case .blackStarting: 5
    case .tripped: 6
    }
}
private func code(_ state: DERState?) -> Int {
    switch state {
    case nil: 0
    case .outOfService: 1
    case .tripped: 2
    case .enteringService: 3
    case .continuous: 4
    case .mandatory: 5
    case .permissive: 6
    case .momentaryCessation: 7
    case .ceased: 8
    }
}
private func code(_ state: ContactorState?) -> Int {
    switch state {
    case nil: 0
    case .open: 1
    case .preCharging: 2
    case .closing: 3
    case .settling: 4
    case .closed: 5
    case .opening: 6
    case .waiting: 7
    case .welded: 8
    }
}
