/// A board file as written: plain numbers in the units of its keys, already range-checked by the
/// reader. `ControllerSettings` are made from it in `ControllerSettings+Profile`.
public struct SiteProfile: Sendable, Equatable {
    /// The folder of the board file.
    public var name = ""
    public var title = ""
    /// Ticks a second, 50 ... 10 000.
    public var rate_Hz = 1000.0
    /// Waveform samples in a tick, 1 ... 20; 0 on a DC site.
    public var samplesPerTick = 20
    public var frequency_Hz = 50.0
    /// Phase to neutral, RMS.
    public var voltage_V = 230.0
    public var phases = 3
    /// With the coupling's own stages once read.
    public var gridCode = GridCodeProfile()
    /// The same without them.
    var writtenCode = GridCodeProfile()
    /// The point of common coupling with its islanding switch.
    public var coupling: CouplingProfile?
    /// What every home has besides its own; the reader has put them into each home.
    public var homeStages: [StageProfile] = []
    public var homes: [HomeProfile] = []
    /// A DC site instead of homes.
    public var nanogrid: NanogridProfile?
    /// The chips and lines of a real board; nil: the board is simulated.
    public var hardware: HardwareProfile?
    /// What the simulated board is made of besides.
    public var sensors = SensorsProfile()
    public var network = NetworkProfile()
    /// What is asked of the calibration of its channels.
    public var calibration = CalibrationProfile()
    /// How its controller runs as a service.
    public var service = ServiceProfile()
    public init() {}
}

extension SiteProfile {
    /// A file `boards/<board>/board.yaml`.
    public static let section = Section(
        "Board", of: SiteProfile(),
        "A site: its controllers, what they control, and how a simulated one is made."
    ) { s in
        s.text("title", \.title, "What people call the site.", .required, example: "Mill village")
        s.group("controller", "Controller", "The fixed rate of every controller.") { s in
            s.number("rate_Hz", \.rate_Hz, 50...10_000, "Ticks a second.")
            s.integer("samples_per_tick", \.samplesPerTick, 1...20, "Waveform samples in a tick.")
        }
        s.group("nominal", "Nominal", "What an AC site runs at.") { s in
            s.number("frequency_Hz", \.frequency_Hz, 50...60, "Nominal frequency: 50 or 60.")
            s.number("voltage_V", \.voltage_V, 50...1000, "Phase to neutral, RMS.")
            s.integer("phases", \.phases, 1...3, "Phases: 1 or 3.")
        }
        s.include(
            "grid_code", \.gridCode, from: "grid-codes", GridCodeProfile.section,
            "What the network operator asks for.", example: "name")
        s.section("coupling", \.coupling, CouplingProfile.section)
        s.list(
            "home_stages", \.homeStages, 0...24, StageProfile.section, named: \.name,
            "Protection that every home has.")
        s.list("homes", \.homes, 0...64, HomeProfile.section, "The homes on the village bus.")
        s.section("nanogrid", \.nanogrid, NanogridProfile.section)
        s.section("hardware", \.hardware, HardwareProfile.section)
        s.section("sensors", \.sensors, SensorsProfile.section)
        s.section("network", \.network, NetworkProfile.section)
        s.section("calibration", \.calibration, CalibrationProfile.section)
        s.section("service", \.service, ServiceProfile.section)
        s.completion { site in
            if site.nanogrid != nil { site.samplesPerTick = 0 }
            site.writtenCode = site.gridCode
            if let coupling = site.coupling {
                site.gridCode.stages =
                    coupling.isProtected
                    ? site.gridCode.stages.replaced(by: coupling.stages) : coupling.stages
            }
            for h in site.homes.indices {
                site.homes[h].stages = site.homeStages.replaced(by: site.homes[h].stages)
                if let der = site.homes[h].der {
                    site.homes[h].der?.code = der.narrowed(site.writtenCode).code
                }
            }
        }
        s.rule { $0.checkKind(&$1) }
        s.rule { $0.checkRate(&$1) }
        s.rule { if $0.nanogrid == nil { $0.checkAlternating(&$1) } }
        s.rule { $0.checkStages(&$1) }
        s.rule { if $0.nanogrid == nil { $0.checkChoices(&$1) } }
        s.rule { $0.checkHardware(&$1) }
        s.rule { $0.checkCalibration(&$1) }
        s.rule { if $0.nanogrid == nil { $0.checkNetwork(&$1) } }
    }
}
