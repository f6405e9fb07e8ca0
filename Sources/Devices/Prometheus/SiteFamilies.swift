import Control

extension SiteMetrics {
    static let up = Family(
        "skerry_up", .gauge, "1 where the controller is connected and says something, else 0.")
    static let age = Family(
        "skerry_record_age_seconds", .gauge, "Since the newest record came; +Inf before the first.")
    static let rate = Family("skerry_tick_rate_hertz", .gauge, "Ticks that are due in a second.")
    static let connections = Family(
        "skerry_link_connections_total", .counter, "Connections made to the controller.")
    static let lost = Family(
        "skerry_link_lost_records_total", .counter, "Records that were due and did not come.")
    static let ticks = Family(
        "skerry_ticks_total", .counter, "Ticks of the controller, missed ones too.")
    static let missed = Family(
        "skerry_missed_ticks_total", .counter, "Ticks that the controller missed.")
    static let refusedSetpoints = Family(
        "skerry_refused_setpoints_total", .counter,
        "Setpoints that the controller refused: outside its limits, or over before they came.")
    static let energyIn = Family(
        "skerry_energy_in_joules_total", .counter,
        "Energy through the measured connection into the bus.")
    static let energyOut = Family(
        "skerry_energy_out_joules_total", .counter,
        "Energy through the measured connection out of the bus.")
    static let state = Family(
        "skerry_state", .gauge,
        "1 for the state a machine of the controller is in, 0 for its others; 0 for all where nobody knows."
    )
    static let presence = Family(
        "skerry_presence", .gauge,
        "1 for what is proved of a side of the islanding switch, else 0; 0 for all where nobody knows."
    )
    static let load = Family(
        "skerry_load_connected", .gauge, "1 where a load group is connected, 0 where it is shed.")
    static let blind = Family(
        "skerry_channel_blind", .gauge,
        "1 where a channel cannot be believed, else 0; each that ever was blind.")
    static let tripped = Family(
        "skerry_stage_tripped", .gauge, "1 where a stage of protection has tripped, else 0.")
    static let refusedStatus = Family(
        "skerry_refused_status_total", .counter,
        "Figures in what the controller's program says of itself that are no whole numbers.")

    /// All that a controller may have, each once.
    public static let families: [Family] = {
        var families = [
            up, age, rate, connections, lost, ticks, missed, refusedSetpoints, energyIn, energyOut,
            state, presence, load, blind, tripped, refusedStatus, Told.wake, Told.cycle,
        ]
        families += Figure.all.map(\.family)
        for count in Told.counts where !families.contains(count.family) {
            families.append(count.family)
        }
        return families
    }()
}
