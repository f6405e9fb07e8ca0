/// The utility and the village bus of a simulated site.
public struct NetworkProfile: Sendable, Equatable {
    public var gridR_ohm = 0.1
    public var gridL_mH = 0.3
    /// Other customers who stay on the stub when the feeder is lost.
    public var others_W = 300.0
    public var cableR_ohm = 0.05
    public var cableL_mH = 0.2
    public var busCapacitance_uF = 20.0
    public init() {}
}

extension NetworkProfile {
    static let section = Section(
        "Network", of: NetworkProfile(), "The utility and the village bus of a simulated site."
    ) { s in
        s.group("grid", "Grid", "The utility behind the stub.") { s in
            s.number("R_ohm", \.gridR_ohm, 0...10, "Resistance of a phase.")
            s.number("L_mH", \.gridL_mH, 0.001...20, "Inductance of a phase.")
            s.number(
                "others_W", \.others_W, 0...1_000_000,
                "Other customers, who stay on the stub when the feeder is lost.")
        }
        s.group("cable", "Cable", "From the stub through the islanding switch to the bus.") { s in
            s.number("R_ohm", \.cableR_ohm, 0...10, "Resistance of a phase.")
            s.number("L_mH", \.cableL_mH, 0.001...20, "Inductance of a phase.")
        }
        s.number(
            "bus_capacitance_uF", \.busCapacitance_uF, 1...10_000,
            "Capacitance of a phase on the stub and on the bus.")
    }
}
