import BoardProfile
import Control

/// Something a partner may say of a controller's surroundings.
struct InputDescription: Sendable {
    enum Kind: String, Sendable { case trio, wave, scalar, contact }
    /// Where it goes: a trio by the number of its first wave.
    enum Place: Equatable, Sendable {
        case trio(Int)
        case wave(Int)
        case scalar(ScalarChannel)
        case contact(Contact)
    }
    /// `controller.name`
    var name: String
    var unit: String
    var place: Place
    /// Blind without it, the controller opens something or keeps it open.
    var isNeeded: Bool
    /// The age in seconds beyond which it is not believed; nil for contacts.
    var stale_s: Double?
    /// Of a wave: value = (count − offset) · gain.
    var converter: (gain: Double, offset: Double)?

    var kind: Kind {
        switch place {
        case .trio: .trio
        case .wave: .wave
        case .scalar: .scalar
        case .contact: .contact
        }
    }
    /// Of a wave or trio: A instead of V.
    var isCurrent: Bool { unit == "A" && (kind == .trio || kind == .wave) }

    static let trios = ["grid", "bus", "current"]
}

extension ScalarChannel {
    /// The unit of its number.
    var unit: String {
        switch self {
        case .batteryVoltage, .linkVoltage, .dcBusVoltage, .gridRMS, .busRMS: "V"
        case .batteryCurrent, .converterCurrent, .busCurrent: "A"
        case .batteryTemperature, .boardTemperature: "degC"
        case .stateOfCharge: "1"
        case .pvPower, .windPower, .evPower, .loadPower, .busActive: "W"
        case .busReactive: "var"
        case .gridFrequency, .busFrequency: "Hz"
        case .angleAcross: "deg"
        }
    }
}
