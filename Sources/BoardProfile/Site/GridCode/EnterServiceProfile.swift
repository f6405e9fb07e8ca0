/// When the grid is fit to connect to, and how power returns: IEEE 1547-2018, 4.10; EN 50549-1, 4.10.
public struct EnterServiceProfile: Sendable, Equatable {
    /// Where the standard says so.
    public var clause: String?
    /// Phase voltage, per unit of nominal.
    public var low_pu: Adjustable?
    public var high_pu: Adjustable?
    public var low_Hz: Adjustable?
    public var high_Hz: Adjustable?
    /// How long the grid must stay inside.
    public var delay_s: Adjustable?
    /// Time outside that restarts the delay.
    public var excursion_s: Adjustable?
    /// From nothing to rated power.
    public var ramp_s: Adjustable?
    /// Most that is added to the delay by lot, so that a street does not return in one instant.
    public var randomDelay_s: Adjustable?
    /// False: stays out of service whatever the grid is like.
    public var isPermitted: Bool?
    public init() {}

    /// Of a file that says nothing.
    static var standard: EnterServiceProfile {
        var enter = EnterServiceProfile()
        enter.low_pu = Adjustable(0.85)
        enter.high_pu = Adjustable(1.10)
        enter.low_Hz = Adjustable(49.5)
        enter.high_Hz = Adjustable(50.2)
        enter.delay_s = Adjustable(60)
        enter.excursion_s = Adjustable(0.05)
        enter.ramp_s = Adjustable(300)
        enter.randomDelay_s = Adjustable(0)
        enter.isPermitted = true
        return enter
    }
}

extension EnterServiceProfile {
    static func section(in writer: Writer) -> Section<EnterServiceProfile> {
        Section(
            "Enter service", of: writer == .code ? .standard : EnterServiceProfile(),
            "When the grid is fit to connect to, and how power returns."
        ) { s in
            s.clause(\.clause, in: writer)
            s.adjustable("low_pu", \.low_pu, 0.5...1, "Lowest voltage.", in: writer)
            s.adjustable("high_pu", \.high_pu, 1...1.3, "Highest voltage.", in: writer)
            s.adjustable("low_Hz", \.low_Hz, 45...60, "Lowest frequency.", in: writer)
            s.adjustable("high_Hz", \.high_Hz, 50...66, "Highest frequency.", in: writer)
            s.adjustable(
                "delay_s", \.delay_s, 0...3600, "How long it must stay inside.", in: writer)
            s.adjustable(
                "excursion_s", \.excursion_s, 0...1, "Time outside that restarts the delay.",
                in: writer)
            s.adjustable(
                "ramp_s", \.ramp_s, 0...3600, "From nothing to rated power; 0 is at once.",
                in: writer)
            s.adjustable(
                "random_delay_s", \.randomDelay_s, 0...3600,
                "Most that is added to the delay by lot; 0 is none.", in: writer)
            s.adjustable(
                "permit", \.isPermitted, "False: stays out of service whatever the grid is like.",
                in: writer)
            s.ascending(\.low_Hz, \.high_Hz)
            s.ascending(\.low_pu, \.high_pu)
        }
    }
}

extension Section {
    /// Where the standard says what a section of a grid code says.
    mutating func clause(_ path: Path<Root, String?>, in writer: Writer) {
        if writer == .board { return }
        text("clause", path, "Where the standard says so.", example: "4.10.2, table 4")
    }
}
