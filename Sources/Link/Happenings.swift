import Control

/// Tells records at which something happened: a state, a verdict, a cause, an output or a load group
/// differs from the record before. What only measures, or toggles by itself, does not count.
struct Happenings {
    private struct Marks: Equatable {
        var tripped: UInt32
        var blinded: UInt32
        var blind: ChannelSet
        var mustIsland: Bool
        var mustTripSource: Bool
        var mustCease: Bool
        var outputs: LineSet
        var mode: InverterMode
        var converter: Bool
        var grid: Presence
        var bus: Presence
        var islanding: IslandingState?
        var source: SourceState?
        var der: DERState?
        var contactor: ContactorState?
        var islandCause: Cause
        var sourceCause: Cause
        var derCause: Cause
        var contactorCause: Cause
        var isSyncLate: Bool
        var loads: UInt8
        var disobedient: LineSet
        var refused: UInt32

        init(_ r: borrowing Record) {
            (tripped, blinded, blind) = (r.verdict.tripped, r.verdict.blinded, r.verdict.blind)
            (mustIsland, mustTripSource) = (r.verdict.mustIsland, r.verdict.mustTripSource)
            mustCease = r.verdict.mustCease
            outputs = r.command.outputs
            outputs[Output.heartbeat] = false
            (mode, converter) = (r.command.inverter.mode, r.command.converter.isOn)
            (grid, bus) = (r.gridPresence, r.busPresence)
            (islanding, source, contactor) = (r.islanding, r.source, r.contactor)
            (der, derCause) = (r.der, r.derCause)
            islandCause = r.islandCause
            (sourceCause, contactorCause) = (r.sourceCause, r.contactorCause)
            (isSyncLate, loads) = (r.isSyncLate, r.loads)
            (disobedient, refused) = (r.disobedient, r.refusedSetpoints)
        }
    }
    private var last: Marks?

    /// The first record is none: there is nothing it differs from.
    mutating func isEvent(_ record: borrowing Record) -> Bool {
        let marks = Marks(record)
        defer { last = marks }
        return last.map { $0 != marks } ?? false
    }
}
