/// Active power by frequency: IEEE 1547-2018, 6.5.2.7; LFSM-O and LFSM-U of EN 50549-1, 4.6.
public struct FrequencyDroopProfile: Sendable, Equatable {
    /// What a full droop's power is a share of.
    public enum Base: String, CaseIterable, ChoiceValue {
        /// Rated active power.
        case rated
        /// The power at the moment the dead band was left.
        case preDisturbance = "pre_disturbance"
    }
    public var clause: String?
    /// Above nominal, and below it.
    public var isOverEnabled: Bool?
    public var isUnderEnabled: Bool?
    /// From nominal to where the response begins, above and below.
    public var deadbandOver_Hz: Adjustable?
    public var deadbandUnder_Hz: Adjustable?
    /// Change of frequency, per unit of nominal, for a change of power by its base.
    public var droopOver_pu: Adjustable?
    public var droopUnder_pu: Adjustable?
    public var base: Base?
    /// Open loop, to 90 % of a step.
    public var response_s: Adjustable?
    /// From leaving the dead band to the first response.
    public var delay_s: Adjustable?
    /// Fastest return of power, as a share of the rating; nil: as the response has it.
    public var release_per_s: Adjustable?
    public init() {}

    static var standard: FrequencyDroopProfile {
        var droop = FrequencyDroopProfile()
        droop.isOverEnabled = true
        droop.isUnderEnabled = true
        droop.delay_s = Adjustable(0)
        droop.base = .rated
        return droop
    }

    static func section(in writer: Writer) -> Section<FrequencyDroopProfile> {
        Section(
            "Frequency droop", of: writer == .code ? .standard : FrequencyDroopProfile(),
            "Active power by frequency."
        ) { s in
            s.clause(\.clause, in: writer)
            s.adjustable(
                "over_enabled", \.isOverEnabled, "Whether it is on above nominal.", in: writer)
            s.adjustable(
                "under_enabled", \.isUnderEnabled, "Whether it is on below nominal.", in: writer)
            s.adjustable(
                "deadband_over_Hz", \.deadbandOver_Hz, 0.001...5,
                "Above nominal by this, power falls.", .required, in: writer, example: 0.036)
            s.adjustable(
                "deadband_under_Hz", \.deadbandUnder_Hz, 0.001...5,
                "Below nominal by this, power rises as far as there is more.", .required,
                in: writer, example: 0.036)
            s.adjustable(
                "droop_over_pu", \.droopOver_pu, 0.01...1,
                "Rise of frequency, per unit of nominal, that takes all power away.", .required,
                in: writer, example: 0.05)
            s.adjustable(
                "droop_under_pu", \.droopUnder_pu, 0.01...1,
                "Fall of frequency, per unit of nominal, that asks for all power.", .required,
                in: writer, example: 0.05)
            s.adjustable(
                "base", \.base,
                "What power is a share of: rated, or the power as the dead band was left.",
                in: writer)
            s.adjustable(
                "response_s", \.response_s, 0.01...60, "Open loop, to 90 % of a step.", .required,
                in: writer, example: 5)
            s.adjustable(
                "delay_s", \.delay_s, 0...60, "From leaving the dead band to the first response.",
                in: writer)
            s.adjustable(
                "release_per_s", \.release_per_s, 0.0001...100,
                "Fastest return of power, as a share of the rating.", .alternative, in: writer)
        }
    }
}
