/// The support functions of a grid code, or what a board chooses of them. Nil: the code has none.
public struct SupportProfile: Sendable, Equatable {
    public var reactive: ReactiveProfile?
    public var constantPowerFactor: ConstantPowerFactorProfile?
    public var voltVar: VoltVarProfile?
    public var wattVar: WattVarProfile?
    public var constantReactive: ConstantReactiveProfile?
    public var voltWatt: VoltWattProfile?
    public var frequencyDroop: FrequencyDroopProfile?
    public var activeLimit: ActiveLimitProfile?
    public var antiIslanding: AntiIslandingProfile?
    public init() {}
}

/// One function in force: its values for a settings sheet.
public struct SupportRow: Sendable, Equatable {
    /// As in the file: `volt_var.V1_pu`.
    public let key: String
    /// With its unit.
    public let value: String
    /// What an operator may choose it from; nil: nothing is said.
    public let range: ClosedRange<Double>?
    /// Where the standard says so; empty where the code does not say.
    public let clause: String
}

/// What has support functions: a grid code, a board's DER, and they themselves.
protocol Supporting: Sendable {
    var support: SupportProfile { get set }
}
extension Supporting {
    subscript<F>(function path: Path<SupportProfile, F?>) -> F? {
        get { support[keyPath: path] }
        set { support[keyPath: path] = newValue }
    }
}
extension SupportProfile: Supporting {
    var support: SupportProfile {
        get { self }
        set { self = newValue }
    }
}

/// A function without its type.
private struct Part<Root: Supporting>: Sendable {
    let key: String
    let add: @Sendable (inout Section<Root>, Writer) -> Void
    let narrow: @Sendable (inout SupportProfile, SupportProfile) -> [ChoiceFault]
    let rows: @Sendable (SupportProfile) -> [SupportRow]
    let clause: @Sendable (SupportProfile) -> String?
}

extension SupportProfile {
    /// The keys of the functions, each one of a grid code or of a DER of a board.
    static func describe<Root: Supporting>(_ s: inout Section<Root>, in writer: Writer) {
        for part in parts(Root.self) { part.add(&s, writer) }
    }

    /// A board's choices in place of the code's; what of them is not allowed.
    mutating func narrow(by board: SupportProfile) -> [ChoiceFault] {
        Self.parts(SupportProfile.self).flatMap { $0.narrow(&self, board) }
    }

    /// What is in force.
    var rows: [SupportRow] { Self.parts(SupportProfile.self).flatMap { $0.rows(self) } }

    /// Where the standard has a function, by its key.
    func clause(of key: String) -> String? {
        Self.parts(SupportProfile.self).first { $0.key == key }.flatMap { $0.clause(self) }
    }

    private static func parts<Root: Supporting>(_ root: Root.Type) -> [Part<Root>] {
        [
            part("reactive", \.reactive, \.clause, ReactiveProfile.section(in:)) { _ in nil },
            part(
                "constant_power_factor", \.constantPowerFactor, \.clause,
                ConstantPowerFactorProfile.section(in:)
            ) { _ in nil },
            part("volt_var", \.voltVar, \.clause, VoltVarProfile.section(in:)) { $0.fault },
            part("watt_var", \.wattVar, \.clause, WattVarProfile.section(in:)) { $0.fault },
            part(
                "constant_reactive", \.constantReactive, \.clause,
                ConstantReactiveProfile.section(in:)
            ) { _ in nil },
            part("volt_watt", \.voltWatt, \.clause, VoltWattProfile.section(in:)) { $0.fault },
            part(
                "frequency_droop", \.frequencyDroop, \.clause, FrequencyDroopProfile.section(in:)
            ) { _ in nil },
            part(
                "limit_active_power", \.activeLimit, \.clause, ActiveLimitProfile.section(in:)
            ) { _ in nil },
            part(
                "anti_islanding", \.antiIslanding, \.clause, AntiIslandingProfile.section(in:)
            ) { _ in nil },
        ]
    }

    private static func part<Root: Supporting, Function: Sendable>(
        _ key: String, _ path: Path<SupportProfile, Function?>,
        _ clause: Path<Function, String?>,
        _ section: @escaping @Sendable (Writer) -> Section<Function>,
        _ fault: @escaping @Sendable (Function) -> ChoiceFault?
    ) -> Part<Root> {
        Part(
            key: key,
            add: { s, writer in
                var inner = section(writer)
                if writer == .code {
                    inner.rule { function, check in
                        if let found = fault(function) {
                            check.refuse(key: found.key, found.message, found.remedy)
                        }
                    }
                }
                s.section(key, \Root.[function: path], inner)
            },
            narrow: { code, board in
                guard let chosen = board[keyPath: path] else { return [] }
                guard var function = code[keyPath: path] else {
                    return [
                        ChoiceFault(
                            key: key, message: "is no function of the grid code",
                            remedy: "remove it")
                    ]
                }
                var found = section(.board).narrow(&function, by: chosen)
                if found.isEmpty, let fault = fault(function) { found = [fault] }
                code[keyPath: path] = function
                let source = function[keyPath: clause]
                return found.map { $0.below(key, clause: source) }
            },
            rows: { support in
                guard let function = support[keyPath: path] else { return [] }
                let source = function[keyPath: clause] ?? ""
                return section(.code).adjustables.compactMap { choice in
                    choice.shown(function).map {
                        SupportRow(
                            key: "\(key).\(choice.name)", value: $0.value, range: $0.range,
                            clause: source)
                    }
                }
            },
            clause: { $0[keyPath: path]?[keyPath: clause] })
    }
}

extension ChoiceFault {
    /// The same, one section up, with where the standard says so.
    func below(_ step: String, clause: String?) -> ChoiceFault {
        var fault = self
        fault.key = "\(step).\(key)"
        if let clause { fault.message += " (\(clause))" }
        return fault
    }
}

extension GridCodeProfile {
    /// The window to connect in, as a coupling has it: with its own delay, and no ramp.
    func couplingRows(_ delay_s: Double?) -> [SupportRow] {
        let own = ["ramp_s", "random_delay_s", "permit"].map { "enter_service.\($0)" }
        return enterRows(delay_s).filter { !own.contains($0.key) }
    }

    /// The window to connect in, and the way back to power.
    func enterRows(_ delay_s: Double?) -> [SupportRow] {
        var enter = enter
        if let delay_s { enter.delay_s?.value = delay_s }
        return EnterServiceProfile.section(in: .code).adjustables.compactMap { choice in
            choice.shown(enter).map {
                SupportRow(
                    key: "enter_service.\(choice.name)", value: $0.value, range: $0.range,
                    clause: enter.clause ?? "")
            }
        }
    }
}

extension HomeProfile {
    /// What its grid code has a DER do besides its stages.
    public var supportRows: [SupportRow] {
        guard let der else { return [] }
        return der.code.enterRows(nil) + der.code.support.rows
    }
}

extension SupportRow {
    var json: JSON {
        .object([
            ("key", .text(key)), ("value", .text(value)),
            (
                "range",
                range.map { .list([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
            ), ("clause", .text(clause)),
        ])
    }
}
