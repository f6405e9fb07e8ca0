import BoardProfile
import Calibration
import Control
import Foundation
import Plant

/// Calibrates a board as an installer would: a source, a reference meter, levels one after another, and
/// the very windows a real board is read by (`CycleReader`).
struct EnergyInstaller {
    /// A meter inside its limits of error: where in them nobody knows, it is the same in all readings.
    struct Meter {
        let specification: ReferenceMeter
        private let scaleError: Double
        private let zeroError: Double

        init(
            ofReading: Double, absolute: Double, resolution: Double, _ random: inout Random
        ) {
            specification = ReferenceMeter(
                model: "simulated", form: .limits, ofReading: ofReading, absolute: absolute,
                resolution: resolution)
            scaleError = ofReading * random.uniform(-1, 1)
            zeroError = absolute * random.uniform(-1, 1)
        }
        func read(_ truth: Double) -> Double {
            let digit = specification.resolution
            return ((truth * (1 + scaleError) + zeroError) / digit).rounded() * digit
        }
    }
    let voltmeter: Meter
    let ammeter: Meter
    let wattmeter: Meter
    let counter: Meter
    let protractor: Meter
    /// Phases by two loads of different power factor, not by the meter's own angle.
    let usesLoads: Bool
    /// Of the source: an installer has the mains.
    let distortion: Double
    private var random: Random
    private var reader: CycleReader
    private var time_s = 0.0
    private let wave: EnergyWave

    init(_ board: EnergyBoard, seed: UInt64) {
        var draw = Random(seed: seed).fork("installer")
        voltmeter = Meter(ofReading: 5e-4, absolute: 0.02, resolution: 0.01, &draw)
        ammeter = Meter(ofReading: 1e-3, absolute: 0.005, resolution: 0.001, &draw)
        wattmeter = Meter(ofReading: 1.5e-3, absolute: 0.5, resolution: 0.1, &draw)
        counter = Meter(ofReading: 5e-6, absolute: 1e-4, resolution: 1e-4, &draw)
        protractor = Meter(ofReading: 0, absolute: 0.05, resolution: 0.01, &draw)
        usesLoads = draw.unit() < 0.5
        distortion = draw.uniform(0, 0.08)
        wave = EnergyWave(distortion: distortion, turns: (0..<4).map { _ in draw.unit() })
        random = draw
        reader = CycleReader(
            board.channels.map {
                ($0.wave, $0.nominal, scale: $0.isCurrent ? board.rated_A : EnergyBoard.nominal_V)
            }, rate_Hz: board.kind.rate_Hz, nominal_Hz: EnergyBoard.nominal_Hz)
    }

    /// What all channels read while `feed` stands still.
    private mutating func watch(
        _ board: inout EnergyBoard, _ feed: EnergyFeed
    ) -> [Calibrated: WindowFigures] {
        var windows: [Calibrated: Window] = [:]
        var sample = Sample()
        let begin_s = time_s
        while time_s < begin_s + 2 {
            board.fill(&sample, board.kind.samples, of: feed)
            time_s += 1 / board.kind.tick_Hz
            for (channel, reading) in reader.take(sample, at_s: time_s)
            where time_s > begin_s + 0.4 {
                windows[channel, default: Window(span_s: 10, nominal: Nominal())].add([reading])
            }
        }
        return windows.compactMapValues { $0.figures(at: time_s) }
    }

    private mutating func feed(voltage_V: Double, current_A: Double = 0) -> EnergyFeed {
        EnergyFeed(
            frequency_Hz: random.uniform(49.8, 50.2), voltage_V: voltage_V, current_A: current_A,
            voltage: wave, isOnePhase: true)
    }

    /// With whichever meter: the board it is of.
    var recipe: Recipe { recipe(voltmeter) }
    private func recipe(_ meter: Meter, phaseUncertainty_deg: Double = 0) -> Recipe {
        Recipe(
            board: "simulated", serial: "1", meter: meter.specification, person: "", software: "",
            rule: CalibrationProfile(), phaseUncertainty_deg: phaseUncertainty_deg)
    }

    private func point(
        _ figures: WindowFigures, _ reference: Double, phase_deg: Double?
    ) -> Point {
        Point(
            raw: figures.mean, deviation: figures.deviation,
            count: max(1, Int(figures.independent)), reference: reference, mean: figures.waveMean,
            phase_deg: phase_deg == nil ? nil : figures.phase_deg,
            referencePhase_deg: figures.phase_deg == nil ? nil : phase_deg)
    }

    /// Voltages, then currents and their phases, and the clock.
    mutating func calibrate(_ board: inout EnergyBoard) throws(FitRefusal) -> CalibrationSet {
        var points: [Calibrated: [Point]] = [:]
        for level in [0.0, 0.3, 0.6, 0.85, 1.1] {
            let feed = feed(voltage_V: level * EnergyBoard.nominal_V)
            let seen = watch(&board, feed)
            let shown = voltmeter.read(feed.voltage_V * feed.voltage.rms)
            for one in board.channels where !one.isCurrent {
                guard let figures = seen[.wave(one.wave)] else { continue }
                // All hang on one wire: that they are in phase needs no meter.
                points[.wave(one.wave), default: []].append(
                    point(figures, shown, phase_deg: level > 0 ? 0 : nil))
            }
            if level > 0.8, let figures = seen[.clock] {
                points[.clock, default: []].append(
                    point(figures, counter.read(feed.frequency_Hz), phase_deg: nil))
            }
        }
        for level in [0.0, 0.25, 0.5, 0.75, 1] {
            let feed = feed(voltage_V: EnergyBoard.nominal_V, current_A: level * board.rated_A)
            let seen = watch(&board, feed)
            // A heater: the current is in phase.
            let angle: Double? = level > 0 && !usesLoads ? protractor.read(0) : nil
            for one in board.channels where one.isCurrent {
                guard let figures = seen[.wave(one.wave)] else { continue }
                points[.wave(one.wave), default: []].append(
                    point(figures, ammeter.read(feed.current_A), phase_deg: angle))
            }
        }
        var records: [CalibrationRecord] = []
        let angle_deg = protractor.specification.zeroUncertainty
        for one in board.channels {
            let channel = Calibrated.wave(one.wave)
            let recipe =
                one.isCurrent
                ? recipe(ammeter, phaseUncertainty_deg: angle_deg) : recipe(voltmeter)
            let fit = try recipe.fit(channel, points[channel] ?? [], one.nominal)
            records.append(
                recipe.record(channel, points[channel] ?? [], one.nominal, fit, at_s: 0))
        }
        let clock = recipe(counter)
        let fit = try clock.fit(.clock, points[.clock] ?? [], Nominal())
        records.append(clock.record(.clock, points[.clock] ?? [], Nominal(), fit, at_s: 0))
        if usesLoads { try takeLoads(&board, &records, angle_deg) }
        return CalibrationSet(records)
    }

    /// A heater and a motor of a power factor of 0.5: the wattmeter against each channel's own power.
    private mutating func takeLoads(
        _ board: inout EnergyBoard, _ records: inout [CalibrationRecord], _ angle_deg: Double
    ) throws(FitRefusal) {
        // The angle inside the wattmeter is the protractor's.
        let inner_deg = protractor.read(0)
        var loads: [WaveChannel: [PhaseFit.Load]] = [:]
        let set = CalibrationSet(records)
        for angle in [0.0, -60] {
            var feed = feed(voltage_V: EnergyBoard.nominal_V, current_A: 0.75 * board.rated_A)
            feed.angle_deg = angle
            let seen = watch(&board, feed)
            feed.angle_deg += inner_deg
            let shown = wattmeter.read(feed.active_W)
            for one in board.channels where one.isCurrent {
                let voltage = WaveChannel(rawValue: one.wave.rawValue - 3) ?? .busA
                guard let v = seen[.wave(voltage)], let i = seen[.wave(one.wave)],
                    let phase = i.phase_deg, let vs = set[voltage], let cs = set[one.wave]
                else { continue }
                let apparent =
                    (1 + vs.coefficients.scale) * vs.nominal.reading(v.mean)
                    * (1 + cs.coefficients.scale) * cs.nominal.reading(i.mean)
                let noise = i.meanUncertainty / i.mean
                loads[one.wave, default: []].append(
                    PhaseFit.Load(
                        active_W: apparent * cos(phase * .pi / 180),
                        reactive_var: -apparent * sin(phase * .pi / 180),
                        deviation_W: apparent * noise, referenceActive_W: shown))
            }
        }
        for n in records.indices {
            guard case .wave(let wave) = records[n].channel, let pair = loads[wave] else {
                continue
            }
            let found = try PhaseFit.fromLoads(
                pair, reference: wattmeter.specification, referenceUncertainty_deg: angle_deg)
            let recipe = recipe(ammeter)
            var fit = try recipe.fit(records[n].channel, records[n].points, records[n].nominal)
            fit.takePhase(found)
            records[n] = recipe.record(
                records[n].channel, records[n].points, records[n].nominal, fit, at_s: 0)
        }
    }
}
