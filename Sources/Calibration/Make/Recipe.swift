import BoardProfile

/// What a calibration is made with, whichever channel it is of: the board, the meter, the person, and
/// what the board file says of ageing and temperatures.
public struct Recipe: Sendable {
    public var board: String
    public var serial: String
    public var meter: ReferenceMeter
    public var person: String
    /// The program's version.
    public var software: String
    public var rule: CalibrationProfile
    /// A curvature may be taken where it earns its place.
    public var allowsCurvature: Bool
    /// Standard uncertainty of the angle the meter shows, degrees.
    public var phaseUncertainty_deg: Double

    public init(
        board: String, serial: String, meter: ReferenceMeter, person: String, software: String,
        rule: CalibrationProfile, allowsCurvature: Bool = false, phaseUncertainty_deg: Double = 0
    ) {
        (self.board, self.serial, self.meter) = (board, serial, meter)
        (self.person, self.software, self.rule) = (person, software, rule)
        self.allowsCurvature = allowsCurvature
        self.phaseUncertainty_deg = phaseUncertainty_deg
    }

    /// What is known of a channel besides its points.
    public func options(_ channel: Calibrated) -> FitOptions {
        let known = rule.channels.first { $0.channel == channel.key }
        return FitOptions(
            allowsCurvature: allowsCurvature,
            stabilityPerYear: (known?.stability_percentPerYear ?? 0) / 100,
            interval_years: rule.valid_days / 365.25,
            scalePerKelvinLimit: (known?.scale_ppmPerK ?? 0) * 1e-6,
            temperatures_degC: rule.lowest_degC...rule.highest_degC)
    }

    /// What the points of `channel` say.
    ///
    /// Zero and scale, and with points 10 K apart their temperature coefficients; of the clock its
    /// rate; of a waveform with the meter's own phases its phase error.
    public func fit(
        _ channel: Calibrated, _ points: [Point], _ nominal: Nominal
    ) throws(FitRefusal) -> ChannelFit {
        switch channel {
        case .clock: return try clock(points)
        case .travel:
            throw FitRefusal("a travel has no points", "use skerry calibrate travel")
        case .scalar, .wave: break
        }
        if let constants = nominal.thermistor {
            let known = options(channel)
            let aged = known.stabilityPerYear * known.interval_years / 3.0.squareRoot()
            var (fit, found) = try thermistor(points, constants, stability: aged)
            fit.thermistor = found
            return fit
        }
        var fit = try ChannelFit.fit(
            points, nominal: nominal, reference: meter, options: options(channel))
        if Self.spansTemperatures(points) && !nominal.isAlternating {
            try fit.takeTemperatures(
                TemperatureFit.fit(
                    points, nominal: nominal, reference: meter, options: options(channel)))
        }
        let tones = Self.tones(points)
        let frequencies = tones.map(\.frequency_Hz)
        if (frequencies.max() ?? 0) - (frequencies.min() ?? 0) >= Self.leastTones_Hz {
            fit.takeSkew(try SkewFit.fit(tones), uncertainty_deg: phaseUncertainty_deg)
        } else if points.contains(where: { $0.phase_deg != nil && $0.referencePhase_deg != nil }) {
            fit.takePhase(
                try PhaseFit.fit(points, referenceUncertainty_deg: phaseUncertainty_deg))
        }
        return fit
    }

    /// Phases at frequencies so far apart tell a time skew from a phase error; a mains alone does not,
    /// and need not, for the two do the same there.
    static let leastTones_Hz = 10.0

    private static func tones(_ points: [Point]) -> [SkewFit.Tone] {
        points.compactMap { point in
            guard let frequency_Hz = point.frequency_Hz, let phase_deg = point.phase_deg,
                let reference_deg = point.referencePhase_deg
            else { return nil }
            return SkewFit.Tone(
                frequency_Hz: frequency_Hz,
                phase_deg: (phase_deg - reference_deg).remainder(dividingBy: 360),
                count: point.count)
        }
    }

    /// The record of a fit; the store numbers it.
    ///
    /// - Parameter at_s: now, seconds since 1970, UTC.
    public func record(
        _ channel: Calibrated, _ points: [Point], _ nominal: Nominal, _ fit: ChannelFit,
        at_s: Double
    ) -> CalibrationRecord {
        CalibrationRecord(
            channel: channel, board: board, serial: serial, nominal: nominal,
            coefficients: fit.coefficients, uncertainty: fit.uncertainty, range: fit.range,
            points: points, outliers: fit.outliers, reference: meter, person: person, at_s: at_s,
            temperature_degC: fit.coefficients.temperature_degC, software: software,
            // A line for people; what is longer is in the points.
            note: String(fit.remarks.joined(separator: " ").prefix(400)),
            thermistor: fit.thermistor)
    }

    private static func spansTemperatures(_ points: [Point]) -> Bool {
        let known = points.compactMap(\.temperature_degC)
        guard known.count == points.count, let low = known.min(), let high = known.max() else {
            return false
        }
        return high - low >= TemperatureFit.leastSpan_K && points.count >= 6
    }

    private func clock(_ points: [Point]) throws(FitRefusal) -> ChannelFit {
        let found = try ClockFit.fit(points, reference: meter)
        var covariance = Uncertainty.none
        covariance[1][1] = found.scatter * found.scatter
        let rest = max(0, found.uncertainty * found.uncertainty - found.scatter * found.scatter)
        let frequencies = points.map(\.raw)
        let known = rule.channels.first { $0.channel == Calibrated.clock.key }
        let aged =
            (known?.stability_percentPerYear ?? 0) / 100 * rule.valid_days / 365.25
            / 3.0.squareRoot()
        var parts = [Uncertainty.Part("reference", .B, scale: rest.squareRoot())]
        if aged > 0 { parts.append(.init("stability", .B, scale: aged)) }
        return ChannelFit(
            coefficients: Coefficients(scale: found.rate),
            uncertainty: Uncertainty(covariance: covariance, parts: parts),
            residuals: points.map { (1 + found.rate) * $0.raw - $0.reference },
            outliers: found.outliers,
            range: (frequencies.min() ?? 0)...(frequencies.max() ?? 0), chiSquare: 0,
            freedom: max(0, points.count - 1))
    }
}

extension ChannelFit {
    /// Zero, scale and what they move a kelvin. What temperature does is known now, and is no longer a
    /// part of the budget but by how well it is known, at the far end of the points' own temperatures.
    mutating func takeTemperatures(_ found: TemperatureFit) throws(FitRefusal) {
        let span_K = TemperatureFit.leastSpan_K
        coefficients.zero = found.coefficients.zero
        coefficients.scale = found.coefficients.scale
        coefficients.zeroPerKelvin = found.coefficients.zeroPerKelvin
        coefficients.scalePerKelvin = found.coefficients.scalePerKelvin
        coefficients.temperature_degC = found.coefficients.temperature_degC
        for a in 0..<2 { for b in 0..<2 { uncertainty.covariance[a][b] = found.covariance[a][b] } }
        uncertainty.parts.removeAll { $0.name == "temperature" }
        uncertainty.parts.append(
            .init(
                "temperature", .A, zero: found.uncertaintyOfZeroPerKelvin * span_K,
                scale: found.uncertaintyOfScalePerKelvin * span_K))
        residuals = found.residuals
        outliers = found.outliers
        // What the first fit said of their scatter was the temperature's doing.
        remarks = found.remarks
    }

    /// Takes a phase, however it was found: by the meter's own angles, or by two loads.
    ///
    /// A current the wrong way round has a negative scale, and a phase that is small: the points' own
    /// phases had shown it already (`AlternatingFit`), or two loads do now.
    ///
    /// Nobody knows whether the error is a phase or a delay, which grows with frequency: over the 1 %
    /// that a network's may move (EN 50160:2010, 4.2.1) that is 1 % of it, rectangular.
    public mutating func takePhase(_ found: PhaseFit) {
        if found.isReversed { turn() }
        coefficients.phase_deg = found.phase_deg
        let moved_deg = 0.01 * found.phase_deg / 3.0.squareRoot()
        uncertainty.phase_deg =
            (found.uncertainty_deg * found.uncertainty_deg + moved_deg * moved_deg).squareRoot()
        remarks += found.remarks.filter { !remarks.contains($0) }
    }

    /// Once: the points' own phases may have shown it already.
    private mutating func turn() {
        guard !isReversed else { return }
        coefficients.scale = -(1 + coefficients.scale) - 1
        coefficients.zero = -coefficients.zero
        isReversed = true
    }

    /// Phase and skew, told apart. The meter's own angle is in the phase; what is left of half a turn is
    /// a sensor the wrong way round.
    mutating func takeSkew(_ found: SkewFit, uncertainty_deg: Double) {
        var phase_deg = PhaseFit.wrapped(found.phase_deg)
        if phase_deg.magnitude > 90 {
            phase_deg = PhaseFit.wrapped(phase_deg + 180)
            turn()
        }
        coefficients.phase_deg = phase_deg
        coefficients.skew_s = found.skew_s
        let own = found.uncertainty_deg
        uncertainty.phase_deg = (own * own + uncertainty_deg * uncertainty_deg).squareRoot()
        uncertainty.skew_s = found.uncertainty_s
        remarks += found.remarks
    }
}
