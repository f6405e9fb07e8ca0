import BoardProfile
import Control

/// What can be calibrated: a channel, the clock of a capture, or the travel of a switch.
public enum Calibrated: Hashable, Sendable {
    /// A slow channel: its raw number is in the unit of the pin it comes from.
    case scalar(ScalarChannel)
    /// A waveform: its raw numbers are counts; it is calibrated by their RMS, mean and phase.
    case wave(WaveChannel)
    /// The clock that times the samples of waveforms.
    case clock
    /// How long a contact takes to follow its coil, closing and opening.
    case travel(Contact)

    /// As files and people name it: `battery_voltage`, `grid_a`, `sample_clock`, `travel_main_contactor`.
    public var key: String {
        switch self {
        case .scalar(let c): c.key
        case .wave(let c): c.key
        case .clock: "sample_clock"
        case .travel(let c): "travel_\(c.key)"
        }
    }

    public init?(key: String) {
        let all =
            ScalarChannel.allCases.map(Calibrated.scalar)
            + WaveChannel.allCases.map(Calibrated.wave)
            + [.clock] + Contact.allCases.map(Calibrated.travel)
        guard let found = all.first(where: { $0.key == key }) else { return nil }
        self = found
    }

    /// V, A, W, var, Hz, °C, °, s, or empty for a ratio.
    public var unit: String {
        switch self {
        case .wave(let c): c.rawValue < WaveChannel.currentA.rawValue ? "V" : "A"
        case .clock: "Hz"
        case .travel: "s"
        case .scalar(let c):
            switch c {
            case .batteryVoltage, .linkVoltage, .dcBusVoltage, .gridRMS, .busRMS: "V"
            case .batteryCurrent, .converterCurrent, .busCurrent: "A"
            case .batteryTemperature, .boardTemperature: "°C"
            case .stateOfCharge: ""
            case .pvPower, .windPower, .evPower, .loadPower, .busActive: "W"
            case .busReactive: "var"
            case .gridFrequency, .busFrequency: "Hz"
            case .angleAcross: "°"
            }
        }
    }
}
