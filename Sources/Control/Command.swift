import Quantities

/// How an inverter is to behave on the bus.
public enum InverterMode: UInt8, Sendable, BitwiseCopyable {
    case off
    /// Current control, in phase with what is there.
    case follow
    /// Voltage control: makes frequency and voltage itself.
    case form
}

/// What the controller asks of a three-phase inverter.
public struct InverterCommand: Equatable, Sendable, BitwiseCopyable {
    public var mode: InverterMode
    /// The frequency and phase RMS voltage to form.
    public var frequency: Hertz
    public var voltage: Volts
    /// The power to follow, into the bus.
    public var active: Watts
    public var reactive: Vars
    public init() {
        mode = .off
        frequency = .zero
        voltage = .zero
        active = .zero
        reactive = .zero
    }
}

/// What the controller asks of a DC converter: a voltage source with a limit either way.
public struct ConverterCommand: Equatable, Sendable, BitwiseCopyable {
    public var isOn: Bool
    public var voltage: Volts
    /// Largest current into the bus (discharging) and out of it (charging).
    public var mostOut: Amperes
    public var mostIn: Amperes
    public init() {
        isOn = false
        voltage = .zero
        mostOut = .zero
        mostIn = .zero
    }
}

/// Everything a tick asks of its board.
public struct Command: Equatable, Sendable, BitwiseCopyable {
    public var outputs: LineSet
    public var inverter: InverterCommand
    public var converter: ConverterCommand
    /// PV and wind may give this fraction of their rating, 0 ... 1.
    public var renewables: Float
    /// The EV charger may take this fraction of its rating, 0 ... 1.
    public var charging: Float

    /// Lets go of everything.
    public init() {
        outputs = LineSet()
        inverter = InverterCommand()
        converter = ConverterCommand()
        renewables = 0
        charging = 0
    }
}
