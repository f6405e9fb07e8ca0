import ArgumentParser
import BoardProfile
import Calibration
import Foundation

/// The meter that is believed, and who reads it.
struct MeterOptions: ParsableArguments {
    @Option(help: "Make and model of the reference meter.")
    var meter: String?
    @Option(name: .customLong("meter-serial"), help: "Its serial number.")
    var meterSerial = ""
    @Option(help: "Number of its calibration certificate.")
    var certificate = ""
    @Option(help: "The day its certificate ends: 2027-03-31.")
    var due = ""
    @Option(
        help: """
            Its accuracy, for each unit that is calibrated: V=0.05%+0.02, A=0.5%+0.01; without a unit \
            it is of them all.
            """)
    var accuracy: [String] = []
    @Option(help: "How that is meant: limits (of a data sheet), or certificate (k = 2).")
    var form = ReferenceMeter.Form.limits
    @Option(help: "Its last digit, for each unit: V=0.001.")
    var digit: [String] = []
    @Option(help: "Who calibrates.")
    var person: String?
    @Flag(help: "Take up a curvature where it earns its place.")
    var curvature = false
    @Option(name: .customLong("phase-uncertainty"), help: "Of the meter's own angles, degrees.")
    var phaseUncertainty = 0.1

    /// The meter for a unit; says what is missing.
    func meter(
        _ unit: String, named known: String? = nil, serial: String? = nil
    ) throws -> ReferenceMeter {
        let texts = try accuracy.map { text in
            do throws(MeterText.Refusal) { return try MeterText(text) } catch {
                complain("--accuracy \(text): \(error.message)\n  = write V=0.05%+0.02")
                throw ExitCode.validationFailure
            }
        }
        guard
            let found = texts.first(where: { $0.unit == unit })
                ?? texts.first(where: { $0.unit == nil })
        else {
            complain(
                "how accurate is the meter for \(unit.isEmpty ? "ratios" : unit)?\n"
                    + "  = --accuracy \(unit.isEmpty ? "" : unit + "=")0.05%+0.02, as its data sheet or "
                    + "certificate says")
            throw ExitCode.validationFailure
        }
        if !due.isEmpty && UTC.seconds(day: due) == nil {
            complain("--due \(due) is no day\n  = write 2027-03-31")
            throw ExitCode.validationFailure
        }
        let digits = try digit.compactMap { try number($0) }
        let last = digits.first { $0.unit == unit } ?? digits.first { $0.unit == nil }
        return ReferenceMeter(
            model: meter ?? known ?? "meter",
            serial: meterSerial.isEmpty ? serial ?? "" : meterSerial, certificate: certificate,
            due: due, form: form, ofReading: found.ofReading, absolute: found.absolute,
            resolution: last?.absolute ?? 0)
    }

    private func number(_ text: String) throws -> MeterText? {
        do throws(MeterText.Refusal) { return try MeterText(text) } catch {
            complain("--digit \(text): \(error.message)\n  = write V=0.001")
            throw ExitCode.validationFailure
        }
    }

    var who: String { operatorName(person) }

    func recipe(_ board: OpenBoard, _ meter: ReferenceMeter) -> Recipe {
        Recipe(
            board: board.site.name, serial: board.store.serial, meter: meter, person: who,
            software: Skerry.configuration.version, rule: board.site.calibration,
            allowsCurvature: curvature, phaseUncertainty_deg: phaseUncertainty)
    }
}

/// Who does it: as said, or who is logged in.
func operatorName(_ said: String?) -> String {
    let names = [said, ProcessInfo.processInfo.environment["SUDO_USER"], NSUserName()]
    return names.compactMap { $0 }.first { !$0.isEmpty } ?? "user \(getuid())"
}

extension ReferenceMeter.Form: ExpressibleByArgument {}

/// What of which units `channels` are asked for: `V, A`.
func units(_ channels: [Calibrated]) -> [String] {
    channels.map(\.unit).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
}
