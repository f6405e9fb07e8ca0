import ArgumentParser
import Calibration
import Control
import Foundation
import Station
import Switchboard

struct CalibrateTravel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "travel",
        abstract: "Time how long a contact takes to follow its coil, on a dead site.",
        discussion: """
            Closes and opens it again and again. The site must be dead on both sides: take the fuses \
            out. The times are those the controller sees, with buses and debounce, and become its \
            time-outs and the lead of the synchronism check.
            """)
    @OptionGroup var place: BoardPlace
    @Option(help: "main_contactor, pre_charge or islanding_switch.")
    var contact: String
    @Option(help: "How often, 5 to 1000.")
    var operations = 20
    @Flag(help: "The site is dead and nobody is near: yes, operate it.")
    var operate = false
    @Option(help: "Who does it.")
    var person: String?

    func run() throws {
        guard (5...1000).contains(operations) else {
            complain("--operations \(operations): write 5 to 1000")
            throw ExitCode.validationFailure
        }
        let board = try place.open()
        let lock = try hold(board.site, for: "its contacts are not moved beside it")
        defer { _ = lock }
        let (channel, nominal) = try board.channel("travel_\(contact)")
        guard operate else {
            complain(
                "this closes \(contact) \(operations) times\n"
                    + "  = take the fuses out on both sides, keep away, and add --operate")
            throw ExitCode.validationFailure
        }
        guard case .travel(let which) = channel,
            var exercise = TravelExercise(board.site, board.switchboard, which, doors: .kernel)
        else {
            complain("\(contact) has no coil of its own on this board")
            throw ExitCode.validationFailure
        }
        let stop = StopSign()
        Interrupt.watch { stop.raise() }
        do throws(TravelExercise.Refusal) {
            let times = try exercise.run(
                operations: operations,
                tell: { n, close_s, open_s in
                    print(
                        "\(n)\tclosed after \(Digits.fixed(close_s * 1e3, 1)) ms\topened after "
                            + "\(Digits.fixed(open_s * 1e3, 1)) ms")
                    fflush(nil)
                }, isAsked: { stop.isRaised })
            try keep(board, channel, nominal, times)
        } catch {
            complain("\(contact): \(error.message)\n  = \(error.remedy)")
            throw ExitCode.failure
        }
    }

    private func keep(
        _ board: OpenBoard, _ channel: Calibrated, _ nominal: Nominal,
        _ times: (close_s: [Double], open_s: [Double])
    ) throws(TravelExercise.Refusal) {
        let fit: TravelFit
        do throws(FitRefusal) {
            fit = try TravelFit.fit(
                close_s: times.close_s, open_s: times.open_s,
                resolution_s: 1 / board.site.rate_Hz)
        } catch {
            throw TravelExercise.Refusal(error.message, error.remedy)
        }
        let longest = max(times.close_s.max() ?? 0, times.open_s.max() ?? 0)
        let record = CalibrationRecord(
            channel: channel, board: board.site.name, serial: board.store.serial, nominal: nominal,
            coefficients: Coefficients(), uncertainty: Uncertainty(), travel: fit.travel,
            range: 0...longest, points: [],
            reference: ReferenceMeter(
                model: "the board's own clock", form: .limits, ofReading: 1e-4,
                absolute: 1 / board.site.rate_Hz),
            person: operatorName(person),
            at_s: utc_s(), software: Skerry.configuration.version,
            note: fit.remarks.joined(separator: " "))
        do {
            print(try board.keep(record).sheet)
        } catch {
            throw TravelExercise.Refusal("not kept: \(error)", "see above")
        }
    }
}

/// Raised once, from a signal's thread.
final class StopSign: @unchecked Sendable {
    // Sendable is true: the one property is written and read with the lock held.
    private let lock = NSLock()
    private var raised = false
    func raise() { lock.withLock { raised = true } }
    var isRaised: Bool { lock.withLock { raised } }
}
