import Calibration
import Foundation
import Report
import Synchronization
import Testing

@testable import Walk

/// A board whose time passes only when the test says so.
private final class PacedSource: RawSource {
    private let board: PracticeSource
    private let go = DispatchSemaphore(value: 0)
    private let idle = DispatchSemaphore(value: 0)

    init(_ board: PracticeSource) { self.board = board }

    var channels: [Calibrated] { board.channels }
    var outputsAreAtRest: String { board.outputsAreAtRest }
    var time_s: Double { board.time_s }
    var temperature_degC: Double? { board.temperature_degC }

    func gather(_ seconds: Double) throws(SourceFault) -> [Calibrated: [RawReading]] {
        idle.signal()
        go.wait()
        return try board.gather(seconds)
    }

    /// Whether the walk came back to wait, its keys read and its picture drawn.
    func isIdle() -> Bool { idle.wait(timeout: .now() + 60) == .success }
    func release() { go.signal() }
}

/// Semaphores guard it: one side runs only while the other waits.
private struct Handed<Value>: @unchecked Sendable { let value: Value }

/// What a walk kept, from whichever thread.
private final class Folder: Sendable {
    let points = Mutex<[Calibrated: [Point]]>([:])
    let kept = Mutex<[Calibrated: ChannelFit]>([:])

    var keeping: WalkKeeping {
        WalkKeeping(
            saved: { [self] channel in points.withLock { $0[channel] ?? [] } },
            save: { [self] channel, new in points.withLock { $0[channel] = new } },
            keep: { [self] channel, _, fit in kept.withLock { $0[channel] = fit } })
    }
}

/// A `WalkRun` on the slave's end, and the person at the master's.
private final class Sitting {
    let terminal: Terminal
    private let paced: PacedSource
    private let board: PracticeSource
    private let ended = DispatchSemaphore(value: 0)
    private let outcome = Mutex<WalkEnd?>(nil)
    let stop = WalkStop()
    let before: tcflag_t

    init?(_ board: PracticeSource, plans: [ChannelPlan], folder: Folder, columns: Int, rows: Int) {
        guard let terminal = Terminal(columns: columns, rows: rows) else { return nil }
        self.terminal = terminal
        let paced = PacedSource(board)
        (self.paced, self.board) = (paced, board)
        before = Self.flags(terminal.slave)
        let handed = Handed(value: (paced, board, folder.keeping, self))
        let thread = Thread {
            let (paced, board, keeping, sitting) = handed.value
            let run = WalkRun(
                board: "pi-dc48", plans: plans, meters: meters, source: paced, practice: board,
                keeping: keeping, now_s: { 1_800_000_000 + board.time_s }, fitting: pointFit)
            let terminal = sitting.terminal
            if let screen = TerminalScreen(input: terminal.slave, output: terminal.slave) {
                let end = run.run(
                    on: screen, ability: .init(colour: true, unicode: true), stop: sitting.stop)
                sitting.outcome.withLock { $0 = end }
            }
            sitting.ended.signal()
        }
        thread.stackSize = 8 << 20
        thread.start()
        guard paced.isIdle() else { return nil }
    }

    static func flags(_ file: Int32) -> tcflag_t {
        var attributes = termios()
        tcgetattr(file, &attributes)
        return attributes.c_lflag
    }

    func pass(_ seconds: Double) {
        for _ in 0..<Int((seconds / WalkRun.period_s).rounded()) {
            paced.release()
            if !paced.isIdle() { Issue.record("the walk hangs") }
        }
    }

    /// Types and lets a tenth of a second pass, after which its picture is there.
    func type(_ text: String) {
        if !terminal.type(text) { Issue.record("“\(text)” was not taken by the terminal") }
        pass(0.1)
    }

    /// Types what the practice meter shows, once it stands on the screen.
    func takePoint(after seconds: Double = 8) {
        pass(seconds)
        let meter = board.display ?? "no meter"
        shows("practice meter shows \(meter)")
        type(meter + "\r")
    }

    func shows(_ text: String) {
        let does = terminal.shows(text)
        #expect(does, "“\(text)” is not in\n\(terminal.lines.joined(separator: "\n"))")
    }

    /// How it ended, after `act` made it end.
    func end(_ act: () -> Void) -> WalkEnd? {
        act()
        paced.release()
        guard ended.wait(timeout: .now() + 60) == .success else { return nil }
        return outcome.withLock { $0 }
    }
}

@Suite("A whole calibration at a terminal", .serialized)
struct TerminalWalkTests {
    private let plans = [batteryPlan, linkPlan]

    /// Two channels; a point too early, the supply on the wrong channel, a redo; the window is closed
    /// in the middle, and the walk goes on from its points.
    @Test(
        "Two channels, with what goes wrong, an interruption, and the truth at the end",
        arguments: [7 as UInt64, 42])
    func whole(seed: UInt64) throws {
        let folder = Folder()
        let first = PracticeSource(
            plans: plans, seed: seed, misbehaviours: [.misplugged(battery, level: 1, onto: link)])
        do {
            let sitting = try #require(
                Sitting(first, plans: plans, folder: folder, columns: 80, rows: 24))
            sitting.pass(0.1)
            sitting.shows("battery_voltage  ±(0.5 % + 0.1 V)  new")
            sitting.type("1\r")
            sitting.shows("Fuse the leads at the source")
            sitting.type("\r")
            sitting.shows("Level 1 of 5: zero.")
            sitting.takePoint()
            sitting.shows("Point 1 taken.")
            sitting.takePoint()
            sitting.shows("link_voltage moved,")
            sitting.takePoint(after: 0.6)
            sitting.shows("Refused: battery_voltage: drifting")
            sitting.takePoint()
            sitting.shows("Point 2 taken.")
            sitting.takePoint()
            sitting.shows("Point 3 taken.")
            let points = folder.points.withLock { $0[battery] ?? [] }
            #expect(points.count == 3)
            sitting.type("r2\r")
            sitting.shows("Point 2 again, about 1")
            sitting.takePoint()
            sitting.shows("Point 2 taken.")
            let redone = folder.points.withLock { $0[battery] ?? [] }
            #expect(redone.count == 3 && redone[1] != points[1] && redone[2] == points[2])
            // Half a number is typed when the window goes.
            _ = sitting.terminal.type("45.")
            #expect(sitting.end { sitting.terminal.hangUp() } == .interrupted)
            close(sitting.terminal.slave)
            #expect(folder.points.withLock { $0[battery] } == redone)
            #expect(folder.kept.withLock { $0.isEmpty })
        }
        let second = PracticeSource(plans: plans, seed: seed)
        let sitting = try #require(
            Sitting(second, plans: plans, folder: folder, columns: 120, rows: 40))
        sitting.pass(0.1)
        sitting.shows("3 points saved")
        sitting.type("\r\r")
        sitting.shows("Level 4 of 5: set the source to about 45 V.")
        for n in [4, 5] {
            sitting.takePoint()
            sitting.shows("Point \(n) taken.")
        }
        sitting.type("f")
        sitting.shows("● passes: ±")
        sitting.type("\r")
        sitting.shows("link_voltage · 2 of 2")
        sitting.type("\r")
        for n in 1...5 {
            sitting.takePoint()
            sitting.shows("Point \(n) taken.")
        }
        sitting.type("f")
        sitting.type("\r")
        sitting.shows("all done")
        let end = sitting.end { _ = sitting.terminal.type("q") }
        #expect(end == .quit(isDone: true))
        #expect(Sitting.flags(sitting.terminal.slave) == sitting.before, "given back as it was")
        #expect(sitting.terminal.wrote("\u{1B}[?25h\u{1B}[?1049l"))
        close(sitting.terminal.slave)
        sitting.terminal.hangUp()

        for channel in [battery, link] {
            let fit = try #require(folder.kept.withLock { $0[channel] })
            let truth = try #require(second.truth(of: channel))
            let c = fit.coefficients
            #expect((c.zero - truth.zero).magnitude < endBound_V, "seed \(seed), \(channel.key)")
            #expect((c.scale - truth.scale).magnitude < scaleBound, "seed \(seed), \(channel.key)")
            for level in [0.0, 30, 60] {
                let nominal = (level - truth.zero) / (1 + truth.scale)
                let off = (c.corrected(nominal) - level).magnitude
                #expect(off < endBound_V, "seed \(seed), \(channel.key) at \(level) V")
            }
        }
    }

    /// A board that is gone, before or after the first reading of a practice board.
    private final class GoneSource: RawSource {
        let board: PracticeSource
        var left: Int
        init(_ board: PracticeSource, after: Int) { (self.board, left) = (board, after) }
        var channels: [Calibrated] { board.channels }
        var outputsAreAtRest: String { board.outputsAreAtRest }
        var time_s: Double { board.time_s }
        var temperature_degC: Double? { nil }
        func gather(_ seconds: Double) throws(SourceFault) -> [Calibrated: [RawReading]] {
            left -= 1
            if left < 0 { throw SourceFault("the bus is gone", "plug it in") }
            return try board.gather(seconds)
        }
    }

    @Test("A board that is gone ends it; a folder that is full is said, and the walk goes on")
    func faults() throws {
        struct Full: Error {}
        let terminal = try #require(Terminal(columns: 80, rows: 24))
        guard let screen = TerminalScreen(input: terminal.slave, output: terminal.slave) else {
            Issue.record("no screen on a terminal")
            return
        }
        let board = PracticeSource(plans: plans, seed: 7)
        // Chosen, connected; then one point, once it is steady.
        var reads = 0
        let run = WalkRun(
            board: "pi-dc48", plans: plans, meters: meters, source: GoneSource(board, after: 62),
            practice: board,
            keeping: WalkKeeping(
                saved: { _ in [] }, save: { _, _ in throw Full() }, keep: { _, _, _ in }),
            now_s: {
                reads += 1
                // Typed between two pictures, and there before the keys are read.
                if reads == 1 { _ = terminal.type("\r\r") }
                if reads == 60 { _ = terminal.type("0.000\r") }
                return 1_800_000_000
            }, fitting: pointFit)
        let end = run.run(
            on: screen, ability: .init(colour: false, unicode: true), stop: WalkStop())
        #expect(end == .failed(SourceFault("the bus is gone", "plug it in")))
        let says = terminal.shows("Not saved: the points: Full()")
        #expect(says, "\(terminal.lines)")
        #expect(terminal.shows("1       0.000"))
        close(terminal.slave)
        terminal.hangUp()
    }

    @Test("A stop from outside ends it with the terminal given back")
    func stopped() throws {
        let sitting = try #require(
            Sitting(
                PracticeSource(plans: plans, seed: 1), plans: plans, folder: Folder(), columns: 60,
                rows: 18))
        sitting.pass(0.2)
        #expect(Sitting.flags(sitting.terminal.slave) & tcflag_t(ECHO) == 0)
        #expect(sitting.end { sitting.stop.stop() } == .interrupted)
        #expect(Sitting.flags(sitting.terminal.slave) == sitting.before)
        close(sitting.terminal.slave)
        sitting.terminal.hangUp()
    }
}
