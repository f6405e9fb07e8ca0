import ArgumentParser
import BoardProfile
import Foundation
import Panel
import Report
import Station
import Switchboard

/// `skerry run` on a board with hardware.
struct FieldVerb {
    var length_s: Double
    var plain: Bool
    var json: Bool
    var every_s: Double
    var realTime: Bool

    /// The board file, as written, and the folder of calibrations; nil: the usual one.
    var board: String
    var calibration: String?

    func run(_ site: SiteProfile, _ settings: [Setting], doors: Doors) throws {
        let asWritten = try resolve(site, settings)
        let lock = try hold(site, for: "two programs do not drive one board")
        defer { _ = lock }
        let known = try calibrated(site, asWritten)
        let switchboard = Switchboard(
            site, settings: known?.settings, thermistors: known?.thermistors ?? [:])
        guard let field = FieldRun(site, switchboard, settings: known?.settings, doors: doors)
        else {
            complain("\(site.name): nothing on this board is controlled")
            throw ExitCode.failure
        }
        let panel = FieldPanel(site, field)
        let ended = DispatchSemaphore(value: 0)
        let thread = Thread {
            field.run(until: length_s, realTime: realTime) { granted in
                if let advice = granted.advice { complain("skerry: \(advice)") }
            }
            ended.signal()
        }
        thread.stackSize = 4 << 20
        Interrupt.watch { field.stop() }
        thread.start()
        if json {
            watchInJSON(panel, ended)
        } else if plain || !watchOnScreen(field, panel, site, ended) {
            watchInLines(panel, site, ended)
        }
        guard field.isProvedSafe else {
            complain("skerry: a bus did not answer at the end; its outputs are not proved at rest")
            throw ExitCode.failure
        }
        if !json { print("outputs at rest after \(String(format: "%.1f", panel.look().time_s)) s") }
    }

    /// Says what is wrong with the board's calibrations, and what is missing of them.
    private func calibrated(
        _ site: SiteProfile, _ switchboard: Switchboard
    ) throws -> BoardCalibration? {
        guard let store = try storeIfNamed(site, board, calibration) else {
            complain(
                "skerry: this board has no serial number, so no calibration of it can be known "
                    + "(write calibration: with serial:)")
            return nil
        }
        guard let known = BoardCalibration(site, switchboard, store, now_s: utc_s()) else {
            return nil
        }
        for problem in known.problems { complain(problem.rendered) }
        // A calibration that is refused is not quietly done without: somebody relies on it.
        if !known.mayRun {
            complain("\(site.name): does not run on these calibrations")
            throw ExitCode.failure
        }
        if !known.missing.isEmpty {
            let all = switchboard.nominals(of: site).count
            complain(
                "skerry: \(known.missing.count) of \(all) channels are not calibrated; their limits "
                    + "are not guarded (skerry calibrate \(board))")
        }
        return known
    }

    private func watchOnScreen(
        _ field: FieldRun, _ panel: FieldPanel, _ site: SiteProfile, _ ended: DispatchSemaphore
    ) -> Bool {
        guard var screen = TerminalScreen() else { return false }
        while ended.wait(timeout: .now() + 0.1) == .timedOut {
            while let key = screen.key() {
                if key == .character("q") || key == .escape { field.stop() }
            }
            let size = screen.size
            let view = TerminalView(columns: size.columns, rows: size.rows, ability: .ofOutput())
            screen.show(view.lines(panel.look().frame(site)))
        }
        screen.close()
        return true
    }

    private func watchInLines(_ panel: FieldPanel, _ site: SiteProfile, _ ended: DispatchSemaphore)
    {
        var lines = LineView()
        let start = Date()
        while ended.wait(timeout: .now() + 0.1) == .timedOut {
            let view = panel.look()
            // Before the first record there is nothing to say.
            guard view.ticks.count > 0 || !view.events.isEmpty else { continue }
            let frame = view.frame(site)
            for line in lines.lines(frame, wall_s: Date().timeIntervalSince(start)) {
                print(line)
                fflush(nil)
            }
        }
    }

    /// One flat object a line: events as they happen, parts lost and found, how it stands at every
    /// change of it and every `every_s`, and at the end.
    private func watchInJSON(_ panel: FieldPanel, _ ended: DispatchSemaphore) {
        var next = Date()
        var isOver = false
        while !isOver {
            isOver = ended.wait(timeout: .now() + min(0.02, every_s)) == .success
            let view = panel.look()
            for part in view.parts {
                show([
                    ("part", .text(part.part)), ("text", .text(part.text)),
                    ("recovered", .flag(part.isRecovery)), ("time_s", .number(view.time_s)),
                ])
            }
            for event in view.events {
                show([
                    ("event", .text(event.kind.rawValue)), ("time_s", .number(event.time_s)),
                    ("source", .text(event.source)), ("text", .text(event.text)),
                ])
            }
            guard isOver || !view.events.isEmpty || Date() >= next else { continue }
            next = Date().addingTimeInterval(every_s)
            print(view.json.compact)
            fflush(nil)
        }
    }
    private func show(_ members: [(String, JSON)]) {
        print(JSON.object(members).compact)
        fflush(nil)
    }
}

/// What only the chips can know, said with the line of the file.
func resolve(_ site: SiteProfile, _ settings: [Setting]) throws -> Switchboard {
    let switchboard = Switchboard(site)
    for refusal in switchboard.refusals { complain(refusal.rendered(settings, of: site)) }
    guard switchboard.refusals.isEmpty else { throw ExitCode.failure }
    return switchboard
}
