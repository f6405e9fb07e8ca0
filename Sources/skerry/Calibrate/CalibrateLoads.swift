import ArgumentParser
import BoardProfile
import Calibration
import Control
import Foundation
import Station

struct CalibrateLoads: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loads",
        abstract: "Find the phase error of a current by loads of different power factor.",
        discussion: """
            For who has a power meter and no way to see a phase. Voltage and current of the phase must \
            be calibrated. Switch a load on, let it settle, and type what the power meter shows: watts, \
            or watts and vars (inductive positive). Two loads whose angles differ by 20° or more are \
            needed, a heater and a motor, say; with vars one will do. An empty line ends.
            """)
    @OptionGroup var place: BoardPlace
    @OptionGroup var meterOptions: MeterOptions
    @Option(help: "The current: current_a, current_b or current_c.")
    var channel: String

    func run() throws {
        let board = try place.open()
        let (key, _) = try board.channel(channel)
        guard case .wave(let current) = key, let voltage = current.pair,
            current.rawValue >= WaveChannel.currentA.rawValue
        else {
            complain("--channel \(channel): is no current of a waveform")
            throw ExitCode.validationFailure
        }
        guard let known = board.store.current(key).value,
            let other = board.store.current(.wave(voltage)).value
        else {
            complain(
                "\(key.key) and \(Calibrated.wave(voltage).key) are not both calibrated\n"
                    + "  = calibrate their levels first; their phase comes last")
            throw ExitCode.failure
        }
        let meter = try meterOptions.meter("W")
        let lock = try hold(board.site, for: "a controller that runs is not calibrated")
        defer { _ = lock }
        let reading = try LiveReading(board)
        defer { _ = reading.source.end() }
        var loads: [PhaseFit.Load] = []
        while true {
            print("load \(loads.count + 1): W, or W and var > ", terminator: "")
            fflush(nil)
            guard let line = readLine(), !line.allSatisfy(\.isWhitespace) else { break }
            let numbers = line.split(whereSeparator: \.isWhitespace).map { Double($0) }
            guard (1...2).contains(numbers.count), let active = numbers[0], active.isFinite,
                numbers.count == 1 || numbers[1]?.isFinite == true
            else {
                complain("\(line) is no power\n  = write 1203, or 1203 -350")
                continue
            }
            try reading.gather(6)
            guard
                let load = reading.load(
                    voltage, current, other, known, active, numbers.dropFirst().first ?? nil)
            else {
                complain("\(key.key) shows no phase: more load is needed (5 % of its rating)")
                continue
            }
            loads.append(load)
            print(
                "  measured \(Digits.quantity(load.active_W, "W")) and "
                    + "\(Digits.quantity(load.reactive_var, "var")) without phase correction")
        }
        do throws(FitRefusal) {
            let found = try PhaseFit.fromLoads(
                loads, reference: meter,
                referenceUncertainty_deg: meterOptions.phaseUncertainty)
            try keep(board, known, found)
        } catch {
            complain("\(key.key): \(error.message)\n  = \(error.remedy)")
            throw ExitCode.failure
        }
    }

    /// The record that is there, with the phase that was found.
    private func keep(
        _ board: OpenBoard, _ known: CalibrationRecord, _ found: PhaseFit
    ) throws(FitRefusal) {
        var fit = ChannelFit(
            coefficients: known.coefficients, uncertainty: known.uncertainty, residuals: [],
            range: known.range, chiSquare: 0, freedom: 0,
            isReversed: 1 + known.coefficients.scale < 0)
        fit.takePhase(found)
        var record = known
        record.coefficients = fit.coefficients
        record.uncertainty = fit.uncertainty
        record.person = operatorName(meterOptions.person)
        // Its points, and so its age, are those of before.
        record.measured_s = known.measured_s ?? known.at_s
        record.at_s = utc_s()
        record.software = Skerry.configuration.version
        record.note = String(
            (["phase by loads"] + fit.remarks).joined(separator: "; ").prefix(400))
        do { print(try board.keep(record).sheet) } catch {
            throw FitRefusal("not kept: \(error)", "see above")
        }
    }
}

extension LiveReading {
    /// What the calibrated voltage and current make of the load now, before any phase correction;
    /// nil where the current has no phase.
    fileprivate func load(
        _ voltage: WaveChannel, _ current: WaveChannel, _ v: CalibrationRecord,
        _ i: CalibrationRecord, _ active: Double, _ reactive: Double?
    ) -> PhaseFit.Load? {
        let now_s = source.time_s
        guard let volts = windows[.wave(voltage)]?.figures(at: now_s),
            let amperes = windows[.wave(current)]?.figures(at: now_s),
            let phase_deg = amperes.phase_deg
        else { return nil }
        let V = (1 + v.coefficients.scale).magnitude * v.nominal.reading(volts.mean)
        // A negative gain turns the current already.
        let I = (1 + i.coefficients.scale) * i.nominal.reading(amperes.mean)
        let angle = -phase_deg * Double.pi / 180
        let noise = V * I.magnitude * (amperes.meanUncertainty / max(amperes.mean, 1e-9))
        return PhaseFit.Load(
            active_W: V * I * cos(angle), reactive_var: V * I * sin(angle), deviation_W: noise,
            referenceActive_W: active, referenceReactive_var: reactive)
    }
}
