import BoardProfile
import Control
import Plant
import SimBoard

/// One thing that happens, as written: a moment, and exactly one of the rest.
public struct Event: Sendable, Equatable {
    public var at_s: Double?
    /// Time of day, `18:30` or `18:30:15`.
    public var at: String?
    public var note: String?
    public var grid: String?
    public var gridFault_ohm: Double?
    public var sag: Sag?
    public var frequency_Hz: Double?
    public var ramp: Ramp?
    public var harmonic: Harmonic?
    public var negativeSequence_pu: Double?
    public var impedance: Impedance?
    public var others: Others?
    public var busFault_ohm: Double?
    public var bus: String?
    public var fault: Fault?
    public var relay: RelayEvent?
    public var clear: Clear?
    public var driver: Driver?
    public var link: String?
    public var wish: String?
    public var demand: Demand?
    public var irradiance: Irradiance?
    public var wind: Wind?
    public var charging: Charging?
    public init() {}
}

extension Event {
    static let kinds = [
        "grid", "grid_fault_ohm", "sag", "frequency_Hz", "ramp", "harmonic",
        "negative_sequence_pu", "impedance", "others", "bus_fault_ohm", "bus", "fault", "relay",
        "clear", "driver", "link", "wish", "demand", "irradiance", "wind", "charging",
    ]
    /// What only waveforms can show.
    var isWaveformOnly: Bool {
        harmonic != nil || negativeSequence_pu != nil || sag?.phases_pu.isEmpty == false
    }

    /// The key of what only a village knows: the grid, the wind, cars.
    var alternatingKey: String? {
        if grid != nil { return "grid" }
        if gridFault_ohm != nil { return "grid_fault_ohm" }
        if sag != nil { return "sag" }
        if frequency_Hz != nil { return "frequency_Hz" }
        if ramp != nil { return "ramp" }
        if harmonic != nil { return "harmonic" }
        if negativeSequence_pu != nil { return "negative_sequence_pu" }
        if impedance != nil { return "impedance" }
        if others != nil { return "others" }
        if wind != nil { return "wind" }
        return charging != nil ? "charging" : nil
    }

    static let section = Section(
        "Event", of: Event(), "One thing that happens, and when."
    ) { s in
        s.duration("at_s", \.at_s, 0...31_622_400, "Time since the run began.", .alternative)
        s.text(
            "at", \.at, form: .clock, "Time of day; a run begins at midnight.", .alternative,
            example: "18:30")
        s.oneOf(["at_s", "at"], "time")
        s.text("note", \.note, "Words for the report, in place of ours.")
        s.choice(
            "grid", \.grid, of: ["loss", "restoration", "clearance"],
            "The feeder opens, closes again, or its short circuit is cleared.", .alternative)
        s.number(
            "grid_fault_ohm", \.gridFault_ohm, 0.001...100,
            "A three-phase short circuit on the grid's side.", .alternative)
        s.section("sag", \.sag, Sag.section, "", .alternative)
        s.number(
            "frequency_Hz", \.frequency_Hz, 40...70, "The grid's frequency steps to this.",
            .alternative)
        s.section("ramp", \.ramp, Ramp.section, "", .alternative)
        s.section("harmonic", \.harmonic, Harmonic.section, "", .alternative)
        s.number(
            "negative_sequence_pu", \.negativeSequence_pu, 0...1,
            "Negative-sequence voltage of the grid.", .alternative)
        s.section("impedance", \.impedance, Impedance.section, "", .alternative)
        s.section("others", \.others, Others.section, "", .alternative)
        s.number(
            "bus_fault_ohm", \.busFault_ohm, 0.001...100,
            "A three-phase short circuit on the village bus.", .alternative)
        s.choice(
            "bus", \.bus, of: ["clearance"], "The short circuit on the village bus is cleared.",
            .alternative)
        s.section("fault", \.fault, Fault.section, "", .alternative)
        s.section("relay", \.relay, RelayEvent.section, "", .alternative)
        s.section("clear", \.clear, Clear.section, "", .alternative)
        s.section("driver", \.driver, Driver.section, "", .alternative)
        s.choice(
            "link", \.link, of: ["up", "down"], "The talk between the coupling and the homes.",
            .alternative)
        s.choice(
            "wish", \.wish, of: ["island", "connect", "isolate", "acknowledge"],
            "A person asks for an island, for the grid, to stay off it, or resets a trip.",
            .alternative)
        s.section("demand", \.demand, Demand.section, "", .alternative)
        s.section("irradiance", \.irradiance, Irradiance.section, "", .alternative)
        s.section("wind", \.wind, Wind.section, "", .alternative)
        s.section("charging", \.charging, Charging.section, "", .alternative)
        s.oneOf(kinds, "happening")
    }

    /// Seconds since the run began.
    var time_s: Double {
        if let at_s { return at_s }
        let parts = (at ?? "").split(separator: ":").compactMap { Double($0) }
        return zip(parts, [3600, 60, 1]).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

extension TextForm {
    /// A time of day.
    static let clock = TextForm(
        "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", "a time of day, hours and minutes",
        limit: 8)
    /// A day.
    static let day = TextForm(
        "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "a day as year-month-day",
        limit: 10)
}
