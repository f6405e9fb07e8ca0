import BoardProfile
import Quantities

/// A made-up site with one key of every shape, for the tests of the reading toolkit.
struct Site: Equatable, Sendable {
    var title = "Site"
    var nominal = Volts(230)
    var overvoltage_V = 253.0
    var undervoltage_V = 195.5
    var window = Seconds(0.2)
    var delay: Duration = .seconds(60)
    var maxSlip: Float? = nil
    var phases: UInt8 = 3
    var islanding = true
    var storage = Storage()
    var pump: Pump? = nil
    var buses: [Bus] = []
    var homes: [Home] = []
    var curve_pu: [Double] = [0.92, 0.98, 1.02, 1.08]
    var code: Code? = nil
    var calibration: String? = nil
}

enum Chemistry: String, CaseIterable, ChoiceValue { case lfp, nmc, leadAcid = "lead-acid" }

struct Storage: Equatable, Sendable {
    var capacity_Ah = 100.0
    var chemistry = Chemistry.lfp
    var address: UInt8 = 0x40
}

struct Pump: Equatable, Sendable { var rating = Watts(750) }
struct Bus: Equatable, Sendable {
    var name = ""
    var nominal_V = 230.0
}
struct Home: Equatable, Sendable {
    var name = ""
    var bus = ""
    var circuits: [String] = []
}
struct Code: Equatable, Sendable { var over_Hz = 51.5 }

extension Storage {
    static let section = Section("Battery", of: Storage(), "The bank behind one contactor.") { s in
        s.number(
            "capacity_Ah", \.capacity_Ah, 1...10_000, "Rated capacity.", .required, example: 280)
        s.choice("chemistry", \.chemistry, "Cell chemistry.")
        s.hexadecimal("address", \.address, 0x08...0x77, "I2C address of the monitor.")
        s.retired("cells", "remove it; capacity_Ah is of the whole bank")
    }
}
extension Pump {
    static let section = Section("Pump", of: Pump(), "A pump that may be shed.") { s in
        s.number("rating_kW", \.rating, 0...10, "Rated power.")
    }
}
extension Bus {
    static let section = Section("Bus", of: Bus(), "A bus bar.") { s in
        s.number("nominal_V", \.nominal_V, 10...1000, "Nominal voltage.")
    }
}
extension Home {
    static let section = Section("Home", of: Home(), "A home on a feeder.") { s in
        s.text(
            "name", \.name, form: .name, "How the home is called.", .required, example: "house-1")
        s.reference("bus", \.bus, to: "bus", "The bus it hangs on.", .required, example: "name")
        s.texts("circuits", \.circuits, 0...8, each: .name, "Circuits that may be shed.")
    }
}
extension Code {
    static let section = Section("Grid code", of: Code(), "What the grid asks for.") { s in
        s.number("over_Hz", \.over_Hz, 50...65, "Trips above.", source: "EN 50549-1, 4.9.3")
    }
}

extension Site {
    static let section = Section("Site", of: Site(), "One connection to the grid.") { s in
        s.extends("extends", "A site file this one continues.")
        s.text("title", \.title, "What people call it.", example: "Mole End")
        s.number("nominal_V", \.nominal, 100...500, "Nominal phase voltage.", source: "IEC 60038")
        s.number("overvoltage_V", \.overvoltage_V, 100...600, "Opens above.")
        s.number("undervoltage_V", \.undervoltage_V, 50...600, "Opens below.")
        s.number("window_ms", \.window, 10...1000, "Averaging window.")
        s.duration("delay_s", \.delay, 0...3600, "Wait before closing again.")
        s.number("max_slip_Hz", \.maxSlip, 0.01...1, "Greatest slip at closing.", example: 0.1)
        s.integer("phases", \.phases, 1...3, "Phases connected.")
        s.flag("islanding", \.islanding, "May run apart from the grid.")
        s.section("battery", \.storage, Storage.section)
        s.section("pump", \.pump, Pump.section)
        s.map("buses", \.buses, 0...4, Bus.section, named: \.name, kind: "bus", "The bus bars.")
        s.list(
            "homes", \.homes, 0...3, Home.section, named: \.name, kind: "home", "Homes supplied.")
        s.numbers("curve_pu", \.curve_pu, 2...4, each: 0...2, "Volt-var corners.")
        s.include("grid_code", \.code, from: "grid-codes", Code.section, "The grid code.")
        s.file("calibration", \.calibration, "Figures of the sensors.")
        s.ascending(\.undervoltage_V, \.overvoltage_V)
        s.rule { site, check in
            if site.phases == 2 {
                check.warn(\.phases, "is unusual", "write 1 or 3")
            }
        }
    }
}

/// The folder the file of a test stands in.
func folder(_ files: [String: String]) -> BoardFolder {
    BoardFolder(
        memory: files.merging(
            [
                "grid-codes/en-50549-1.yaml": "over_Hz: 51.5\n",
                "grid-codes/ieee-1547.yaml": "over_Hz: 62\n", "meter.yaml": "gain: 1\n",
            ], uniquingKeysWith: { given, _ in given }))
}

/// A well-formed site to which `line`s are added.
func read(_ text: String, battery: String = "battery:\n  capacity_Ah: 280\n") -> Reading<Site> {
    Site.section.read("site.yaml", in: folder(["site.yaml": text + battery]))
}
