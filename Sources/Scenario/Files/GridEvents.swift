import BoardProfile

// What the grid can do, as written.

extension Event {
    public struct Sag: Sendable, Equatable {
        public var voltage_pu: Double?
        /// Phases a, b, c; empty: all as `voltage_pu`.
        public var phases_pu: [Double] = []
        public var jump_deg = 0.0
        public init() {}
        static let section = Section(
            "Sag", of: Sag(), "The grid's voltage steps, up or down, until the next such event."
        ) { s in
            s.number(
                "voltage_pu", \.voltage_pu, 0...1.5, "New voltage.", .alternative, example: 0.7)
            s.numbers(
                "phases_pu", \.phases_pu, 3...3, each: 0...1.5,
                "New voltages of the phases, without zero sequence; waveforms only.", .alternative)
            s.number("jump_deg", \.jump_deg, -180...180, "Jump of its phase.")
            s.oneOf(["voltage_pu", "phases_pu"], "voltage")
            s.rule { sag, check in
                if !sag.phases_pu.isEmpty, sag.jump_deg != 0 {
                    check.refuse(
                        \.jump_deg, "does not go with phases_pu",
                        "write an event of its own with voltage_pu and jump_deg")
                }
            }
        }
    }
    public struct Ramp: Sendable, Equatable {
        public var rate_Hz_per_s = 0.0
        public var until_Hz = 50.0
        public init() {}
        static let section = Section(
            "Ramp", of: Ramp(), "The grid's frequency moves steadily to another."
        ) { s in
            s.number(
                "rate_Hz_per_s", \.rate_Hz_per_s, 0.001...100, "How fast, up or down.", .required,
                example: 0.5)
            s.number("until_Hz", \.until_Hz, 40...70, "Where it ends.", .required, example: 49)
        }
    }
    public struct Harmonic: Sendable, Equatable {
        public var order = 5
        public var magnitude_pu = 0.0
        public var phase_deg = 0.0
        public init() {}
        static let section = Section(
            "Harmonic", of: Harmonic(), "A harmonic on the grid's voltage; waveforms only."
        ) { s in
            s.integer("order", \.order, 5...11, "5, 7 or 11.", .required, example: 5)
            s.number(
                "magnitude_pu", \.magnitude_pu, 0...0.5, "Its size; 0 ends it.", .required,
                example: 0.05)
            s.number("phase_deg", \.phase_deg, -180...180, "Its phase.")
            s.rule { harmonic, check in
                if ![5, 7, 11].contains(harmonic.order) {
                    check.refuse(\.order, "is not modelled", "write 5, 7 or 11")
                }
            }
        }
    }
    public struct Impedance: Sendable, Equatable {
        public var R_ohm = 0.1
        public var L_mH = 0.3
        public init() {}
        static let section = Section(
            "Impedance", of: Impedance(), "The grid becomes stiffer or weaker."
        ) { s in
            s.number("R_ohm", \.R_ohm, 0...10, "Resistance of a phase.", .required, example: 0.4)
            s.number("L_mH", \.L_mH, 0.05...20, "Inductance of a phase.", .required, example: 1)
        }
    }
    public struct Others: Sendable, Equatable {
        public var drawing_W = 0.0
        public var drawing_var = 0.0
        public init() {}
        static let section = Section(
            "Others", of: Others(), "Other customers on the stub draw this from now on."
        ) { s in
            s.number(
                "drawing_W", \.drawing_W, 0...1_000_000, "Active power.", .required, example: 2000)
            s.number("drawing_var", \.drawing_var, 0...1_000_000, "Lagging reactive power.")
        }
    }
}
