import Control
import Quantities

/// How a site's controllers sense. A profile's rate and front end, or those of a slower run: a
/// simulated day is driven as if the boards had meter chips.
public struct Sensing: Sendable, Equatable {
    public var rate_Hz: Double
    /// 0: a meter chip.
    public var samplesPerTick: Int
    public init(rate_Hz: Double, samplesPerTick: Int) {
        self.rate_Hz = rate_Hz
        self.samplesPerTick = samplesPerTick
    }
}

extension SiteProfile {
    public var sensing: Sensing { Sensing(rate_Hz: rate_Hz, samplesPerTick: samplesPerTick) }

    private func base(_ sensing: Sensing, current: Double) -> ControllerSettings {
        let rate = TickRate(perSecond: Float(sensing.rate_Hz))
        let v = Volts(Float(voltage_V))
        let longest = rate.ticks(Seconds(24 * 3600))
        return ControllerSettings(
            rate: rate,
            frontEnd: sensing.samplesPerTick > 0
                ? .waveform(samplesPerTick: sensing.samplesPerTick) : .chip,
            phases: phases, nominalFrequency: Hertz(Float(frequency_Hz)), nominalVoltage: v,
            nominalCurrent: Amperes(Float(current)),
            presence: PresenceLimits(deadBelow: v * 0.10, liveAbove: v * 0.70),
            limits: SetpointLimits(
                frequencyBias: Hertz(2), voltageBias: v * 0.15, active: Watts(1e6),
                reactive: Vars(1e6), horizon: longest))
    }

    private func fit(
        _ s: inout ControllerSettings, waves: [WaveChannel], currentRange_A: Double
    ) {
        let half = Float((1 << sensors.bits) / 2)
        for c in waves {
            let range =
                c.rawValue >= WaveChannel.currentA.rawValue
                ? Float(currentRange_A) : Float(sensors.voltageRange_V)
            s.waves[Int(c.rawValue)] = ChannelSettings(
                isFitted: true, gain: range / half, offset: half, lowest: 0.5,
                highest: 2 * half - 1.5, staleAfter: UInt16(max(2, s.rate.ticks(Seconds(0.005)))),
                stuckAfter: UInt16(max(3, s.rate.ticks(Seconds(0.03)))))
        }
    }
    private func fit(_ s: inout ControllerSettings, _ scalars: [ScalarChannel]) {
        let stale = UInt16(min(60_000, s.rate.ticks(Seconds(Float(5 * sensors.slowEvery_s)))))
        for c in scalars {
            s.scalars[Int(c.rawValue)] = ChannelSettings(isFitted: true, staleAfter: max(stale, 5))
        }
    }

    /// The controller at the point of common coupling; nil where the site has none.
    public func couplingSettings(_ sensing: Sensing) -> ControllerSettings? {
        guard let c = coupling else { return nil }
        var s = base(sensing, current: c.rated_A)
        if sensing.samplesPerTick > 0 {
            fit(&s, waves: WaveChannel.allCases, currentRange_A: 4 * c.rated_A)
        } else {
            fit(
                &s,
                [
                    .gridRMS, .gridFrequency, .busRMS, .busFrequency, .busCurrent, .busActive,
                    .busReactive, .angleAcross,
                ])
        }
        let rate = s.rate
        s.stages = gridCode.stages.map { $0.stage(rate: rate, voltage: s.nominalVoltage) }
        let f = s.nominalFrequency, v = s.nominalVoltage
        s.coupling = CouplingSettings(
            times: IslandingTimes(
                openBy: rate.ticks(Seconds(Float(c.switchOpen_s * 4 + 0.05))),
                closeBy: rate.ticks(Seconds(Float(c.switchClose_s * 4 + 0.05))),
                diagnose: rate.ticks(Seconds(Float(c.diagnose_s))),
                retry: rate.ticks(Seconds(Float(c.retry_s))), attempts: UInt8(c.attempts),
                deadBus: rate.ticks(Seconds(Float(c.deadBus_s))),
                // A service switch has nothing to prove: the DERs behind it find a lost grid.
                proving: c.isProtected ? rate.ticks(Seconds(1)) : .max,
                feedbackLag: rate.ticks(Seconds(0.05)),
                syncBy: rate.ticks(Seconds(Float(c.syncAlarm_s)))),
            window: c.isProtected
                ? gridCode.window(rate, v, delay_s: c.enterDelay_s ?? gridCode.enterDelay_s)
                : EnterService.Window(
                    voltage: (v * 0.5, v * 1.3), frequency: (f - Hertz(5), f + Hertz(5)),
                    delay: rate.ticks(Seconds(Float(c.enterDelay_s ?? 0))),
                    excursion: rate.ticks(Seconds(0.05))),
            sync: SyncLimits(
                slip: Hertz(Float(gridCode.syncSlip_Hz)),
                voltage: v * Float(gridCode.syncVoltage_pu),
                angle_deg: Float(gridCode.syncAngle_deg),
                aim_deg: Float(c.syncAim_deg), rocof: HertzPerSecond(1),
                confirm: rate.ticks(Seconds(0.2))),
            closingTime: Seconds(Float(c.switchClose_s)),
            secondary: SecondarySettings(
                nominalFrequency: f, nominalVoltage: v,
                frequencyGain: Float(c.frequencyGain_per_s),
                voltageGain: Float(c.voltageGain_per_s)))
        return s
    }

    /// How fast an unseen island is driven: half a hertz a second beyond the stage that must see it
    /// as a loss of mains (1 Hz/s in ENA EREC G99; IEEE 1547-2018 asks category II and III to ride
    /// through 2 and 3 Hz/s, clause 6.5.2.5). 1.5 Hz/s where the code has no such stage.
    private var driftRamp: HertzPerSecond {
        let stages = gridCode.stages.filter { $0.watched == "grid_rocof" && $0.action == "island" }
        let seen = stages.map(\.pickup).min() ?? 1
        return HertzPerSecond(Float(max(1.5, seen + 0.5)))
    }

    /// The controller of one home.
    public func settings(_ home: HomeProfile, _ sensing: Sensing) -> ControllerSettings {
        let rated = home.rating_VA / (3 * voltage_V)
        var s = base(sensing, current: rated)
        if sensing.samplesPerTick > 0 {
            fit(
                &s, waves: [.busA, .busB, .busC, .currentA, .currentB, .currentC],
                currentRange_A: 4 * rated)
        } else {
            fit(&s, [.busRMS, .busFrequency, .busCurrent, .busActive, .busReactive])
        }
        var slow: [ScalarChannel] = [.pvPower, .windPower, .evPower, .loadPower]
        if home.der?.kind != .pv {
            slow += [
                .batteryVoltage, .batteryCurrent, .batteryTemperature, .stateOfCharge, .linkVoltage,
            ]
        }
        fit(&s, slow)
        let rate = s.rate
        s.stages = home.stages(rate, nominal: s.nominalVoltage, frequency: s.nominalFrequency)
        s.loads = home.shedding.groups(rate)
        if let der = home.der {
            s.interconnect = home.interconnect(
                rate, nominal: s.nominalVoltage, frequency: s.nominalFrequency)
            if der.kind == .storage { s.contactor = .standard(rate, stages: s.stages) }
            return s
        }
        var droop = DroopSettings(
            nominalFrequency: s.nominalFrequency, nominalVoltage: s.nominalVoltage,
            rating: VoltAmperes(Float(home.rating_VA)),
            frequencyDroop: Float(home.frequencyDroop_percent / 100),
            voltageDroop: Float(home.voltageDroop_percent / 100),
            virtualResistance: Ohms(Float(home.virtualR_ohm)),
            virtualReactance: Ohms(Float(home.virtualX_ohm)),
            mostOut: Watts(Float(home.dischargeLimit_W ?? home.rating_VA)),
            mostIn: Watts(Float(home.chargeLimit_W ?? home.rating_VA)),
            drift: Float(home.drift_per_s))
        droop.filter = Seconds(0.02)
        droop.driftRamp = driftRamp
        s.source = SourceSettings(
            times: SourceTimes(
                observe: rate.ticks(Seconds(0.3)), follow: rate.ticks(Seconds(0.3)),
                blackStartAfter: home.blackStartAfter_s.map { rate.ticks(Seconds(Float($0))) },
                ramp: rate.ticks(Seconds(1)), retry: rate.ticks(Seconds(10)),
                readyBy: rate.ticks(Seconds(1)), outOfStep: rate.ticks(Seconds(0.3))),
            droop: droop, emptyAt: Float(home.emptyAt))
        s.contactor = .standard(rate, stages: s.stages)
        let f = Float(frequency_Hz)
        s.curtailment = CurtailmentSettings(
            // Just beyond what a battery that charges at its rating makes of the frequency.
            downAbove: f + Float(home.frequencyDroop_percent / 100) * f + 0.05,
            upBelow: f + Float(home.frequencyDroop_percent / 100) * f - 0.05,
            downEvery: rate.ticks(Seconds(0.3)),
            upEvery: rate.ticks(Seconds(2)), step: 0.1, offAbove: f + 2.0)
        return s
    }
}

extension GridCodeProfile {
    /// When the grid is fit to connect to.
    func window(_ rate: TickRate, _ nominal: Volts, delay_s: Double) -> EnterService.Window {
        EnterService.Window(
            voltage: (nominal * Float(enterLow_pu), nominal * Float(enterHigh_pu)),
            frequency: (Hertz(Float(enterLow_Hz)), Hertz(Float(enterHigh_Hz))),
            delay: rate.ticks(Seconds(Float(delay_s))),
            excursion: rate.ticks(Seconds(Float(enterExcursion_s))))
    }
}

extension ContactorSettings {
    /// Numbers of foxBMS 2; its 1 V is at 400 V and more, and is kept for 48 V.
    ///
    /// A battery is there from where the site's own stages would not trip for its under-voltage. A
    /// file that names no such stage does not say what its battery has: then from 10 V, ten times
    /// the difference at which pre-charge counts as done. A battery behind a pre-charge has more, and
    /// what a sensor's offset or a leak feigns across a blown fuse is less.
    static func standard(_ rate: TickRate, stages: [Stage]) -> ContactorSettings {
        let least = stages.filter {
            $0.watched == .batteryVoltage && $0.sense == .under && $0.action == .tripSource
        }.map(\.pickup).max()
        return ContactorSettings(
            leastVoltage: Volts(least ?? 10), doneVoltage: Volts(1), doneCurrent: Amperes(0.05),
            preChargeBy: rate.ticks(Seconds(2)), tries: 3, pause: rate.ticks(Seconds(3)),
            lockout: rate.ticks(Seconds(10)), travel: rate.ticks(Seconds(0.2)),
            settleClose: rate.ticks(Seconds(0.2)), settleOpen: rate.ticks(Seconds(0.1)),
            hotCurrent: Amperes(1))
    }
}

extension SheddingProfile {
    func groups(_ rate: TickRate) -> [LoadGroup] {
        below.indices.map { k in
            LoadGroup(
                shedBelow: Float(below[k]), shedAfter: rate.ticks(Seconds(Float(after_s))),
                shedAtCharge: Float(atCharge[k]), restoreAbove: Float(restoreAbove),
                restoreAtCharge: Float(atCharge[k] + chargeMargin),
                restoreAfter: rate.ticks(Seconds(Float(restoreAfter_s))))
        }
    }
}
