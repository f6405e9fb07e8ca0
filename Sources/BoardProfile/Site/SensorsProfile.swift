/// How simulated sensors err.
public struct SensorsProfile: Sendable, Equatable {
    public var bits = 12
    public var voltageRange_V = 500.0
    public var noise_counts = 0.6
    public var gainError_percent = 0.2
    public var offset_counts = 1.0
    public var commandDelay_ticks = 1
    public var slowEvery_s = 0.1
    public init() {}
}

extension SensorsProfile {
    static let section = Section(
        "Sensors", of: SensorsProfile(), "How the sensors and outputs of simulated boards err."
    ) { s in
        s.integer("bits", \.bits, 8...24, "Resolution of the converters.")
        s.number(
            "voltage_range_V", \.voltageRange_V, 10...2000,
            "Largest instantaneous voltage a converter reads.")
        s.number("noise_counts", \.noise_counts, 0...100, "Standard deviation of a sample.")
        s.number("gain_error_percent", \.gainError_percent, 0...10, "Largest error of a gain.")
        s.number("offset_counts", \.offset_counts, 0...1000, "Largest error of a zero.")
        s.integer(
            "command_delay_ticks", \.commandDelay_ticks, 0...15, "How late commands take effect.")
        s.duration(
            "slow_every_s", \.slowEvery_s, 0.01...10,
            "Time between readings of temperatures, charge and powers.")
    }
}
