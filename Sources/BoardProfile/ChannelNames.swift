import Control

/// Words of a file for names of the code: `gridA` is `grid_a`, `gridRMS` is `grid_rms`.
private func snake(_ name: String) -> String {
    var text = ""
    var wasUpper = false
    for letter in name {
        if letter.isUppercase, !wasUpper, !text.isEmpty { text += "_" }
        text += letter.lowercased()
        wasUpper = letter.isUppercase
    }
    return text
}

extension WaveChannel {
    /// As files name it: `grid_a`.
    public var key: String { snake("\(self)") }
}

extension ScalarChannel {
    /// As files name it: `battery_voltage`.
    public var key: String { snake("\(self)") }
}

extension Contact {
    /// As files name it. The load groups have the names of `shedding`.
    public var key: String {
        switch self {
        case .load0: "load_charging"
        case .load1: "load_deferrable"
        case .load2: "load_comfort"
        case .islandingSwitch, .preCharge, .mainContactor, .inverterReady, .load3: snake("\(self)")
        }
    }
}

extension Output {
    /// As files name it. The load groups have the names of `shedding`.
    public var key: String {
        switch self {
        case .load0: "load_charging"
        case .load1: "load_deferrable"
        case .load2: "load_comfort"
        case .islandingSwitch, .preCharge, .mainContactor, .inverterEnable, .load3, .heartbeat:
            snake("\(self)")
        }
    }
}
