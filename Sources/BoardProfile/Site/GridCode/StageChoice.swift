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

extension StageChoice {
    /// Puts the choice into the code's stage; what of it is not allowed.
    func narrow(_ stage: inout StageProfile) -> [ChoiceFault] {
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
