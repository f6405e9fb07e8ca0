import Control

/// What a board file asks of the calibration of its channels.
public struct CalibrationProfile: Sendable, Equatable {
    /// What is done with a calibration that is too old.
    public enum Expired: String, CaseIterable, ChoiceValue { case warn, refuse }

    /// In place of the board's own serial number; nil: the board's own.
    public var serial: String?
    /// Without a valid calibration of every fitted channel the board does not run.
    public var isRequired = false
    /// A calibration older than this has expired.
    public var valid_days = 365.0
    public var expired = Expired.warn
    /// Thresholds are moved by the uncertainty in the safe direction.
    public var isGuarding = true
    /// The temperatures the enclosure sees, °C.
    public var lowest_degC = 0.0
    public var highest_degC = 50.0
    public var channels: [ChannelAccuracy] = []
    public init() {}
}

/// What one channel must reach, and how its sensor ages.
public struct ChannelAccuracy: Sendable, Equatable {
    /// A key of `CalibrationProfile.keys`.
    public var channel = ""
    /// The accuracy asked for, of the reading; nil: none.
    public var accuracy_percent: Double?
    /// The same in the channel's unit.
    public var accuracy: Double?
    /// Limits of what a year changes, of the reading; nil: not known.
    public var stability_percentPerYear: Double?
    /// Limits of the temperature coefficient of the scale.
    public var scale_ppmPerK: Double?
    public init() {}
}

extension CalibrationProfile {
    /// What can be calibrated, as files name it.
    public static let keys =
        ScalarChannel.allCases.map(\.key) + WaveChannel.allCases.map(\.key) + ["sample_clock"]
        + Contact.allCases.map { "travel_\($0.key)" }

    static let section = Section(
        "Calibration", of: CalibrationProfile(),
        "What is asked of the calibration of the board's channels."
    ) { s in
        s.text(
            "serial", \.serial, form: .name,
            "The board's serial number; left out, the machine's own.", example: "pcc-1")
        s.flag(
            "required", \.isRequired,
            "Without a valid calibration of every fitted channel the board does not run.")
        s.duration(
            "valid_days", \.valid_days, 1...3650, "A calibration older than this has expired.",
            source: "ILAC-G24:2022")
        s.choice(
            "expired", \.expired, "An expired calibration is told and used, or not used.")
        s.flag(
            "guard", \.isGuarding,
            "Thresholds are moved by the expanded uncertainty in the safe direction.",
            source: "JCGM 106:2012, 8.3.2")
        s.number(
            "lowest_degC", \.lowest_degC, -40...85, "The coldest the board's enclosure becomes.")
        s.number("highest_degC", \.highest_degC, -40...125, "The warmest it becomes.")
        s.list(
            "channels", \.channels, 0...64, ChannelAccuracy.section, named: \.channel,
            "What single channels must reach, and how they age.")
        s.ascending(\.lowest_degC, \.highest_degC)
    }
}

extension ChannelAccuracy {
    static let section = Section(
        "Channel accuracy", of: ChannelAccuracy(),
        "What one channel must reach, and how its sensor ages."
    ) { s in
        s.choice(
            "channel", \.channel, of: CalibrationProfile.keys, "Which channel.", .required,
            example: "battery_voltage")
        s.number(
            "accuracy_percent", \.accuracy_percent, 0.001...50,
            "The error it may have, k = 2, of the reading.", .alternative)
        s.number(
            "accuracy", \.accuracy, 1e-6...100_000,
            "The error it may have, k = 2, in the channel's unit.", .alternative)
        s.number(
            "stability_percent_per_year", \.stability_percentPerYear, 0...50,
            "Limits of what a year changes, of the reading, as its data sheet has it.", .alternative
        )
        s.number(
            "scale_ppm_per_K", \.scale_ppmPerK, 0...100_000,
            "Limits of the temperature coefficient of its gain, as its data sheet has it.",
            .alternative)
        s.rule { channel, check in
            if channel.accuracy_percent != nil, channel.accuracy != nil {
                check.refuse(\.accuracy, "stands beside accuracy_percent", "keep one of them")
            }
            let isEmpty =
                channel.accuracy_percent == nil && channel.accuracy == nil
                && channel.stability_percentPerYear == nil && channel.scale_ppmPerK == nil
            if isEmpty {
                check.refuse(
                    \.channel, "says nothing of its channel",
                    "add accuracy_percent, accuracy, stability_percent_per_year or scale_ppm_per_K")
            }
        }
    }
}

extension SiteProfile {
    /// A real board has what its calibration speaks of.
    func checkCalibration(_ check: inout Check<SiteProfile>) {
        guard let hardware else { return }
        let contacts = hardware.lines.compactMap(\.contact).map { "travel_\($0)" }
        let clock = hardware.waves.isEmpty ? [] : ["sample_clock"]
        let fitted =
            hardware.channels.map(\.channel) + hardware.waves.map(\.channel) + clock + contacts
        for (n, channel) in calibration.channels.enumerated()
        where !fitted.contains(channel.channel) {
            check.refuse(
                key: "calibration.channels",
                "has in item \(n + 1) the channel \(channel.channel), which the hardware does not have",
                fitted.isEmpty ? "remove it" : "write one of \(oneOf(fitted))")
        }
    }
}
