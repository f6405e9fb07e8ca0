import HAL
import LinuxBoard
import Testing

@Suite("The catalogue of chips") struct CatalogueTests {
    /// What a chip needs that has no standard value.
    static let needed: [String: [String: Double]] = [
        "ina219": ["shunt_ohm": 0.1], "ina226": ["shunt_ohm": 0.1],
        "ade7953": ["volts_per_lsb": 3e-5, "amperes_a_per_lsb": 1e-6],
    ]
    static func chip(_ kind: ChipKind) throws -> any Chip {
        try kind.make(at: kind.addresses.lowerBound, needed[kind.name] ?? [:])
    }

    @Test("Every kind makes what it says it makes", arguments: Catalogue.chips.map(\.name))
    func makes(name: String) throws {
        let kind = try Catalogue.chip(name)
        let chip = try Self.chip(kind)
        #expect(type(of: chip).name == name)
        #expect(type(of: chip).addresses == kind.addresses)
        #expect(chip.address == kind.addresses.lowerBound)
        #expect((chip as? any Meter)?.inputs ?? [] == kind.inputs)
        #expect((chip as? any ReferenceOutput)?.outputs ?? [] == kind.outputs)
        #expect((chip as? any Expander)?.lineCount ?? 0 == kind.lineCount)
        #expect(!kind.inputs.isEmpty || !kind.outputs.isEmpty || kind.lineCount > 0)
    }

    @Test("Names are unique, options explain themselves and hold their own standard")
    func regular() throws {
        #expect(Set(Catalogue.chips.map(\.name)).count == 11)
        for kind in Catalogue.chips {
            #expect(Set(kind.options.map(\.name)).count == kind.options.count, "\(kind.name)")
            #expect(Set(kind.inputs.map(\.name)).count == kind.inputs.count, "\(kind.name)")
            for option in kind.options {
                #expect(!option.explanation.isEmpty && !option.allowed.isEmpty)
                if let standard = option.standard {
                    #expect(try option.hold(standard) == standard, "\(kind.name) \(option.name)")
                }
            }
        }
    }

    @Test("Addresses outside are refused by both ends", arguments: Catalogue.chips.map(\.name))
    func addresses(name: String) throws {
        let kind = try Catalogue.chip(name)
        for address in [kind.addresses.lowerBound - 1, kind.addresses.upperBound + 1] {
            let refusal = #expect(throws: ChipRefusal.self) {
                _ = try kind.make(at: address, Self.needed[name] ?? [:])
            }
            #expect(refusal?.key == "address")
        }
    }

    @Test("A refusal says key, reason and remedy")
    func refusals() {
        func words(_ name: String, _ options: [String: Double], at address: UInt8 = 0x40) -> String
        {
            do { _ = try Catalogue.make(name, at: address, options) } catch { return "\(error)" }
            return "made"
        }
        #expect(
            words("ina226", [:])
                == "shunt_ohm: ina226 needs it; give 1e-05 ... 10 Ω: resistance of the shunt")
        #expect(
            words("ina226", ["shunt_ohm": 0.1, "averaging": 3])
                == "averaging: 3 is not allowed; give 1, 4, 16, 64, 128, 256, 512 or 1024")
        #expect(
            words("ina226", ["shunt": 0.1])
                == "shunt: ina226 has no such option; its options are shunt_ohm, current_lsb_A, "
                + "averaging, bus_conversion_us, shunt_conversion_us")
        #expect(
            words("ina226", ["shunt_ohm": 0.1], at: 0x39)
                == "address: ina226 cannot be at 0x39; give 0x40 ... 0x4F")
        #expect(
            words("ade7953", ["volts_per_lsb": 1e-5, "amperes_a_per_lsb": 1e-5], at: 0x39)
                == "address: ade7953 cannot be at 0x39; it is always at 0x38")
        #expect(
            words("mcp23017", ["inputs": 1.5], at: 0x20).hasPrefix("inputs: 1.5 is not allowed"))
        #expect(words("mcp23017", ["inputs": .nan], at: 0x20).hasPrefix("inputs: nan is not"))
        #expect(words("ina227", [:]).hasPrefix("ina227 is no chip we know; give ade7953, ads1015"))
    }
}
