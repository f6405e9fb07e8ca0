import BoardProfile
import Control

/// Whether a channel is as accurate as somebody asks, and what stands in the way.
public struct AccuracyVerdict: Equatable, Sendable {
    public var channel: Calibrated
    /// Who asks: the board file, or the grid code.
    public var source: String
    /// At this value, in the channel's unit...
    public var value: Double
    /// ... the expanded uncertainty (k = 2) may be this much, and is that; nil: not calibrated.
    public var allowed: Double
    public var expanded: Double?
    /// The part of the budget that matters most there.
    public var dominant: String
    public var passes: Bool { expanded.map { $0 <= allowed } ?? false }

    /// Nil where nobody asks anything of the channel.
    public init?(
        _ channel: Calibrated, _ record: CalibrationRecord?, site: SiteProfile,
        settings: ControllerSettings
    ) {
        guard let required = RequiredAccuracy(channel, site: site) else { return nil }
        self.channel = channel
        source = required.source
        let at = site.usualValue(of: channel, settings)
        value = at
        allowed = required.allowed(at: at)
        // A clock is off by a ratio, whatever the frequency.
        let isClock = channel == .clock
        expanded = record.map { isClock ? $0.expanded(at: 1) * at : $0.expanded(at: at) }
        dominant = record?.uncertainty.dominant(at: value) ?? ""
    }
}

extension RequiredAccuracy {
    /// What the board file asks of a channel, or else what its grid code asks of what it is a measure
    /// of. Nil: nobody asks.
    public init?(_ channel: Calibrated, site: SiteProfile) {
        if let asked = site.calibration.channels.first(where: { $0.channel == channel.key }),
            asked.accuracy_percent != nil || asked.accuracy != nil
        {
            self.init(
                ratio: (asked.accuracy_percent ?? 0) / 100, absolute: asked.accuracy ?? 0,
                source: "the board file")
            return
        }
        guard site.nanogrid == nil else { return nil }
        let code = site.gridCode
        let nominal_V = site.voltage_V
        let isVoltage: Bool
        switch channel {
        case .wave(let c): isVoltage = c.rawValue < WaveChannel.currentA.rawValue
        case .scalar(let c): isVoltage = c == .gridRMS || c == .busRMS
        case .clock, .travel: isVoltage = false
        }
        if isVoltage {
            self.init(
                ratio: 0, absolute: code.voltageAccuracy_pu * nominal_V,
                source: "\(code.title), voltage")
        } else if channel == .clock || channel == .scalar(.gridFrequency)
            || channel == .scalar(.busFrequency)
        {
            self.init(
                ratio: 0, absolute: code.frequencyAccuracy_Hz, source: "\(code.title), frequency")
        } else if channel == .scalar(.busActive) || channel == .scalar(.busReactive) {
            self.init(
                ratio: 0, absolute: code.powerAccuracy_pu * site.rated_VA,
                source: "\(code.title), power")
        } else if case .wave = channel {
            // A current is half of a power: with its voltage and the angle between them it makes it.
            self.init(
                ratio: 0,
                absolute: code.powerAccuracy_pu * site.rated_VA / nominal_V / 3.0.squareRoot(),
                source: "\(code.title), power")
        } else {
            return nil
        }
    }
}

extension SiteProfile {
    /// Rated apparent power of what a board controls, VA a phase.
    var rated_VA: Double {
        if let home = homes.first(where: { $0.name == hardware?.controls }) {
            return home.rating_VA / Double(phases)
        }
        return (coupling?.rated_A ?? 0) * voltage_V
    }

    /// Where a channel is judged: at nominal.
    func usualValue(of channel: Calibrated, _ settings: ControllerSettings) -> Double {
        switch channel {
        case .wave(let c):
            c.rawValue < WaveChannel.currentA.rawValue
                ? voltage_V : Double(settings.nominalCurrent.value)
        case .clock, .scalar(.gridFrequency), .scalar(.busFrequency): frequency_Hz
        case .scalar(.gridRMS), .scalar(.busRMS): voltage_V
        case .scalar(.batteryVoltage), .scalar(.dcBusVoltage), .scalar(.linkVoltage):
            nanogrid?.voltage_V ?? 400
        case .scalar(.batteryCurrent), .scalar(.converterCurrent), .scalar(.busCurrent):
            Double(settings.nominalCurrent.value)
        case .scalar(.batteryTemperature), .scalar(.boardTemperature): 25
        case .scalar(.pvPower), .scalar(.windPower), .scalar(.evPower), .scalar(.loadPower),
            .scalar(.busActive), .scalar(.busReactive):
            Double(settings.nominalCurrent.value * settings.nominalVoltage.value)
        case .scalar(.stateOfCharge): 1
        case .scalar(.angleAcross): 10
        case .travel: 0
        }
    }
}
