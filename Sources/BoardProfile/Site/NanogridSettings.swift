import Control
import Quantities

extension StageProfile {
    /// The stages of a DC battery where its file names none.
    ///
    /// Bus: extra-low voltage ends at 60 V without ripple (IEC 60364-4-41, clause 414): off at
    /// 1.2 · 48 V = 57.6 V in 0.15 s (blindness trips after 0.1 s, and is then called so). Below 40 V
    /// for 1.5 s no 48 V device works. Cells (16 LFP in series): 3.65 V and 2.5 V each. The cells'
    /// current is the converter's over its efficiency at 44 V, and half more.
    public static func nanogridStages(voltage_V: Double, most_A: Double) -> [StageProfile] {
        func stage(
            _ name: String, _ watched: String, _ sense: String, _ pickup: Double,
            after clearing_s: Double, reset_s: Double = 10
        ) -> StageProfile {
            var s = StageProfile()
            s.name = name
            s.watched = watched
            s.sense = sense
            s.pickup = pickup
            s.clearing_s = clearing_s
            s.dropout = sense == "over" ? pickup * 0.97 : pickup * 1.03
            s.reset_s = reset_s
            s.action = "trip_source"
            return s
        }
        return [
            stage("bus over-voltage", "dc_bus_voltage", "over", 1.2 * voltage_V, after: 0.15),
            stage("bus under-voltage", "dc_bus_voltage", "under", 40 / 48 * voltage_V, after: 1.5),
            stage("battery over-voltage", "battery_voltage", "over", 16 * 3.65, after: 1),
            stage("battery under-voltage", "battery_voltage", "under", 16 * 2.5, after: 1),
            stage("battery over-current", "battery_current", "over", 1.5 * 1.15 * most_A, after: 1),
            stage(
                "battery too hot", "battery_temperature", "over", 55, after: 5, reset_s: 60),
        ]
    }
}

extension NanogridProfile {
    /// The stages of one battery's controller, in order: those of the file, or the standard ones.
    public func stages(of battery: DCBatteryProfile) -> [StageProfile] {
        stages.isEmpty
            ? StageProfile.nanogridStages(voltage_V: voltage_V, most_A: battery.most_A) : stages
    }
}

extension SiteProfile {
    /// The controller of one battery of a DC site. The first also sheds loads and curtails the PV.
    ///
    /// - Parameters:
    ///   - k: index into `nanogrid!.batteries`.
    ///   - sensing: its rate; a DC site has no waveforms.
    public func nanogridSettings(_ k: Int, _ sensing: Sensing) -> ControllerSettings {
        let site = nanogrid!
        let battery = site.batteries[k]
        let rate = TickRate(perSecond: Float(sensing.rate_Hz))
        let v = Volts(Float(site.voltage_V))
        var s = ControllerSettings(
            rate: rate, frontEnd: .none, nominalVoltage: v,
            nominalCurrent: Amperes(Float(battery.most_A)),
            presence: PresenceLimits(deadBelow: v * 0.1, liveAbove: v * 0.7),
            limits: SetpointLimits(
                frequencyBias: .zero, voltageBias: Volts(2), active: .zero, reactive: .zero,
                horizon: rate.ticks(Seconds(24 * 3600))))
        fit(&s, isFirst: k == 0)
        s.stages = site.stages(of: battery).map { $0.stage(rate: rate, voltage: v) }
        s.contactor = .standard(rate, stages: s.stages)
        s.converter = ConverterDroopSettings(
            nominalVoltage: v, resistance: Ohms(Float(battery.droop_ohm)),
            chargeWeight: Float(battery.chargeWeight), mostCurrent: Amperes(Float(battery.most_A)),
            filter: Seconds(Float(Self.droopFilter_s(battery, period_s: 1 / sensing.rate_Hz))),
            restoreGain: Float(battery.restoreGain_per_s))
        if k == 0 {
            s.loads = site.shedding.groups(rate)
            s.curtailment = CurtailmentSettings(
                downAbove: Float(site.pvCurtailAbove_V), upBelow: Float(site.pvCurtailAbove_V - 1),
                downEvery: rate.ticks(Seconds(0.3)), upEvery: rate.ticks(Seconds(2)), step: 0.1,
                offAbove: Float(site.pvOffAbove_V))
        }
        return s
    }

    /// Two stiff sources on cables r droop against each other with the loop gain R/r and a lag: two
    /// and a half ticks (delay, hold) and the cable's L/r. A filter of 1.5 · (R/r) · lag puts the
    /// crossover at 1/(1.5 · lag), where the lag costs 38° and 50° of phase are left. The weight of
    /// a nearly empty battery makes R up to 1 + 3 · weight times what the file says.
    ///
    /// At 100 Hz and with the benches' cables that is 0.67 s. It does not deepen a dip: when a
    /// rectifier goes, the converter holds the voltage it made before and glides down to its droop.
    static func droopFilter_s(_ b: DCBatteryProfile, period_s: Double) -> Double {
        let gain = b.droop_ohm * (1 + 3 * b.chargeWeight) / b.lineR_ohm
        let lag_s = 2.5 * period_s + b.lineL_uH * 1e-6 / b.lineR_ohm
        return max(0.005, 1.5 * gain * lag_s)
    }

    private func fit(_ s: inout ControllerSettings, isFirst: Bool) {
        let quick: [ScalarChannel] = [
            .batteryVoltage, .batteryCurrent, .linkVoltage, .dcBusVoltage, .converterCurrent,
        ]
        var slow: [ScalarChannel] = [.batteryTemperature, .stateOfCharge]
        if isFirst { slow += [.pvPower, .loadPower] }
        // A converter of 12 bits and more over a live quantity does not repeat itself for 50 ms.
        for c in quick {
            s.scalars[Int(c.rawValue)] = ChannelSettings(
                isFitted: true, staleAfter: UInt16(max(2, s.rate.ticks(Seconds(0.02)))),
                stuckAfter: UInt16(max(10, s.rate.ticks(Seconds(0.05)))))
        }
        let stale = UInt16(
            min(60_000, max(5, s.rate.ticks(Seconds(Float(5 * sensors.slowEvery_s))))))
        for c in slow {
            s.scalars[Int(c.rawValue)] = ChannelSettings(isFitted: true, staleAfter: stale)
        }
    }
}
