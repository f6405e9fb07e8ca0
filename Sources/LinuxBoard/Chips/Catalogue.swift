/// Every chip a board file may name.
public enum Catalogue {
    public static let chips: [ChipKind] = [
        ADE7953.kind, ADS1015.kind, ADS1115.kind, INA219.kind, INA226.kind, INA3221.kind,
        MCP23017.kind, MCP4725.kind, PCF8574.kind, PCF8574A.kind, PCF8591.kind,
    ]

    /// - Throws: a name we do not know, with those we do.
    public static func chip(_ name: String) throws(ChipRefusal) -> ChipKind {
        if let kind = chips.first(where: { $0.name == name }) { return kind }
        throw ChipRefusal(
            "", "\(name) is no chip we know",
            remedy: "give \(chips.map(\.name).joined(separator: ", "))")
    }

    /// - Throws: what is wrong with the name, the address or an option.
    public static func make(
        _ name: String, at address: UInt8, _ options: [String: Double] = [:]
    ) throws(ChipRefusal) -> any Chip {
        try chip(name).make(at: address, options)
    }
}
