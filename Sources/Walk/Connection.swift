import Calibration
import Control

/// What a person connects to calibrate a channel, and how to live through it.
public struct Connection: Equatable, Sendable {
    /// Source and leads.
    public var connect: [String]
    /// The meter's function and range.
    public var meter: String
    /// Which way round is positive; empty where nothing has a direction.
    public var polarity: String
    /// How the zero is made.
    public var zero: String
    public var safety: [String]

    /// For a channel used up to `plan.fullScale`.
    public init(_ plan: ChannelPlan) {
        let range = Self.range(plan)
        (polarity, zero, safety) = ("", "Switch the source off.", [])
        switch Kind(plan.channel) {
        case .directVoltage:
            connect = [
                "Take the channel's leads off the plant.",
                "Adjustable DC supply across them; the meter across the same two points.",
            ]
            meter = "DC volts, \(range)."
            polarity = "Positive: the + lead at the supply's +."
            zero = "Take the supply off and short the channel's leads together."
            safety = Self.voltage(plan.fullScale, limit: 120, "DC")
            safety.append("Fuse the leads at the source: a battery feeds a short with kiloamperes.")
        case .directCurrent(let way):
            connect = [
                "Open the circuit at the sensor; source, meter, sensor and load in one loop.",
                "A supply with a current limit and a power resistor make a steady current.",
            ]
            meter = "DC amperes, \(range). Mind the socket of the current range."
            polarity = way
            zero = "Open the loop: no current, sensor powered."
            safety = [
                "Never open a loop that carries current: set the source to zero first.",
                "Fuse the loop below the meter's range.",
            ]
        case .alternatingVoltage:
            connect = [
                "Take the channel's leads off the plant.",
                "Isolating transformer, variable transformer, then leads and meter side by side.",
            ]
            meter = "AC volts, true RMS, \(range)."
            zero = "Take the transformer off and short the channel's leads together."
            safety = Self.voltage(plan.fullScale, limit: 50, "AC")
        case .alternatingCurrent:
            connect = [
                "A loop through sensor and meter, fed by a transformer of few volts or a load.",
                "Several turns through a window sensor count as often: type turns × amperes.",
            ]
            meter = "AC amperes, true RMS, \(range)."
            polarity =
                "The arrow on the sensor points into the site's bus. With a heater as load "
                + "the phase is 0: type 5.02 @ 0."
            zero = "Open the loop: no current, sensor powered."
            safety = [
                "Never open the secondary of a current transformer: it rises to kilovolts.",
                "Set the source to zero before a loop is opened.",
            ]
        case .temperature:
            connect = [
                "Sensor and thermometer tied together, in a stirred bath or a closed box.",
                "Ice in water makes 0 °C; wait for both to settle.",
            ]
            meter = "Thermometer with its probe at the sensor, \(range)."
            zero = "Ice and water, stirred."
            safety = ["Keep live parts out of the water."]
        case .frequency:
            connect = ["Function generator of the channel's voltage, counter across it."]
            meter = "Frequency, gate of 1 s or longer."
            safety = Self.voltage(230, limit: 50, "AC")
        case .power(let way):
            connect = ["A load or source behind the channel; a power meter in the same circuit."]
            meter = "Power in \(plan.channel.unit), \(range)."
            polarity = way
            safety = Self.voltage(230, limit: 50, "AC")
        case .other:
            connect = ["What makes \(plan.channel.key) take known values; the reference beside it."]
            meter =
                "In \(plan.channel.unit.isEmpty ? "parts of one" : plan.channel.unit), \(range)."
        }
    }

    private static func range(_ plan: ChannelPlan) -> String {
        let most = Digits.plain(plan.fullScale, plan.channel.unit)
        return "the smallest range that holds \(most)"
    }

    /// Limits of extra-low voltage: 50 V AC, 120 V DC (IEC 61140, IEC 60449 band I).
    private static func voltage(_ most: Double, limit: Double, _ kind: String) -> [String] {
        most > limit
            ? [
                "Above \(Digits.fixed(limit, 0)) V \(kind): dangerous to touch. For qualified people alone.",
                "Switch off, wait, prove it dead before every change of leads.",
            ]
            : ["Switch the source off before every change of leads."]
    }

    private enum Kind {
        case directVoltage, alternatingVoltage, alternatingCurrent, temperature, frequency, other
        case directCurrent(String), power(String)

        init(_ channel: Calibrated) {
            switch channel {
            case .wave(let c):
                self =
                    c.rawValue < WaveChannel.currentA.rawValue
                    ? .alternatingVoltage : .alternatingCurrent
            case .clock: self = .frequency
            case .travel: self = .other
            case .scalar(let c):
                switch c {
                case .batteryVoltage, .linkVoltage, .dcBusVoltage: self = .directVoltage
                case .batteryCurrent: self = .directCurrent("Positive: out of the battery.")
                case .converterCurrent:
                    self = .directCurrent("Positive: out of the converter, into the DC bus.")
                case .batteryTemperature, .boardTemperature: self = .temperature
                case .gridRMS, .busRMS: self = .alternatingVoltage
                case .busCurrent: self = .alternatingCurrent
                case .gridFrequency, .busFrequency: self = .frequency
                case .pvPower, .windPower, .evPower, .loadPower, .busActive, .busReactive:
                    self = .power("Positive: into the site's bus. A load is negative.")
                case .stateOfCharge, .angleAcross: self = .other
                }
            }
        }
    }
}
