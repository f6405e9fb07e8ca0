/// Which function makes reactive power, and what there must be of it: IEEE 1547-2018, 5.2 and 5.3.1.
public struct ReactiveProfile: Sendable, Equatable {
    public enum Mode: String, CaseIterable, ChoiceValue {
        case constantPowerFactor = "constant_power_factor"
        case voltVar = "volt_var"
        case wattVar = "watt_var"
        case constantReactive = "constant_reactive"
        /// As the dispatcher's wish has it.
        case dispatched
    }
    /// What gives way where both do not fit into the apparent power.
    public enum Priority: String, CaseIterable, ChoiceValue { case reactive, active }

    public var clause: String?
    /// They exclude each other.
    public var mode: Mode?
    public var priority: Priority?
    /// Least that must be injected and absorbed, per unit of the rated apparent power.
    public var inject_pu: Double?
    public var absorb_pu: Double?
    public init() {}

    static var standard: ReactiveProfile {
        var reactive = ReactiveProfile()
        reactive.mode = .constantPowerFactor
        reactive.priority = .reactive
        return reactive
    }

    static func section(in writer: Writer) -> Section<ReactiveProfile> {
        Section(
            "Reactive power", of: writer == .code ? .standard : ReactiveProfile(),
            "Which function makes reactive power."
        ) { s in
            s.clause(\.clause, in: writer)
            s.adjustable(
                "mode", \.mode, "The function that is on; they exclude each other.", in: writer)
            s.adjustable(
                "priority", \.priority,
                "What is kept where both do not fit into the apparent power.", in: writer)
            if writer == .code {
                s.number(
                    "inject_pu", \.inject_pu, 0...1,
                    "Least that must be injected, of the rated apparent power.", .alternative)
                s.number(
                    "absorb_pu", \.absorb_pu, 0...1, "Least that must be absorbed.", .alternative)
            }
        }
    }
}

/// Reactive power in proportion to active power: IEEE 1547-2018, 5.3.2.
public struct ConstantPowerFactorProfile: Sendable, Equatable {
    public enum Excitation: String, CaseIterable, ChoiceValue { case injecting, absorbing }
    public var clause: String?
    public var powerFactor: Adjustable?
    public var excitation: Excitation?
    /// Open loop, to 90 % of a step.
    public var response_s: Adjustable?
    public init() {}

    static var standard: ConstantPowerFactorProfile {
        var constant = ConstantPowerFactorProfile()
        constant.powerFactor = Adjustable(1)
        constant.excitation = .absorbing
        constant.response_s = Adjustable(10)
        return constant
    }

    static func section(in writer: Writer) -> Section<ConstantPowerFactorProfile> {
        Section(
            "Constant power factor", of: writer == .code ? .standard : ConstantPowerFactorProfile(),
            "Reactive power in proportion to active power."
        ) { s in
            s.clause(\.clause, in: writer)
            s.adjustable(
                "power_factor", \.powerFactor, 0.1...1, "Active over apparent power.", in: writer)
            s.adjustable(
                "excitation", \.excitation, "Whether reactive power is injected or absorbed.",
                in: writer)
            s.adjustable(
                "response_s", \.response_s, 0.01...60, "Open loop, to 90 % of a step.", in: writer)
        }
    }
}

/// Reactive power as it is told: IEEE 1547-2018, 5.3.5.
public struct ConstantReactiveProfile: Sendable, Equatable {
    public var clause: String?
    /// Per unit of the rated apparent power; injected is positive.
    public var reactive_pu: Adjustable?
    public var response_s: Adjustable?
    public init() {}

    static var standard: ConstantReactiveProfile {
        var constant = ConstantReactiveProfile()
        constant.reactive_pu = Adjustable(0)
        constant.response_s = Adjustable(10)
        return constant
    }

    static func section(in writer: Writer) -> Section<ConstantReactiveProfile> {
        Section(
            "Constant reactive power", of: writer == .code ? .standard : ConstantReactiveProfile(),
            "Reactive power as it is told."
        ) { s in
            s.clause(\.clause, in: writer)
            s.adjustable(
                "reactive_pu", \.reactive_pu, -1...1,
                "Of the rated apparent power; injected is positive.", in: writer)
            s.adjustable(
                "response_s", \.response_s, 0.01...60, "Open loop, to 90 % of a step.", in: writer)
        }
    }
}

/// Active power held below a share of the rating: IEEE 1547-2018, 4.6.2.
public struct ActiveLimitProfile: Sendable, Equatable {
    public var clause: String?
    public var isEnabled: Bool?
    public var limit_pu: Adjustable?
    /// Time to reach the limit.
    public var response_s: Adjustable?
    public init() {}

    static var standard: ActiveLimitProfile {
        var limit = ActiveLimitProfile()
        limit.isEnabled = false
        limit.limit_pu = Adjustable(1)
        limit.response_s = Adjustable(30)
        return limit
    }

    static func section(in writer: Writer) -> Section<ActiveLimitProfile> {
        Section(
            "Active power limit", of: writer == .code ? .standard : ActiveLimitProfile(),
            "Active power held below a share of the rating."
        ) { s in
            s.clause(\.clause, in: writer)
            s.adjustable("enabled", \.isEnabled, "Whether it is on.", in: writer)
            s.adjustable(
                "limit_pu", \.limit_pu, 0...1, "Most active power, of the rating.", in: writer)
            s.adjustable(
                "response_s", \.response_s, 0.01...60, "Time to reach it.", in: writer)
        }
    }
}
