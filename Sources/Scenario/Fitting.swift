import BoardProfile
import Control
import Plant
import SimBoard

// From what a board file says to the simulated board it describes.

extension SiteProfile {
    /// The physics of a village.
    public var microgrid: MicrogridDescription {
        var m = MicrogridDescription()
        m.nominalFrequency_Hz = frequency_Hz
        m.nominalVoltage_V = voltage_V
        m.gridR_ohm = network.gridR_ohm
        m.gridL_H = network.gridL_mH / 1000
        m.others_W = network.others_W
        m.cableR_ohm = network.cableR_ohm
        m.cableL_H = network.cableL_mH / 1000
        m.busCapacitance_F = network.busCapacitance_uF / 1e6
        if let coupling {
            m.switchClose_s = coupling.switchClose_s
            m.switchOpen_s = coupling.switchOpen_s
        }
        m.homes = homes.map { home in
            var h = HomeDescription()
            h.name = home.name
            h.lineR_ohm = home.lineR_ohm
            h.lineL_H = home.lineL_mH / 1000
            h.rating_VA = home.rating_VA
            h.battery_kWh = home.battery_kWh
            h.charge = home.charge
            h.pv_W = home.pv_W
            h.isSolar = home.der?.kind == .pv
            h.isFollower = home.der != nil
            h.wind_W = home.wind_W
            h.ev_W = home.ev_W
            h.critical_W = home.critical_W
            h.comfort_W = home.comfort_W
            h.deferrable_W = home.deferrable_W
            h.powerFactor = home.powerFactor
            return h
        }
        return m
    }

    /// A sensor whose errors are drawn from the site's seed: each is one deviation of what the file
    /// says, so that no two channels err alike.
    func sensor(gain: Double, _ random: inout Random, skew: Double = 0) -> SensorModel {
        SensorModel(
            gain: gain, zero: Double((1 << sensors.bits) / 2), bits: sensors.bits,
            gainError: sensors.gainError_percent / 100 * (2 * random.unit() - 1),
            offsetError: sensors.offset_counts * (2 * random.unit() - 1),
            noise: sensors.noise_counts, skew: skew)
    }

    /// The simulated board of a controller: the same channels its settings say are fitted, with the
    /// same nominal gains.
    public func simulatedBoard(
        for settings: ControllerSettings, _ sensing: Sensing, random: Random
    ) -> SimBoardDescription {
        var random = random.fork("sensors")
        var board = SimBoardDescription(
            samplesPerTick: sensing.samplesPerTick, ticksPerSecond: sensing.rate_Hz,
            commandDelay: sensors.commandDelay_ticks)
        for c in WaveChannel.allCases where settings.waves[Int(c.rawValue)].isFitted {
            // The second and third phase of a multiplexed converter come a little late.
            let skew = 0.02 * Double(c.rawValue % 3)
            board.waves[c] = sensor(
                gain: Double(settings.waves[Int(c.rawValue)].gain), &random, skew: skew)
        }
        let every = max(1, Int((sensors.slowEvery_s * sensing.rate_Hz).rounded()))
        for c in ScalarChannel.allCases where settings.scalars[Int(c.rawValue)].isFitted {
            board.scalars[c] = SensorModel(
                gain: 1, bits: 0,
                gainError: Self.error(c, sensors.gainError_percent) * (2 * random.unit() - 1),
                noise: Self.noise(c), every: Self.isQuick(c) ? 1 : every)
        }
        return board
    }

    /// Standard deviation of a finished reading, in its unit.
    private static func noise(_ c: ScalarChannel) -> Double {
        switch c {
        case .batteryVoltage, .linkVoltage: 0.05
        case .batteryCurrent: 0.005
        case .batteryTemperature, .boardTemperature: 0.1
        case .stateOfCharge: 1e-4
        case .dcBusVoltage: 0.005
        case .converterCurrent: 0.01
        case .pvPower, .windPower, .evPower, .loadPower: 2
        case .gridRMS, .busRMS: 0.1
        case .gridFrequency, .busFrequency: 0.001
        case .busCurrent: 0.01
        case .busActive, .busReactive: 2
        case .angleAcross: 0.1
        }
    }
    /// Largest relative gain error. The two voltages that pre-charge compares come from one
    /// 16-bit converter behind matched dividers: 0.02 %, or 0.15 V of 768 V. A meter chip's
    /// frequency rests on a crystal: 20 ppm.
    private static func error(_ c: ScalarChannel, _ percent: Double) -> Double {
        switch c {
        case .batteryVoltage, .linkVoltage: 2e-4
        case .gridFrequency, .busFrequency: 2e-5
        case .stateOfCharge, .batteryTemperature, .boardTemperature: 0
        default: percent / 100
        }
    }
    /// Meter chips and battery monitors answer every tick; the rest at the profile's slow rate.
    private static func isQuick(_ c: ScalarChannel) -> Bool {
        switch c {
        case .batteryTemperature, .boardTemperature, .stateOfCharge, .pvPower, .windPower, .evPower,
            .loadPower:
            false
        default: true
        }
    }
}
