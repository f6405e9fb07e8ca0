import Control

/// The chips and lines of a real board, as written. What each chip and line is for is said in
/// `channels`, `lines` and `references`; nothing that is not named there is touched.
public struct HardwareProfile: Sendable, Equatable {
    /// The home or battery this board controls; empty: the point of common coupling.
    public var controls = ""
    public var buses: [BusProfile] = []
    public var gpio: [GPIOProfile] = []
    public var chips: [ChipProfile] = []
    public var iio: [IIOProfile] = []
    public var channels: [ChannelProfile] = []
    public var waves: [WaveProfile] = []
    public var lines: [LineProfile] = []
    public var references: [ReferenceProfile] = []
    /// Feedback of contacts older than this is not heard.
    public var contactAge_s = 0.05
    /// Without a tick for this long the threads bring every output to rest.
    public var silence_s = 0.5
    public init() {}
}

/// Which device is meant: by its own name and where it hangs, never by its number.
public struct BusProfile: Sendable, Equatable {
    public var name = ""
    /// Its name as the kernel gives it; `*` stands for any text.
    public var adapter = ""
    /// A part of the path of the device it hangs on; empty: any.
    public var parent = ""
    /// Which of several that fit, in the order of their parents' paths.
    public var index: Int?
    public init() {}
}

/// A chip of GPIO lines.
public struct GPIOProfile: Sendable, Equatable {
    public var name = ""
    public var label = ""
    public var parent = ""
    public var index: Int?
    public var every_s = 0.002
    /// Half a period of the heartbeat.
    public var beat_s = 0.01
    public init() {}
}

/// One channel of the controller: a pin of a chip, polled.
public struct ChannelProfile: Sendable, Equatable {
    /// A key of `ScalarChannel`.
    public var channel = ""
    /// `chip.pin`
    public var from = ""
    public var every_s = 0.01
    /// channel = (pin − offset) · gain.
    public var gain = 1.0
    public var offset = 0.0
    /// Older than this is stale; nil: five readings.
    public var staleAfter_s: Double?
    /// The very same number for this long is stuck; 0: never.
    public var stuckAfter_s = 0.0
    /// The pin is the middle of a divider with a thermistor; it gives °C then.
    public var thermistor: ThermistorProfile?
    public init() {}
}

/// One line: an output the controller drives, or the feedback of a contact.
public struct LineProfile: Sendable, Equatable {
    /// One of the two is written.
    public var output: String?
    public var contact: String?
    /// A name of `gpio`, or of an expander of `chips`.
    public var on = ""
    public var line = 0
    public var active = "high"
    /// push_pull, open_drain or open_source.
    public var drive = "push_pull"
    /// as_is, none, pull_up or pull_down.
    public var bias = "as_is"
    public var debounce_s = 0.0
    public init() {}
}

/// A figure of the command as an analogue reference: pin = figure · gain + offset.
public struct ReferenceProfile: Sendable, Equatable {
    /// A key of `HardwareProfile.figures`.
    public var figure = ""
    /// `chip.pin`
    public var to = ""
    public var every_s = 0.01
    public var gain = 1.0
    public var offset = 0.0
    /// The pin's value at rest.
    public var rest = 0.0
    public var lowest = 0.0
    public var highest = 5.0
    public init() {}
}

extension HardwareProfile {
    /// What a reference may carry.
    public static let figures = [
        "converter_voltage", "converter_most_out", "converter_most_in", "inverter_frequency",
        "inverter_voltage", "inverter_active", "inverter_reactive", "renewables", "charging",
    ]
    /// What an output line may follow; `converter` is on while the converter is to run.
    public static let outputs =
        Output.allCases.map(\.key) + ["converter"]

    static let section = Section(
        "Hardware", of: HardwareProfile(),
        "The chips and lines of a real board, and what each is for."
    ) { s in
        s.text(
            "controls", \.controls,
            "The home or battery that this board controls; left out, the coupling.",
            example: "east")
        s.list(
            "buses", \.buses, 0...16, BusProfile.section, named: \.name, kind: "bus",
            "The I2C adapters used.")
        s.list(
            "gpio", \.gpio, 0...16, GPIOProfile.section, named: \.name, kind: "line holder",
            "The chips of GPIO lines used.")
        s.list(
            "chips", \.chips, 0...64, ChipProfile.section, named: \.name, kind: "chip",
            "The chips on the buses.")
        s.list(
            "iio", \.iio, 0...16, IIOProfile.section, named: \.name, kind: "converter",
            "Converters with an IIO driver.")
        s.list("channels", \.channels, 0...20, ChannelProfile.section, "What is measured.")
        s.list("waves", \.waves, 0...9, WaveProfile.section, "What is sampled as a waveform.")
        s.list("lines", \.lines, 0...32, LineProfile.section, "Outputs and contacts.")
        s.list(
            "references", \.references, 0...16, ReferenceProfile.section,
            "Analogue references the controller gives.")
        s.duration(
            "contact_age_s", \.contactAge_s, 0.005...5, "Older feedback of a contact is not heard.")
        s.duration(
            "silence_s", \.silence_s, 0.05...5,
            "Without a tick this long, every output is brought to rest.")
        s.rule { $0.checkNames(&$1) }
        s.rule { $0.checkWaves(&$1) }
    }

    /// Names are unique, and what they point at exists.
    private func checkNames(_ check: inout Check<HardwareProfile>) {
        let chips = Set(chips.map(\.name)), holders = Set(gpio.map(\.name)).union(chips)
        let converters = Set(iio.map(\.name))
        for (n, gpio) in gpio.enumerated() where chips.contains(gpio.name) {
            check.refuse(
                \.gpio, item: n, key: "name", "is also the name of a chip", "choose another name")
        }
        func pin(_ text: String) -> Bool {
            let parts = text.split(separator: ".", maxSplits: 1)
            return parts.count == 2
                && (chips.contains(String(parts[0])) || converters.contains(String(parts[0])))
        }
        for (n, channel) in channels.enumerated() {
            if !pin(channel.from) {
                check.refuse(
                    \.channels, item: n, key: "from", "names no pin of a chip",
                    "write chip.pin, with a name of chips or iio")
            }
            if channels[..<n].contains(where: { $0.channel == channel.channel }) {
                check.refuse(
                    \.channels, item: n, key: "channel", "is measured twice", "remove one of them")
            }
        }
        for (n, reference) in references.enumerated() {
            if !pin(reference.to) {
                check.refuse(
                    \.references, item: n, key: "to", "names no pin of a chip",
                    "write chip.pin, with a name of chips or iio")
            }
            if reference.lowest > reference.highest {
                check.refuse(
                    \.references, item: n, key: "lowest", "is more than highest", "make it less")
            }
        }
        for (n, line) in lines.enumerated() {
            if !holders.contains(line.on) {
                check.refuse(
                    \.lines, item: n, key: "on", "holds no lines",
                    "write a name of gpio, or of a chip with lines")
            }
            if (line.output == nil) == (line.contact == nil) {
                check.refuse(
                    \.lines, item: n, key: "", "is neither an output nor a contact, or both",
                    "write one of output and contact")
            }
            for other in lines[..<n] {
                if other.on == line.on && other.line == line.line {
                    check.refuse(
                        \.lines, item: n, key: "line", "is used twice", "give each its own line")
                }
                if other.contact != nil && other.contact == line.contact {
                    check.refuse(
                        \.lines, item: n, key: "contact", "is heard twice", "remove one of them")
                }
            }
        }
    }
}
