/// How an unseen island is driven out of the window: IEEE 1547-2018, 8.1; IEC 62116. No standard has
/// these numbers; they are how this controller meets the two seconds.
public struct AntiIslandingProfile: Sendable, Equatable {
    public var clause: String?
    /// Reactive power absorbed, per unit of the rating, for each hertz above the mean.
    public var gain_per_Hz: Adjustable?
    public var most_pu: Adjustable?
    /// Time constant of the mean.
    public var washout_s: Adjustable?
    public init() {}

    static func section(in writer: Writer) -> Section<AntiIslandingProfile> {
        Section(
            "Anti-islanding", of: AntiIslandingProfile(),
            "Reactive power that pushes a frequency on in the way it moves."
        ) { s in
            s.clause(\.clause, in: writer)
            s.adjustable(
                "gain_per_Hz", \.gain_per_Hz, 0...5,
                "Reactive power, of the active power that flows, for each hertz; 0 is off.",
                .required, in: writer,
                example: 0.2)
            s.adjustable(
                "most_pu", \.most_pu, 0...1, "Most of it, of the rating.", .required, in: writer,
                example: 0.25)
            s.adjustable(
                "washout_s", \.washout_s, 0.1...60, "Time constant of the mean frequency.",
                .required, in: writer, example: 2)
        }
    }
}
