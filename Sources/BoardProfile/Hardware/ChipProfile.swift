/// A chip at an address of a bus, with its options by name. Which chip has which options, and what
/// they may be, is the chip's to say; here stand the names that files may use.
public struct ChipProfile: Sendable, Equatable {
    public var name = ""
    /// `ina226` and so on.
    public var chip = ""
    public var bus = ""
    public var address = 0
    /// Those that are written.
    public var options: [String: Double] = [:]
    public init() {}

    subscript(option name: String) -> Double? {
        get { options[name] }
        set { options[name] = newValue }
    }
}

extension ChipProfile {
    /// Every option of every chip.
    public static let optionNames = [
        "amperes_a_per_lsb", "amperes_b_per_lsb", "averaging", "bus_conversion_us", "bus_range_V",
        "current_lsb_A", "full_scale_V", "ground_V", "idle", "idle_V", "inputs", "inverted", "mode",
        "pga_a", "pga_b", "pga_v", "pull_ups", "rate_SPS", "reference_V", "shunt_conversion_us",
        "shunt_1_ohm", "shunt_2_ohm", "shunt_3_ohm", "shunt_ohm", "shunt_range_mV", "volts_per_lsb",
    ]

    static let section = Section(
        "Chip", of: ChipProfile(),
        "A chip at an address of a bus. `skerry check` says which options it has."
    ) { s in
        s.text(
            "name", \.name, form: .name, "How the board file calls it.", .required,
            example: "battery")
        s.text("chip", \.chip, form: .name, "What it is.", .required, example: "ina226")
        s.reference("bus", \.bus, to: "bus", "The bus it is on.", .required, example: "i2c")
        s.hexadecimal(
            "address", \.address, 0x08...0x77, "Its seven-bit address.", .required, example: 0x40)
        for name in optionNames {
            s.number(
                name, \.[option: name], -1_000_000...1_000_000, "An option of some chips.",
                .alternative)
        }
    }
}
