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
