/// What a DER must stay through: IEEE 1547-2018, 6.4.2 and 6.5.2; EN 50549-1, 4.4, 4.5 and 4.7.4.
public struct RideThroughProfile: Sendable, Equatable {
    public var voltage = Voltage()
    public var frequency = Frequency()
    /// Of the lowest or highest voltage of the phases and between them, per unit of nominal.
    public struct Voltage: Sendable, Equatable {
        public var clause: String?
        public var regions: [RideThroughRegion] = []
        public init() {}
    }
    public struct Frequency: Sendable, Equatable {
        public var clause: String?
        public var regions: [RideThroughRegion] = []
        public init() {}
    }
    /// Rate of change of frequency.
    public var rocof_Hz_per_s: Double?
    public var rocofWindow_s: Double?
    public var rocofClause: String?
    /// Jump of the positive sequence's phase within a cycle, and of a single phase.
    public var phaseJump_deg: Double?
    public var singleJump_deg: Double?
    public var phaseJumpClause: String?
    /// Of the current before, this share is back this soon after voltage is.
    public var recovery_pu: Double?
    public var recovery_s: Double?
    public var recoveryClause: String?
    public init() {}
}

/// What is asked between two voltages or frequencies.
public struct RideThroughRegion: Sendable, Equatable {
    public enum Mode: String, CaseIterable, ChoiceValue {
        case continuous, mandatory, permissive
        case momentaryCessation = "momentary_cessation"
        case cease
    }
    /// Nil: without end.
    public var low: Double?
    public var high: Double?
    public var mode = Mode.continuous
    /// Shortest time that must be stayed through at `low`; nil: for ever where continuous, else none.
    public var minimum_s: Double?
    /// What is added for each unit above `low`.
    public var slope = 0.0
    /// Longest time to block the gates.
    public var response_s: Double?
    public init() {}

    /// The longest time asked for anywhere at `from` to `to` inside the region.
    func duration(upTo to: Double) -> Double {
        guard let minimum_s else { return mode == .continuous ? .infinity : 0 }
        guard slope > 0, let low else { return minimum_s }
        return minimum_s + slope * (min(to, high ?? to) - low)
    }
    var words: String {
        switch (low, high) {
        case (let low?, let high?): "\(plain(low)) to \(plain(high))"
        case (let low?, nil): "above \(plain(low))"
        case (nil, let high?): "below \(plain(high))"
        case (nil, nil): "everywhere"
        }
    }
}

extension RideThroughProfile {
    static let section = Section(
        "Ride-through", of: RideThroughProfile(),
        "What a DER must stay through before a stage of protection trips it."
    ) { s in
        s.section("voltage", \.voltage, Voltage.section)
        s.section("frequency", \.frequency, Frequency.section)
        s.group("rocof", "Rate of change of frequency", "Must be stayed through.") { s in
            s.clause(\.rocofClause, in: .code)
            s.number(
                "most_Hz_per_s", \.rocof_Hz_per_s, 0.1...20, "Up to this.", .alternative)
            s.duration("window_s", \.rocofWindow_s, 0.02...2, "Averaged over this.", .alternative)
        }
        s.group("phase_jump", "Phase jump", "Must be stayed through.") { s in
            s.clause(\.phaseJumpClause, in: .code)
            s.number(
                "positive_sequence_deg", \.phaseJump_deg, 1...180,
                "Jump of the positive sequence within a cycle.", .alternative)
            s.number(
                "single_phase_deg", \.singleJump_deg, 1...180, "Jump of one phase.", .alternative)
        }
        s.group("recovery", "Recovery", "How power returns once voltage has.") { s in
            s.clause(\.recoveryClause, in: .code)
            s.number(
                "current_pu", \.recovery_pu, 0.1...1, "This share of the current before.",
                .alternative)
            s.duration("within_s", \.recovery_s, 0.01...60, "Is back this soon.", .alternative)
        }
    }
}

extension RideThroughProfile.Voltage {
    static let section = Section(
        "Voltage ride-through", of: Self(), "Regions of voltage; those not named ask nothing."
    ) { s in
        s.clause(\.clause, in: .code)
        s.list(
            "regions", \.regions, 0...16, RideThroughRegion.section("pu", 0...2),
            "From one voltage to another.")
        s.rule { $0.regions.checkOrder(\.regions, nominal: 1, &$1) }
    }
}
extension RideThroughProfile.Frequency {
    static let section = Section(
        "Frequency ride-through", of: Self(), "Regions of frequency; those not named ask nothing."
    ) { s in
        s.clause(\.clause, in: .code)
        s.list(
            "regions", \.regions, 0...16, RideThroughRegion.section("Hz", 40...70),
            "From one frequency to another.")
        s.rule { $0.regions.checkOrder(\.regions, nominal: nil, &$1) }
    }
}

extension RideThroughRegion {
    static func section(_ unit: String, _ range: ClosedRange<Double>) -> Section<RideThroughRegion>
    {
        Section("Region", of: RideThroughRegion(), "What is asked between two values.") { s in
            s.number("low_\(unit)", \.low, range, "From here; left out, without end.", .alternative)
            s.number("high_\(unit)", \.high, range, "To here; left out, without end.", .alternative)
            s.choice("mode", \.mode, "What a DER does there.", .required)
            s.duration(
                "minimum_s", \.minimum_s, 0...100_000,
                "At least so long, at the low end.", .alternative)
            s.number(
                "slope_s_per_\(unit)", \.slope, 0...1000,
                "Added to that for each unit above the low end.", .alternative)
            s.duration(
                "response_s", \.response_s, 0...10,
                "The gates are blocked this soon: momentary cessation and cease.", .alternative)
            s.rule { region, check in
                if region.low == nil, region.high == nil {
                    check.refuse(\.mode, "has neither end", "add low_\(unit) or high_\(unit)")
                }
                if let low = region.low, let high = region.high, !(low < high) {
                    check.refuse(
                        \.high, "is not above low_\(unit)", "make it more than \(plain(low))")
                }
                if region.mode == .continuous, region.minimum_s != nil {
                    check.refuse(\.minimum_s, "is for ever where continuous", "remove the line")
                }
                if region.slope > 0, region.low == nil || region.minimum_s == nil {
                    check.refuse(
                        \.slope, "begins nowhere", "add low_\(unit) and minimum_s")
                }
            }
        }
    }
}

extension [RideThroughRegion] {
    /// The one region of normal operation.
    var continuous: RideThroughRegion? { first { $0.mode == .continuous } }

    /// Regions do not overlap, and one of them, and only one, is normal operation.
    func checkOrder<Root>(
        _ path: PartialKeyPath<Root>, nominal: Double?, _ check: inout Check<Root>
    ) {
        if isEmpty { return }
        let normal = indices.filter { self[$0].mode == .continuous }
        if normal.count != 1 {
            check.refuse(
                path, "has \(normal.count) continuous regions", "give it one")
            return
        }
        let region = self[normal[0]]
        if let nominal, !((region.low ?? 0)...(region.high ?? .infinity)).contains(nominal) {
            check.refuse(
                path, item: normal[0], key: "", "does not hold nominal voltage",
                "make it hold \(plain(nominal))")
        }
        let order = indices.sorted { (self[$0].low ?? -.infinity) < (self[$1].low ?? -.infinity) }
        for (a, b) in zip(order, order.dropFirst()) {
            if (self[a].high ?? .infinity) > (self[b].low ?? -.infinity) {
                check.refuse(
                    path, item: b, key: "", "overlaps the region \(self[a].words)",
                    "let one end where the other begins")
            }
        }
    }
}
