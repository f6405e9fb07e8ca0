import Control
import Quantities

extension ControllerSettings {
    /// These settings with the gains, zeros, phases, clock and travels that were found.
    ///
    /// - Parameter set: of channels that were checked against these very settings.
    public func calibrated(by set: CalibrationSet) -> ControllerSettings {
        var s = self
        for c in ScalarChannel.allCases where s.scalars[Int(c.rawValue)].isFitted {
            if let found = set[c] { s.scalars[Int(c.rawValue)].correct(found.coefficients) }
        }
        for c in WaveChannel.allCases where s.waves[Int(c.rawValue)].isFitted {
            guard let found = set[c] else { continue }
            s.waves[Int(c.rawValue)].correct(found.coefficients)
            s.wavePhases[Int(c.rawValue)] = turns(of: c, set)
        }
        if let current = set[.busCurrent], frontEnd == .chip {
            s.chipPhase = current.coefficients.turns(at: nominalFrequency)
        }
        if let clock = set[.clock] { s.sampleClock = Float(1 + clock.coefficients.scale) }
        s.takeTravels(set)
        return s
    }

    /// What a waveform's record adds to its phase, and what that of its pair adds to the pair's: it was
    /// told against the pair as it is sampled, not as it is corrected.
    private func turns(of c: WaveChannel, _ set: CalibrationSet) -> Turns {
        guard waves[Int(c.rawValue)].isFitted, let found = set[c] else { return .zero }
        let own = found.coefficients.turns(at: nominalFrequency)
        return c.pair.map { own + turns(of: $0, set) } ?? own
    }

    /// Contactors' time-outs and the islanding switch's lead and time-outs.
    ///
    /// Beyond half again the longest of a thousand operations (3.3 standard deviations) a contact is
    /// late; the least is 50 ms, for feedback is as old as its bus lets it be.
    private mutating func takeTravels(_ set: CalibrationSet) {
        let contactors = [Contact.mainContactor, .preCharge].compactMap { set[.travel($0)]?.travel }
        if contactors.count == 2, let longest = contactors.map(\.longest_s).max() {
            contactor?.travel = rate.ticks(Seconds(Float(min(max(1.5 * longest, 0.05), 1))))
        }
        guard let travel = set[.travel(.islandingSwitch)]?.travel, coupling != nil else { return }
        coupling!.closingTime = Seconds(Float(travel.close_s))
        coupling!.times.closeBy = rate.ticks(Seconds(Float(travel.close_s * 4 + 0.05)))
        coupling!.times.openBy = rate.ticks(Seconds(Float(travel.open_s * 4 + 0.05)))
    }
}

extension Travel {
    /// What one operation in a thousand exceeds, closing or opening: 3.3 standard deviations.
    var longest_s: Double {
        max(close_s + 3.3 * closeSpread_s, open_s + 3.3 * openSpread_s)
    }
}

extension Coefficients {
    /// What must be added to the measured phase at `frequency`: a channel that is sampled late reads
    /// early.
    func turns(at frequency: Hertz) -> Turns {
        let degrees = phase_deg - 360 * Double(frequency.value) * skew_s
        return Turns(fraction: Float(degrees / 360))
    }
}

extension ChannelSettings {
    mutating func correct(_ k: Coefficients) {
        correction.zero = Float(k.zero)
        correction.scale = Float(k.scale)
        correction.curvature = Float(k.curvature)
        correction.zeroPerKelvin = Float(k.zeroPerKelvin)
        correction.scalePerKelvin = Float(k.scalePerKelvin)
        correction.temperature = Celsius(Float(k.temperature_degC ?? 25))
    }
}
