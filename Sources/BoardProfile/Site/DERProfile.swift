/// A distributed energy resource under the site's grid code: a home whose inverter follows the grid
/// and obeys the code, instead of forming a bus.
public struct DERProfile: Sendable, Equatable, Supporting {
    public enum Kind: String, CaseIterable, ChoiceValue {
        /// Gives whatever sun and wind have.
        case pv
        /// Follows the dispatcher's wish, both ways.
        case storage
    }
    /// Normal performance category: how much reactive power there is (IEEE 1547-2018, 5.2).
    public enum Category: String, CaseIterable, ChoiceValue { case A, B }

    public var kind = Kind.pv
    public var category = Category.B
    /// Most active power out; nil: the inverter's apparent power.
    public var rating_W: Double?
    /// Most active power in; nil: as out for storage, none for PV.
    public var charge_W: Double?
    /// Most reactive power; nil: what the code asks for.
    public var inject_var: Double?
    public var absorb_var: Double?
    /// Most current, per unit of what carries the apparent power at nominal voltage.
    public var current_pu = 1.136
    /// The inverter stops this soon after it is told to.
    public var stop_s = 0.005
    public var hasNeutral = true
    /// In place of the code's: what an operator has chosen.
    public var stages: [StageChoice] = []
    public var enter = EnterServiceProfile()
    public var support = SupportProfile()
    public var voltageEvaluation: VoltageEvaluationWord?
    /// The site's grid code with these choices in it; the reader has put it here.
    public var code = GridCodeProfile()
    public init() {}
}

/// What an operator chooses of a stage of the grid code.
public struct StageChoice: Sendable, Equatable {
    public var name = ""
    /// In the unit of its key.
    public var pickup: Double?
    var unit: StageUnit?
    public var clearing_s: Double?
    public init() {}

    subscript(pickup unit: StageUnit) -> Double? {
        get { self.unit == unit ? pickup : nil }
        set {
            pickup = newValue
            self.unit = newValue == nil ? nil : unit
        }
    }
    /// What a grid watches.
    static let units: [StageUnit] = [.pu, .Hz, .Hz_per_s, .deg]

    static let section = Section(
        "Stage choice", of: StageChoice(), "What an operator chooses of a stage of the grid code."
    ) { s in
        s.text(
            "name", \.name, form: .name, "The stage's name in the grid code.", .required,
            example: "UV1")
        for unit in units {
            s.number(
                "pickup_\(unit)", \.[pickup: unit], unit.range,
                "In place of the code's.", .alternative)
        }
        s.duration(
            "clearing_s", \.clearing_s, 0...3600, "In place of the code's.", .alternative)
        s.rule { choice, check in
            let written = units.filter { check.isWritten(\.[pickup: $0]) }
            if written.count > 1 {
                check.refuse(
                    \.[pickup: written[1]], "stands beside pickup_\(written[0])",
                    "keep one of them")
            } else if written.isEmpty, choice.clearing_s == nil {
                check.refuse(\.name, "chooses nothing", "add a pickup or clearing_s")
            }
        }
    }
}

extension DERProfile {
    static let section = Section(
        "DER", of: DERProfile(),
        "A distributed energy resource under the site's grid code: the inverter follows the grid."
    ) { s in
        s.choice("kind", \.kind, "What is behind the inverter.", .required)
        s.choice(
            "category", \.category, "Normal performance category: its reactive power.",
            source: "IEEE 1547-2018, 5.2")
        s.number(
            "rating_W", \.rating_W, 1...1_000_000,
            "Most active power out; the inverter's rating if left out.")
        s.number(
            "charge_W", \.charge_W, 0...1_000_000,
            "Most active power in; as out for storage if left out.")
        s.number(
            "inject_var", \.inject_var, 0...1_000_000,
            "Most reactive power injected; what the grid code asks for if left out.")
        s.number("absorb_var", \.absorb_var, 0...1_000_000, "Most reactive power absorbed.")
        s.number(
            "current_pu", \.current_pu, 0.5...3,
            "Most current, of what carries the rating at nominal voltage.")
        s.duration("stop_s", \.stop_s, 0...0.2, "From being told to stop to no current.")
        s.flag(
            "neutral", \.hasNeutral, "The phases are measured against a neutral.")
        s.list(
            "stages", \.stages, 0...24, StageChoice.section, named: \.name,
            "What is chosen of the grid code's stages.")
        s.section("enter_service", \.enter, EnterServiceProfile.section(in: .board))
        SupportProfile.describe(&s, in: .board)
        s.choice(
            "voltage_evaluation", \.voltageEvaluation,
            "What the support functions call voltage on three phases.", .alternative)
    }

    /// The grid code's stages as this DER has them: on its own terminals, and it is the DER that
    /// ceases.
    public var protection: [StageProfile] {
        code.stages.filter { !$0.isSiteOnly }.map { stage in
            var own = stage
            if own.watched.hasPrefix("grid_") {
                own.watched = "bus_" + stage.watched.dropFirst("grid_".count)
            }
            if stage.action == "island" { own.action = "cease" }
            return own
        }.filter { $0.watchedKey != nil }
    }

    /// Its grid code with its choices in it, and what of them the code does not allow.
    func narrowed(_ whole: GridCodeProfile) -> (code: GridCodeProfile, faults: [ChoiceFault]) {
        var code = whole
        code.support = whole.support(isCategoryA: category == .A)
        code.categoryA = nil
        var faults: [ChoiceFault] = []
        for (n, choice) in stages.enumerated() {
            guard let at = code.stages.firstIndex(where: { $0.name == choice.name }) else {
                faults.append(
                    ChoiceFault(
                        key: "stages[\(n)].name", message: "is no stage of the grid code",
                        remedy: "write \(oneOf(code.stages.map(\.name)))"))
                continue
            }
            faults += choice.narrow(&code.stages[at]).map {
                $0.below("stages[\(n)]", clause: code.stages[at].clause)
            }
        }
        faults += EnterServiceProfile.section(in: .board).narrow(&code.enter, by: enter).map {
            $0.below("enter_service", clause: code.enter.clause)
        }
        faults += code.support.narrow(by: support)
        if let voltageEvaluation { code.voltageEvaluation = voltageEvaluation }
        if faults.isEmpty, let fault = code.enterOutside {
            faults.append(fault.below("enter_service", clause: code.rideThrough?.voltage.clause))
        }
        if faults.isEmpty { faults += conflicts(code) }
        return (code, faults)
    }

    /// A choice must leave the window to connect in outside every stage.
    private func conflicts(_ code: GridCodeProfile) -> [ChoiceFault] {
        stages.enumerated().compactMap { n, choice in
            guard let stage = code.stages.first(where: { $0.name == choice.name }),
                let (key, remedy) = code.conflict(stage)
            else { return nil }
            return ChoiceFault(
                key: "stages[\(n)].\(key)", message: "is inside the window of enter_service",
                remedy: remedy)
        }
    }
}

extension StageChoice {
    fileprivate func narrow(_ stage: inout StageProfile) -> [ChoiceFault] {
        let code = stage
        if let pickup, let unit {
            guard code.watchedKey?.unit == unit else {
                return [
                    ChoiceFault(
                        key: "pickup_\(unit)", message: "is not in the unit of \(code.watched)",
                        remedy: "write pickup_\(code.watchedKey.map { "\($0.unit)" } ?? "")")
                ]
            }
            stage[pickup: unit]?.value = pickup
        }
        if let clearing_s { stage.clearing_s = clearing_s }
        return stage.faults(narrowing: code)
    }
}

extension SiteProfile {
    /// What homes and the coupling choose of the grid code must be in its ranges, and should leave
    /// what is to be stayed through.
    func checkChoices(_ check: inout Check<SiteProfile>) {
        let source = gridCode.source
        func told(_ fault: ChoiceFault) -> String {
            // "… allows, 2 to 21 s (6.4.1, table 12)" → "(IEEE 1547-2018, 6.4.1, table 12)".
            guard fault.message.hasSuffix(")"), let at = fault.message.lastIndex(of: "(") else {
                return fault.message.hasPrefix("is no ")
                    ? fault.message : fault.message + " (\(source))"
            }
            let (before, clause) = (fault.message[..<at], fault.message[at...].dropFirst())
            return "\(before)(\(source), \(clause)"
        }
        if let coupling {
            for (n, stage) in coupling.stages.enumerated() {
                guard let code = writtenCode.stages.first(where: { $0.name == stage.name }) else {
                    continue
                }
                for fault in stage.faults(narrowing: code) {
                    let fault = fault.below("stages[\(n)]", clause: code.clause)
                    check.refuse(key: "coupling.\(fault.key)", told(fault), fault.remedy)
                }
            }
            if let chosen = coupling.enterDelay_s, let range = gridCode.enter.delay_s?.range,
                let fault = ChoiceFault(
                    chosen, outside: range, at: "enter_delay_s", UnitSuffix(of: "enter_delay_s"))
            {
                let fault = fault.below("coupling", clause: gridCode.enter.clause)
                check.refuse(key: fault.key, told(fault), fault.remedy)
            }
        }
        for (h, home) in homes.enumerated() {
            guard let der = home.der else { continue }
            let faults = der.narrowed(writtenCode).faults
            for fault in faults {
                check.refuse(\.homes, item: h, key: "der.\(fault.key)", told(fault), fault.remedy)
            }
            home.checkRatings(writtenCode, h, &check)
            guard faults.isEmpty else { continue }
            for stage in der.code.stages {
                guard let (message, _) = der.code.impatience(stage) else { continue }
                let choice = der.stages.firstIndex { $0.name == stage.name }
                check.warn(
                    \.homes, item: h, key: choice.map { "der.stages[\($0)]" } ?? "der",
                    "\(message)",
                    "ask the operator whether the trip or the ride-through is meant")
            }
        }
    }
}

extension HomeProfile {
    /// The ratings of a DER: what it gives and what the code asks it to have.
    func checkRatings(
        _ code: GridCodeProfile, _ h: Int, _ check: inout Check<SiteProfile>
    ) {
        guard let der else { return }
        func refuse(_ key: String, _ message: String, _ remedy: String) {
            check.refuse(\.homes, item: h, key: "der.\(key)", message, remedy)
        }
        if let rating = der.rating_W, !(rating <= rating_VA) {
            refuse(
                "rating_W", "is above the inverter's apparent power",
                "make it at most inverter.rating_VA (\(plain(rating_VA)))")
        }
        if let charge = der.charge_W, !(charge <= rating_VA) {
            refuse(
                "charge_W", "is above the inverter's apparent power",
                "make it at most inverter.rating_VA (\(plain(rating_VA)))")
        }
        if der.kind == .pv, let charge = der.charge_W, charge > 0 {
            refuse("charge_W", "is of what cannot charge", "remove it, or write kind: storage")
        }
        let reactive = code.support(isCategoryA: der.category == .A).reactive
        let clause = reactive?.clause.map { ", \($0)" } ?? ""
        for (key, rating, asked) in [
            ("inject_var", der.inject_var, reactive?.inject_pu),
            ("absorb_var", der.absorb_var, reactive?.absorb_pu),
        ] {
            guard let rating else { continue }
            if !(rating <= rating_VA) {
                refuse(
                    key, "is above the inverter's apparent power",
                    "make it at most inverter.rating_VA (\(plain(rating_VA)))")
            } else if let asked, !(rating >= asked * rating_VA - 1e-6) {
                refuse(
                    key,
                    "is less than the \(plain(asked)) of the rating that the grid code asks for (\(code.source)\(clause))",
                    "make it at least \(plain((asked * rating_VA).rounded(.up)))")
            }
        }
        if der.code.stages.count + stages.count > 24 {
            refuse(
                "stages", "makes \(der.code.stages.count + stages.count) stages with home_stages",
                "keep it to 24")
        }
    }
}
