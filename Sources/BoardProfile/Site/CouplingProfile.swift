/// The islanding switch and who steers the island.
public struct CouplingProfile: Sendable, Equatable {
    public var name = "pcc"
    public var rated_A = 100.0
    public var switchClose_s = 0.05
    public var switchOpen_s = 0.03
    /// Overrides of the grid code for a site that may re-enter sooner; nil: the code's.
    public var enterDelay_s: Double?
    public var syncAim_deg = 3.0
    public var diagnose_s = 0.2
    public var retry_s = 5.0
    public var attempts = 3
    public var deadBus_s = 5.0
    public var syncAlarm_s = 300.0
    public var frequencyGain_per_s = 1.0
    public var voltageGain_per_s = 0.5
    /// How often, and how late, offsets and state reach the homes (a change of state at once);
    /// every 0: no talk at all.
    public var linkEvery_s = 0.1
    public var linkDelay_s = 0.05
    /// False: a service switch that stays closed; the grid code is kept by each DER behind it.
    public var isProtected = true
    /// In place of the grid code's stages of the same name, or besides them. The reader has put
    /// them into `SiteProfile.gridCode`.
    public var stages: [StageProfile] = []
    public init() {}
}

extension CouplingProfile {
    static let section = Section(
        "Coupling", of: CouplingProfile(),
        "The point of common coupling: the islanding switch, and the controller that owns it."
    ) { s in
        s.name("name", \.name, of: ["board"], "How reports and scenarios call it.")
        s.number("rated_A", \.rated_A, 1...10_000, "Rated current of the switch.")
        s.group("switch", "Switch", "How fast the islanding switch moves.") { s in
            s.duration("close_s", \.switchClose_s, 0.001...1, "Travel time to closed.")
            s.duration("open_s", \.switchOpen_s, 0.001...1, "Travel time to open.")
        }
        s.duration(
            "enter_delay_s", \.enterDelay_s, 0...3600,
            "Wait for a fit grid, in place of the grid code's.")
        s.number(
            "sync_aim_deg", \.syncAim_deg, 0.5...20,
            "Phase across the switch at which closing is aimed.")
        s.duration(
            "diagnose_s", \.diagnose_s, 0.05...5,
            "Time after opening to tell a lost grid from an unfit one.")
        s.duration("retry_s", \.retry_s, 0.1...600, "Wait after a closing that failed.")
        s.integer(
            "attempts", \.attempts, 1...20, "Closings that may fail before a person is needed.")
        s.duration(
            "dead_bus_s", \.deadBus_s, 0.5...600,
            "A bus dead this long beside a sound grid is energised from it.")
        s.duration(
            "sync_alarm_s", \.syncAlarm_s, 1...86_400,
            "Out of step with a sound grid for this long is told; it goes on trying.")
        s.group(
            "secondary", "Secondary control", "Brings the island back to nominal."
        ) { s in
            s.number(
                "frequency_gain_per_s", \.frequencyGain_per_s, 0...10,
                "Integral gain on the frequency error.", source: "Simpson-Porco et al. 2013")
            s.number(
                "voltage_gain_per_s", \.voltageGain_per_s, 0...10,
                "Integral gain on the voltage error.")
        }
        s.group("link", "Link", "The slow talk from the coupling to the homes.") { s in
            s.duration("every_s", \.linkEvery_s, 0...10, "Time between messages; 0 is no talk.")
            s.duration("delay_s", \.linkDelay_s, 0...10, "How late a message arrives.")
        }
        s.flag(
            "interface_protection", \.isProtected,
            "False: a service switch that stays closed, whatever the grid is like; each DER keeps the grid code itself."
        )
        s.list(
            "stages", \.stages, 0...24, StageProfile.section, named: \.name,
            "Stages in place of the grid code's of the same name, or besides them.")
        s.rule { coupling, check in
            for (n, stage) in coupling.stages.enumerated() {
                if stage.action == "trip_source" || stage.action == "cease" {
                    check.refuse(
                        \.stages, item: n, key: "action", "has no source to trip at the coupling",
                        "write island or alarm")
                }
                if let unseen = stage.unseen(["grid_", "bus_", "current"]) {
                    check.refuse(
                        \.stages, item: n, key: "watches",
                        "is not sensed at the coupling", unseen)
                }
            }
        }
    }
}

extension StageProfile {
    /// Nil where what is watched begins with one of `starts`; otherwise what could be watched.
    func unseen(_ starts: [String]) -> String? {
        if starts.contains(where: { watched.hasPrefix($0) }) { return nil }
        let seen = Self.watchedKeys.map(\.key).filter { key in
            starts.contains { key.hasPrefix($0) }
        }
        return "write \(oneOf(seen))"
    }
}
