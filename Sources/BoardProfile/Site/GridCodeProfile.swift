/// A grid code as written: windows and stages, each with its clause in the file's comments.
public struct GridCodeProfile: Sendable, Equatable {
    public var title = ""
    public var stages: [StageProfile] = []
    public var enterLow_pu = 0.85
    public var enterHigh_pu = 1.10
    public var enterLow_Hz = 49.5
    public var enterHigh_Hz = 50.2
    public var enterDelay_s = 60.0
    public var enterExcursion_s = 0.05
    public var syncSlip_Hz = 0.3
    public var syncVoltage_pu = 0.10
    public var syncAngle_deg = 20.0
    /// Accuracy asked of what is measured in steady state: IEEE 1547-2018 Table 3 has voltage within
    /// 1 % of nominal, frequency within 10 mHz, active and reactive power within 5 % of the rating.
    public var voltageAccuracy_pu = 0.01
    public var frequencyAccuracy_Hz = 0.01
    public var powerAccuracy_pu = 0.05
    public init() {}
}

extension GridCodeProfile {
    /// A file of `boards/grid-codes`.
    public static let section = Section(
        "Grid code", of: GridCodeProfile(),
        "What a distribution network asks of a site: when to leave, when and how to come back."
    ) { s in
        s.text("title", \.title, "The standard in words.", .required, example: "EN 50549-1:2019")
        s.group("enter_service", "Enter service", "When the grid is fit to connect to.") { s in
            s.number("low_pu", \.enterLow_pu, 0.5...1, "Lowest voltage.")
            s.number("high_pu", \.enterHigh_pu, 1...1.3, "Highest voltage.")
            s.number("low_Hz", \.enterLow_Hz, 45...60, "Lowest frequency.")
            s.number("high_Hz", \.enterHigh_Hz, 50...65, "Highest frequency.")
            s.duration("delay_s", \.enterDelay_s, 0...3600, "How long it must stay inside.")
            s.duration(
                "excursion_s", \.enterExcursion_s, 0...1,
                "Time outside that restarts the delay.")
            s.ascending(\.enterLow_Hz, \.enterHigh_Hz)
            s.ascending(\.enterLow_pu, \.enterHigh_pu)
        }
        s.group(
            "synchronisation", "Synchronisation", "The differences at which the switch may close."
        ) { s in
            s.number("slip_Hz", \.syncSlip_Hz, 0.01...1, "Greatest difference of frequency.")
            s.number("voltage_pu", \.syncVoltage_pu, 0.01...0.2, "Greatest difference of voltage.")
            s.number("angle_deg", \.syncAngle_deg, 1...30, "Greatest difference of phase.")
        }
        s.group(
            "accuracy", "Accuracy", "What measurements must keep to in steady state."
        ) { s in
            s.number(
                "voltage_pu", \.voltageAccuracy_pu, 0.0005...0.1, "Of nominal voltage.",
                source: "IEEE 1547-2018 Table 3")
            s.number(
                "frequency_Hz", \.frequencyAccuracy_Hz, 0.0005...0.2, "Of frequency.",
                source: "IEEE 1547-2018 Table 3")
            s.number(
                "power_pu", \.powerAccuracy_pu, 0.001...0.2, "Of the rated apparent power.",
                source: "IEEE 1547-2018 Table 3")
        }
        s.list(
            "stages", \.stages, 1...24, StageProfile.section, named: \.name,
            "Protection on the grid's side, at the point of common coupling.", .required)
        s.rule { code, check in
            for (n, stage) in code.stages.enumerated() {
                code.refuseSource(stage, n, \.stages, &check)
                code.checkWindow(stage, n, &check)
            }
        }
    }

    /// A grid code has no source of its own to trip.
    private func refuseSource(
        _ stage: StageProfile, _ n: Int, _ path: PartialKeyPath<GridCodeProfile>,
        _ check: inout Check<GridCodeProfile>
    ) {
        if stage.action == "trip_source" {
            check.refuse(
                path, item: n, key: "action", "has no source to trip at the coupling",
                "write island or alarm")
        }
    }

    /// The grid must not be fit to connect to where it is unfit to stay connected to.
    private func checkWindow(
        _ stage: StageProfile, _ n: Int, _ check: inout Check<GridCodeProfile>
    ) {
        guard let (key, remedy) = conflict(stage) else { return }
        check.refuse(
            \.stages, item: n, key: key, "is inside the window of enter_service", remedy)
    }

    /// Nil, or the pickup of `stage` that lies inside the window to connect in, and what to do.
    func conflict(_ stage: StageProfile) -> (key: String, remedy: String)? {
        guard stage.action == "island", let watched = stage.watchedKey else { return nil }
        let (low, high, unit): (Double, Double, StageUnit)
        switch watched.watched {
        case .gridLowest, .gridHighest: (low, high, unit) = (enterLow_pu, enterHigh_pu, .pu)
        case .gridFrequency: (low, high, unit) = (enterLow_Hz, enterHigh_Hz, .Hz)
        default: return nil
        }
        let over = stage.effectiveSense == "over"
        if over ? stage.pickup >= high : stage.pickup <= low { return nil }
        return (
            "pickup_\(unit)",
            over
                ? "make it at least enter_service.high_\(unit) (\(plain(high)))"
                : "make it at most enter_service.low_\(unit) (\(plain(low)))"
        )
    }
}
