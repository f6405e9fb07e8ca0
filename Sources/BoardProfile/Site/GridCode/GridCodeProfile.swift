/// A grid code as written: windows, stages and support functions, each number with the range an
/// operator may choose it from, and the clause that says so.
public struct GridCodeProfile: Sendable, Equatable, Supporting {
    public var title = ""
    /// As messages name it: `IEEE 1547-2018`; nil: the title.
    public var standard: String?
    public var stages: [StageProfile] = []
    public var enter = EnterServiceProfile.standard
    public var syncSlip_Hz = 0.3
    public var syncVoltage_pu = 0.10
    public var syncAngle_deg = 20.0
    public var measurement = MeasurementProfile()
    /// Nil: nothing is asked.
    public var rideThrough: RideThroughProfile?
    public var support = SupportProfile()
    /// What a DER of normal performance category A does otherwise: IEEE 1547-2018, 5.2.
    public var categoryA: CategoryProfile?
    /// What the support functions call voltage on three phases.
    public var voltageEvaluation = VoltageEvaluationWord.positiveSequence
    public init() {}
}

/// What stands for the voltages of three phases: IEEE 1547-2018, 5.3.3 leaves both open.
public enum VoltageEvaluationWord: String, CaseIterable, Sendable, ChoiceValue {
    case positiveSequence = "positive_sequence"
    case phaseAverage = "phase_average"
}

/// Functions of a normal performance category.
public struct CategoryProfile: Sendable, Equatable, Supporting {
    public var support = SupportProfile()
    public init() {}

    static let section = Section(
        "Category A", of: CategoryProfile(),
        "What a DER of normal performance category A does otherwise."
    ) { s in SupportProfile.describe(&s, in: .code) }
}

extension GridCodeProfile {
    public var enterLow_pu: Double { enter.low_pu?.value ?? 0.85 }
    public var enterHigh_pu: Double { enter.high_pu?.value ?? 1.10 }
    public var enterLow_Hz: Double { enter.low_Hz?.value ?? 49.5 }
    public var enterHigh_Hz: Double { enter.high_Hz?.value ?? 50.2 }
    public var enterDelay_s: Double { enter.delay_s?.value ?? 60 }
    public var enterExcursion_s: Double { enter.excursion_s?.value ?? 0.05 }
    public var voltageAccuracy_pu: Double { measurement.voltage_pu }
    public var frequencyAccuracy_Hz: Double { measurement.frequency_Hz }
    public var powerAccuracy_pu: Double { measurement.power_pu }
    /// As messages name it.
    var source: String { standard ?? title }

    /// The functions of a category.
    func support(isCategoryA: Bool) -> SupportProfile {
        guard isCategoryA, let other = categoryA?.support else { return support }
        var all = support
        all.reactive = other.reactive ?? all.reactive
        all.constantPowerFactor = other.constantPowerFactor ?? all.constantPowerFactor
        all.voltVar = other.voltVar ?? all.voltVar
        all.wattVar = other.wattVar ?? all.wattVar
        all.constantReactive = other.constantReactive ?? all.constantReactive
        all.voltWatt = other.voltWatt ?? all.voltWatt
        all.frequencyDroop = other.frequencyDroop ?? all.frequencyDroop
        all.activeLimit = other.activeLimit ?? all.activeLimit
        all.antiIslanding = other.antiIslanding ?? all.antiIslanding
        return all
    }
}

extension GridCodeProfile {
    /// A file of `boards/grid-codes`.
    public static let section = Section(
        "Grid code", of: GridCodeProfile(),
        "What a distribution network asks of a site: when to leave, when and how to come back, what to stay through and how to help."
    ) { s in
        s.text("title", \.title, "The standard in words.", .required, example: "EN 50549-1:2019")
        s.text(
            "standard", \.standard, "As messages name it; the title if left out.",
            example: "IEEE 1547-2018")
        s.section("enter_service", \.enter, EnterServiceProfile.section(in: .code))
        s.group(
            "synchronisation", "Synchronisation", "The differences at which the switch may close."
        ) { s in
            s.number("slip_Hz", \.syncSlip_Hz, 0.01...1, "Greatest difference of frequency.")
            s.number("voltage_pu", \.syncVoltage_pu, 0.01...0.2, "Greatest difference of voltage.")
            s.number("angle_deg", \.syncAngle_deg, 1...30, "Greatest difference of phase.")
        }
        s.section("accuracy", \.measurement, MeasurementProfile.section)
        s.list(
            "stages", \.stages, 1...24, StageProfile.section(in: .code), named: \.name,
            "Protection on the grid's side, at the point of common coupling.", .required)
        s.section("ride_through", \.rideThrough, RideThroughProfile.section)
        s.choice(
            "voltage_evaluation", \.voltageEvaluation,
            "What the support functions call voltage on three phases.")
        SupportProfile.describe(&s, in: .code)
        s.section("category_a", \.categoryA, CategoryProfile.section)
        s.rule { code, check in
            for (n, stage) in code.stages.enumerated() {
                code.refuseSource(stage, n, \.stages, &check)
                code.checkWindow(stage, n, &check)
                if let (message, remedy) = code.impatience(stage) {
                    check.refuse(\.stages, item: n, key: "clearing_s", message, remedy)
                }
            }
            if let fault = code.enterOutside {
                check.refuse(key: "enter_service.\(fault.key)", fault.message, fault.remedy)
            }
        }
    }

    /// A grid code has no source of its own to trip.
    private func refuseSource(
        _ stage: StageProfile, _ n: Int, _ path: PartialKeyPath<GridCodeProfile>,
        _ check: inout Check<GridCodeProfile>
    ) {
        if stage.action == "trip_source" || stage.action == "cease" {
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
}
