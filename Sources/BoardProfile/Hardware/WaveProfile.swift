import Control

/// A converter with an IIO driver: of this machine, or behind a server.
public struct IIOProfile: Sendable, Equatable {
    public var name = ""
    public var uri = "local:"
    /// One of device and label is written; `parent` may go with device.
    public var device: String?
    public var label: String?
    public var parent: String?
    /// Of a capture of waveforms.
    public var rate_Hz = 8000.0
    public var bits = 16
    public var trigger: String?
    public var block = 8
    /// Samples older than this are stale; nil: three blocks and 10 ms.
    public var staleAfter_s: Double?
    /// The very same counts for this long are stuck; 0: never.
    public var stuckAfter_s = 0.03
    public init() {}
}

/// One waveform: a channel of a capturing converter. The pin is (count − zero) · scale / 1000, in V or
/// A, and the channel (pin − offset) · gain.
public struct WaveProfile: Sendable, Equatable {
    /// A key of `WaveChannel`.
    public var channel = ""
    /// `converter.channel`
    public var from = ""
    public var scale = 1.0
    public var zero = 0.0
    public var gain = 1.0
    public var offset = 0.0
    public init() {}
}

extension IIOProfile {
    static let section = Section(
        "IIO", of: IIOProfile(), "A converter with an IIO driver, found by its name or place."
    ) { s in
        s.text(
            "name", \.name, form: .name, "How the board file calls it.", .required, example: "adc")
        s.text("uri", \.uri, "Where libiio finds it: local:, ip:192.0.2.7, usb:1.2.3.")
        s.text(
            "device", \.device, "The driver's name for it, as iio_info prints it.", .alternative,
            example: "ad7606-8")
        s.text("label", \.label, "Its label in the device tree, instead.", .alternative)
        s.text("parent", \.parent, "A part of the path of what it hangs on, such as spi0.0.")
        s.number(
            "rate_Hz", \.rate_Hz, 2000...20_000,
            "Samples a second of each waveform; a whole number of them to a tick.")
        s.integer("bits", \.bits, 8...32, "Bits of a sample that count.")
        s.text(
            "trigger", \.trigger,
            "The trigger that starts each scan; left out, the converter's own clock does.")
        s.integer(
            "block", \.block, 1...400,
            "Samples that are handed over together: the newest is that much old.")
        s.duration(
            "stale_after_s", \.staleAfter_s, 0.002...5,
            "Samples older than this are not believed; left out, three blocks and 10 ms.")
        s.duration(
            "stuck_after_s", \.stuckAfter_s, 0...5,
            "The very same counts for so long are not believed; 0 switches the test off, for a "
                + "converter so quiet that a dead line is one number.")
        s.rule { iio, check in
            if (iio.device == nil) == (iio.label == nil) {
                check.refuse(
                    key: "device", "is neither a driver's name nor a label, or both",
                    "write one of device and label")
            }
            if iio.parent != nil && iio.uri != "local:" {
                check.refuse(
                    key: "parent", "is known of this machine's own converters only",
                    "remove it, or write uri: local:")
            }
            if iio.parent != nil && iio.device == nil {
                check.refuse(key: "parent", "goes with device", "write device, not label")
            }
        }
    }
}

extension WaveProfile {
    static let section = Section(
        "Wave", of: WaveProfile(), "A waveform: a channel of a converter that captures."
    ) { s in
        s.choice(
            "channel", \.channel, of: WaveChannel.allCases.map(\.key), "What is sampled.",
            .required, example: "grid_a")
        s.text(
            "from", \.from, "The converter and its channel: adc.voltage0.", .required,
            example: "adc.voltage0")
        s.number(
            "scale", \.scale, 1e-9...1e6,
            "mV or mA of one count, as the driver's scale says; another is not believed.",
            .required, example: 0.152_588)
        s.number(
            "zero", \.zero, -2_147_483_648...2_147_483_647,
            "The count of nil: the driver's offset, negated.")
        s.number("gain", \.gain, -100_000...100_000, "channel = (pin - offset) * gain.")
        s.number("offset", \.offset, -100_000...100_000, "In V or A at the pin.")
        s.rule { wave, check in
            if wave.gain == 0 {
                check.refuse(\.gain, "makes every sample nil", "write what one unit of the pin is")
            }
        }
    }
}

extension HardwareProfile {
    /// The converter that captures the waveforms; nil without waveforms.
    public var capturing: IIOProfile? {
        guard let first = waves.first else { return nil }
        return iio.first { $0.name == first.converter }
    }

    func checkWaves(_ check: inout Check<HardwareProfile>) {
        for (n, one) in iio.enumerated() where chips.contains(where: { $0.name == one.name }) {
            check.refuse(
                \.iio, item: n, key: "name", "is also the name of a chip", "choose another name")
        }
        for (n, wave) in waves.enumerated() {
            if wave.id.isEmpty || !iio.contains(where: { $0.name == wave.converter }) {
                check.refuse(
                    \.waves, item: n, key: "from", "names no channel of a converter",
                    "write converter.channel, with a name of iio")
            } else if wave.converter != waves[0].converter {
                check.refuse(
                    \.waves, item: n, key: "from", "is of another converter than the first",
                    "take all waveforms from one converter: two have two clocks")
            }
            for other in waves[..<n] {
                if other.channel == wave.channel {
                    check.refuse(
                        \.waves, item: n, key: "channel", "is sampled twice", "remove one of them")
                }
                if other.from == wave.from {
                    check.refuse(
                        \.waves, item: n, key: "from", "is used twice", "give each its own channel")
                }
            }
        }
    }
}

extension WaveProfile {
    /// The channel's unit in one count, and the count at nil.
    public var gainOfCount: Double { scale / 1000 * gain }
    public var countAtNil: Double { zero + 1000 * offset / scale }
    /// Counts at or beyond these are saturated. A converter whose nil is count 0 has both signs.
    public func limits(bits: Int) -> (lowest: Double, highest: Double) {
        let span = Double(1 << (bits - 1))
        return ((zero == 0 ? -span : 0) + 0.5, (zero == 0 ? span : 2 * span) - 1.5)
    }

    public var converter: String { String(from.prefix { $0 != "." }) }
    /// The channel's id.
    public var id: String { String(from.drop { $0 != "." }.dropFirst()) }
}
