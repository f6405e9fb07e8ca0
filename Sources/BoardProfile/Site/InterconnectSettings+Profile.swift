import Control
import Quantities

// From what a grid code says and a board has chosen of it to what the tick runs.

extension HomeProfile {
    /// What the home's DER does under its grid code; nil where there is none.
    ///
    /// - Parameter frequency: nominal.
    func interconnect(_ rate: TickRate, nominal v: Volts, frequency f: Hertz)
        -> InterconnectSettings?
    {
        guard let der else { return nil }
        let code = der.code
        let support = code.support
        var enter = EnterServiceSettings(
            window: code.window(rate, v, delay_s: code.enterDelay_s),
            ramp: Seconds(Float(code.enter.ramp_s?.value ?? 0)),
            randomDelay: rate.ticks(Seconds(Float(code.enter.randomDelay_s?.value ?? 0))),
            seed: Self.seed(name))
        enter.isPermitted = code.enter.isPermitted ?? true
        var s = InterconnectSettings(nameplate: nameplate(der), enterService: enter)
        if let ride = code.rideThrough {
            s.rideThrough = ride.settings(rate, frequency: f, stop_s: der.stop_s)
        } else {
            // Nothing is asked but to leave by the stages.
            s.rideThrough = RideThroughSettings(
                continuous: .init(0, 2), mandatory: .init(0, 2), permissive: .init(0, 2),
                momentaryCessation: .init(0, 2), continuousFrequency: .init(0, 100))
        }
        s.reactiveMode = support.reactive?.mode?.word ?? .constantPowerFactor
        s.priority = support.reactive?.priority == .active ? .active : .reactive
        if let constant = support.constantPowerFactor { s.powerFactor = constant.settings }
        if let volt = support.voltVar { s.voltVar = volt.settings }
        if let watt = support.wattVar { s.wattVar = watt.settings }
        if let constant = support.constantReactive { s.constantReactive = constant.settings }
        if let volt = support.voltWatt { s.voltWatt = volt.settings }
        s.frequencyDroop = support.frequencyDroop?.settings(rate) ?? .none
        if let limit = support.activeLimit { s.activeLimit = limit.settings }
        s.antiIslanding = support.antiIslanding?.settings ?? AntiIslandingSettings()
        s.voltageEvaluation =
            code.voltageEvaluation == .phaseAverage ? .phaseAverage : .positiveSequence
        s.isDispatched = der.kind == .storage
        s.hasNeutral = der.hasNeutral
        return s
    }

    private func nameplate(_ der: DERProfile) -> Nameplate {
        let out = der.rating_W ?? rating_VA
        let into = der.kind == .storage ? der.charge_W ?? out : 0
        let asked = der.code.support.reactive
        return Nameplate(
            apparent: VoltAmperes(Float(rating_VA)), mostOut: Watts(Float(out)),
            mostIn: Watts(Float(into)),
            mostInjected: Vars(Float(der.inject_var ?? (asked?.inject_pu ?? 0.44) * rating_VA)),
            mostAbsorbed: Vars(Float(der.absorb_var ?? (asked?.absorb_pu ?? 0.44) * rating_VA)),
            current: Float(der.current_pu))
    }

    /// Different in each home, the same in each run: FNV-1a of its name.
    private static func seed(_ name: String) -> UInt32 {
        name.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    /// The stages of a DER, first the home's own.
    ///
    /// A clearing time of a standard runs from the start of the disturbance to no current: a stage's
    /// own is shorter by what it takes to see it and by what the inverter takes to stop.
    func stages(_ rate: TickRate, nominal v: Volts, frequency f: Hertz) -> [Stage] {
        var list = stages.map { $0.stage(rate: rate, voltage: v) }
        for written in der?.protection ?? [] {
            var stage = written.stage(rate: rate, voltage: v)
            if stage.action == .cease, let watched = written.watchedKey {
                let left = written.clearing_s - watched.detection_s(f) - (der?.stop_s ?? 0)
                // Rounded down, to be sure of the standard's time.
                stage.clearing = UInt32(max(0, left * Double(rate.perSecond)).rounded(.down))
            }
            list.append(stage)
        }
        return list
    }
}

extension WatchedKey {
    /// The longest from a step of what is watched to its being seen, in which a stage's own time does
    /// not run yet.
    fileprivate func detection_s(_ f: Hertz) -> Double {
        let cycle = 1 / Double(f.value)
        return switch watched {
        // The RMS of a cycle, and a quarter for the next analysis.
        case .busLowest, .busHighest: 1.25 * cycle
        // Two cycles of angles, and one in which a step of frequency is told from one of phase.
        case .busFrequency: 3 * cycle
        default: 0
        }
    }
}

extension RideThroughProfile {
    func settings(_ rate: TickRate, frequency f: Hertz, stop_s: Double) -> RideThroughSettings {
        typealias Bounds = RideThroughSettings.Bounds
        let volts = voltage.regions
        // Each set of regions holds the one before it.
        func grown(_ bounds: Bounds, by mode: RideThroughRegion.Mode) -> Bounds {
            volts.filter { $0.mode == mode }.reduce(bounds) { bounds, region in
                Bounds(
                    min(bounds.low, Float(region.low ?? 0)),
                    max(bounds.high, Float(region.high ?? 2)))
            }
        }
        let normal = volts.continuous
        let continuous = Bounds(Float(normal?.low ?? 0), Float(normal?.high ?? 2))
        let mandatory = grown(continuous, by: .mandatory)
        let permissive = grown(mandatory, by: .permissive)
        let paused = grown(permissive, by: .momentaryCessation)
        let hertz = frequency.regions.continuous
        // The gates must be blocked by then; the RMS of a cycle and the inverter take their part.
        func delay(_ mode: RideThroughRegion.Mode) -> UInt32 {
            let times = volts.filter { $0.mode == mode }.compactMap(\.response_s)
            let left = (times.min() ?? 0) - 1.25 / Double(f.value) - stop_s
            return UInt32(max(0, left * Double(rate.perSecond) * 0.5).rounded(.down))
        }
        return RideThroughSettings(
            continuous: continuous, mandatory: mandatory, permissive: permissive,
            momentaryCessation: paused,
            continuousFrequency: Bounds(Float(hertz?.low ?? 0), Float(hertz?.high ?? 100)),
            momentaryCessationAfter: delay(.momentaryCessation), ceaseAfter: delay(.cease),
            // Half of the time the standard gives: the rest is for the measurement, and for full
            // power where it asks for a part.
            recovery: Seconds(Float((recovery_s ?? 0.4) / 2)))
    }
}

extension ReactiveProfile.Mode {
    fileprivate var word: ReactiveMode {
        switch self {
        case .constantPowerFactor: .constantPowerFactor
        case .voltVar: .voltVar
        case .wattVar: .wattVar
        case .constantReactive: .constantReactive
        case .dispatched: .dispatched
        }
    }
}

/// The reader has seen that a required number is there.
private func number(_ written: Adjustable?, _ otherwise: Double = .nan) -> Float {
    Float(written?.value ?? otherwise)
}

extension ConstantPowerFactorProfile {
    fileprivate var settings: PowerFactorSettings {
        PowerFactorSettings(
            magnitude: number(powerFactor, 1), isInjecting: excitation == .injecting,
            response: Seconds(number(response_s, 10)))
    }
}

extension VoltVarProfile {
    fileprivate var settings: VoltVarSettings {
        var curve = Curve()
        curve.add(number(V1_pu), number(Q1_pu))
        curve.add(number(V2_pu), number(Q2_pu, 0))
        curve.add(number(V3_pu), number(Q3_pu, 0))
        curve.add(number(V4_pu), number(Q4_pu))
        return VoltVarSettings(
            curve: curve, reference: number(reference_pu, 1),
            isAutonomous: isReferenceAdjusting ?? false,
            adjustment: Seconds(number(referenceTime_s, 300)),
            lowest: number(referenceLow_pu, 0.95), highest: number(referenceHigh_pu, 1.05),
            response: Seconds(number(response_s)))
    }
}

extension WattVarProfile {
    fileprivate var settings: WattVarSettings {
        var curve = Curve()
        curve.add(number(chargeP3_pu, -1), number(chargeQ3_pu, 0))
        curve.add(number(chargeP2_pu, -0.5), number(chargeQ2_pu, 0))
        curve.add(number(chargeP1_pu, -0.2), number(chargeQ1_pu, 0))
        curve.add(number(P1_pu), number(Q1_pu, 0))
        curve.add(number(P2_pu), number(Q2_pu, 0))
        curve.add(number(P3_pu), number(Q3_pu))
        return WattVarSettings(curve: curve, response: Seconds(number(response_s)))
    }
}

extension ConstantReactiveProfile {
    fileprivate var settings: ConstantReactiveSettings {
        ConstantReactiveSettings(
            reactive: number(reactive_pu, 0), response: Seconds(number(response_s, 10)))
    }
}

extension VoltWattProfile {
    fileprivate var settings: VoltWattSettings {
        VoltWattSettings(
            isEnabled: isEnabled ?? false,
            curve: Curve(
                from: (number(V1_pu), number(P1_pu, 1)), to: (number(V2_pu), number(P2_pu, 0))),
            response: Seconds(number(response_s)))
    }
}

extension FrequencyDroopProfile {
    fileprivate func settings(_ rate: TickRate) -> FrequencyDroopSettings {
        FrequencyDroopSettings(
            over: .init(
                isEnabled: isOverEnabled ?? true, deadBand: Hertz(number(deadbandOver_Hz)),
                droop: number(droopOver_pu)),
            under: .init(
                isEnabled: isUnderEnabled ?? true, deadBand: Hertz(number(deadbandUnder_Hz)),
                droop: number(droopUnder_pu)),
            base: base == .preDisturbance ? .preDisturbance : .rated,
            response: Seconds(number(response_s)),
            delay: rate.ticks(Seconds(number(delay_s, 0))),
            release_per_s: number(release_per_s, .infinity))
    }
}
extension FrequencyDroopSettings {
    /// Of a code without one.
    fileprivate static var none: FrequencyDroopSettings {
        FrequencyDroopSettings(over: .init(isEnabled: false), under: .init(isEnabled: false))
    }
}

extension ActiveLimitProfile {
    fileprivate var settings: ActiveLimitSettings {
        ActiveLimitSettings(
            isEnabled: isEnabled ?? false, most: number(limit_pu, 1),
            response: Seconds(number(response_s, 10)))
    }
}

extension AntiIslandingProfile {
    fileprivate var settings: AntiIslandingSettings {
        AntiIslandingSettings(
            gain_per_Hz: number(gain_per_Hz, 0), most: number(most_pu, 0),
            washout: Seconds(number(washout_s, 2)))
    }
}
