/// Active power by voltage: IEEE 1547-2018, 5.4.2; P(U) of EN 50549-1, 4.7.3.
public struct VoltWattProfile: Sendable, Equatable {
    public var clause: String?
    public var isEnabled: Bool?
    /// Voltages of the two corners, per unit of nominal, and the powers there, per unit of rated.
    public var V1_pu: Adjustable?
    public var V2_pu: Adjustable?
    public var P1_pu: Adjustable?
    public var P2_pu: Adjustable?
    /// Open loop, to 90 % of a step.
    public var response_s: Adjustable?
    /// The standard's least distance between V1 and V2.
    public var leastStep_pu: Double?
    public init() {}

    static var standard: VoltWattProfile {
        var volt = VoltWattProfile()
        volt.isEnabled = false
        volt.P1_pu = Adjustable(1)
        volt.P2_pu = Adjustable(0)
        return volt
    }

    static func section(in writer: Writer) -> Section<VoltWattProfile> {
        Section(
            "Volt-watt", of: writer == .code ? .standard : VoltWattProfile(),
            "Active power by voltage."
        ) { s in
            s.clause(\.clause, in: writer)
            s.adjustable("enabled", \.isEnabled, "Whether it is on.", in: writer)
            s.adjustable(
                "V1_pu", \.V1_pu, 0.9...1.5, "Above this, power is taken back.", .required,
                in: writer, example: 1.06)
            s.adjustable(
                "V2_pu", \.V2_pu, 0.9...1.5, "From here on, it stays at P2.", .required,
                in: writer, example: 1.1)
            s.adjustable(
                "P1_pu", \.P1_pu, -1...1, "Most power at V1, of the rating.", in: writer)
            s.adjustable(
                "P2_pu", \.P2_pu, -1...1, "Most power at V2; storage may absorb.", in: writer)
            s.adjustable(
                "response_s", \.response_s, 0.01...300, "Open loop, to 90 % of a step.",
                .required, in: writer, example: 10)
            if writer == .code {
                s.number(
                    "least_step_pu", \.leastStep_pu, 0...0.5, "Least distance of V1 from V2.",
                    .alternative)
            }
        }
    }

    var fault: ChoiceFault? {
        firstFall([
            ("V1_pu", "V2_pu", V1_pu?.value, V2_pu?.value, leastStep_pu ?? 1e-6),
            ("P2_pu", "P1_pu", P2_pu?.value, P1_pu?.value, 0),
        ])
    }
}
