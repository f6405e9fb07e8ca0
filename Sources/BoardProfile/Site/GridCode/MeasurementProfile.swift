/// What measurements must keep to: IEEE 1547-2018, table 3.
public struct MeasurementProfile: Sendable, Equatable {
    public var clause: String?
    /// In steady state: voltage within 1 % of nominal, frequency within 10 mHz, active and reactive
    /// power within 5 % of the rating.
    public var voltage_pu = 0.01
    public var frequency_Hz = 0.01
    public var power_pu = 0.05
    /// Over these windows.
    public var voltageWindow_cycles = 10
    public var frequencyWindow_cycles = 60
    public var powerWindow_cycles = 10
    /// While a disturbance lasts.
    public var transientVoltage_pu = 0.02
    public var transientFrequency_Hz = 0.1
    public var transientWindow_cycles = 5
    /// Of times up to 5 s; longer ones within 1 %.
    public var time_cycles = 2
    public init() {}

    static let section = Section(
        "Accuracy", of: MeasurementProfile(), "What measurements must keep to."
    ) { s in
        s.clause(\.clause, in: .code)
        s.number("voltage_pu", \.voltage_pu, 0.0005...0.1, "Of nominal voltage, in steady state.")
        s.number("frequency_Hz", \.frequency_Hz, 0.0005...0.2, "Of frequency, in steady state.")
        s.number(
            "power_pu", \.power_pu, 0.001...0.2,
            "Of the rated apparent power, in steady state.")
        s.integer(
            "voltage_window_cycles", \.voltageWindow_cycles, 1...600,
            "Over which voltage is judged.")
        s.integer(
            "frequency_window_cycles", \.frequencyWindow_cycles, 1...600,
            "Over which frequency is judged.")
        s.integer(
            "power_window_cycles", \.powerWindow_cycles, 1...600, "Over which power is judged.")
        s.number(
            "transient_voltage_pu", \.transientVoltage_pu, 0.0005...0.2,
            "Of nominal voltage, in a disturbance.")
        s.number(
            "transient_frequency_Hz", \.transientFrequency_Hz, 0.0005...1,
            "Of frequency, in a disturbance.")
        s.integer(
            "transient_window_cycles", \.transientWindow_cycles, 1...60,
            "Over which both are judged.")
        s.integer("time_cycles", \.time_cycles, 1...60, "Of a time up to five seconds.")
    }
}
