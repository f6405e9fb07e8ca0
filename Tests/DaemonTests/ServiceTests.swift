import BlackBox
import BoardProfile
import Control
import Foundation
import Link
import Quantities
import Replay
import Testing
import Wire

@Suite("The daemon as a process, on the virtual board", .serialized)
struct ServiceTests {
    /// A line `key: value` of its status; nil where it does not answer or has no such line.
    private func status(_ daemon: DaemonProcess, _ key: String) -> String? {
        do throws(LinkFault) {
            var client = try LinkClient(path: daemon.socket)
            let text = try client.status().text
            return text.split(separator: "\n").first { $0.hasPrefix("\(key): ") }.map {
                String($0.dropFirst(key.count + 2))
            }
        } catch { return nil }
    }
    private func clean(_ daemon: DaemonProcess) {
        for folder in [daemon.folder, daemon.runtime] {
            try? FileManager.default.removeItem(at: folder)
        }
    }

    @Test("Starts in order, is ready once armed, controls, and ends in order at SIGTERM")
    func life() throws {
        let daemon = try DaemonProcess(environment: ["WATCHDOG_USEC": "2000000"])
        defer { clean(daemon) }
        try daemon.start()
        #expect(daemon.wait { $0.isHeard("READY=1") }, "\(daemon.words)")
        #expect(daemon.heard.last { $0.contains("READY=1") } == "READY=1\nSTATUS=armed")
        #expect(daemon.wait { $0.isHeard("STATUS=armed: contactor closed") }, "\(daemon.heard)")
        #expect(daemon.wait { $0.heard.filter { $0 == "WATCHDOG=1" }.count > 5 })
        // Before it was armed its keeper was told that it looks, and for how long more.
        let ready = daemon.heard.firstIndex { $0.hasPrefix("READY=1") } ?? 0
        #expect(daemon.heard[..<ready].contains { $0.hasPrefix("EXTEND_TIMEOUT_USEC=5000000") })
        #expect(status(daemon, "state") == "armed")
        #expect(daemon.wait { self.status($0, "contactor") == "closed" })
        #expect(status(daemon, "real_time") == "not asked for")
        #expect(status(daemon, "uncalibrated") == "10")
        // Two seconds of self-test at 100 Hz, and more.
        #expect(daemon.wait { (UInt64(self.status($0, "tick") ?? "") ?? 0) > 200 })
        daemon.send(SIGTERM)
        #expect(daemon.end() == 0, "\(daemon.words)")
        #expect(daemon.wait(1) { $0.isHeard("STOPPING=1") })
        #expect(daemon.words.hasSuffix("ended; outputs at rest\n"), "\(daemon.words)")
        #expect(!FileManager.default.fileExists(atPath: daemon.socket))
    }

    @Test("What it recorded is lived again bit for bit, from its first turn, through a kill")
    func replayed() throws {
        let daemon = try DaemonProcess()
        defer { clean(daemon) }
        try daemon.start()
        #expect(daemon.wait { $0.isHeard("STATUS=armed: contactor closed") }, "\(daemon.words)")
        usleep(3_000_000)
        daemon.send(SIGKILL)
        #expect(daemon.end() == 128 + SIGKILL)
        let path = daemon.folder.appendingPathComponent("\(daemon.name)/ring.skbb").path
        let recording = try Recording(path: path)
        let run = try #require(recording.runs.last)
        let texts = try #require(run.settings())
        let sheet = try #require(RunSheet(texts))
        #expect(sheet.board == "\(daemon.name)/board.yaml" && sheet.isFresh)
        #expect(sheet.controller == "bench" && sheet.tick_Hz == 100)
        let site = try #require(SiteProfile.load(daemon.file.path).value)
        let lived = run.compared(ours: .ofThisProgram(), fresh: site.hardwareSettings())
        #expect(lived.first == nil && lived.differing == 0 && lived.gapTurns == 0)
        // Three seconds after it closed, less the second that a kill may take.
        #expect(lived.turns > 200, "\(lived.turns) turns")
        #expect(run.records().contains { $0.record.contactor == .closed })
    }

    @Test("Inputs that are not sound keep it from arming, are named, and are looked at again")
    func selfTest() throws {
        // An INA226 at an address where no chip answers.
        let board = DaemonProcess.board.replacing(
            "{name: battery, chip: ina226, bus: a, address: 0x40",
            with: "{name: battery, chip: ina226, bus: a, address: 0x44")
        let daemon = try DaemonProcess(board: board)
        defer { clean(daemon) }
        try daemon.start()
        #expect(daemon.wait { $0.words.contains("not armed: battery_voltage cannot be believed") })
        #expect(daemon.wait { $0.isHeard("STATUS=not armed: battery_voltage cannot be believed") })
        #expect(!daemon.isHeard("READY=1"))
        // Its status is written once a second.
        #expect(
            daemon.wait {
                self.status($0, "finding") == "battery_voltage cannot be believed"
                    && self.status($0, "state") == "self-test"
            })
        daemon.send(SIGTERM)
        #expect(daemon.end() == 0, "\(daemon.words)")
    }

    @Test("Wishes come over the link, are written down with who asked, and expire")
    func wishes() throws {
        let daemon = try DaemonProcess()
        defer { clean(daemon) }
        try daemon.start()
        #expect(daemon.wait { $0.isHeard("READY=1") }, "\(daemon.words)")
        // A wish ends at a tick: there is none before the link has seen the first.
        #expect(daemon.wait { self.status($0, "contactor") != nil })
        let (accepted, refused) = try {
            () throws(LinkFault) -> (Answer, Answer) in
            var client = try LinkClient(path: daemon.socket)
            return (
                try client.set(Setpoints(acknowledge: true), validity_ms: 500),
                try client.set(Setpoints(active: Watts(1e9)), validity_ms: 500)
            )
        }()
        #expect(accepted.code == .accepted, "\(accepted.text)")
        #expect(refused.code == .outsideLimit && refused.field == .active_W)
        #expect(
            daemon.wait {
                $0.words.contains(
                    "user \(getuid()) (process \(getpid())) asks for acknowledge until")
            }, "\(daemon.words)")
        daemon.send(SIGINT)
        #expect(daemon.end() == 0)
    }

    @Test("SIGHUP takes who may speak, refuses the rest by name and place, and survives a bad file")
    func reload() throws {
        let daemon = try DaemonProcess()
        defer { clean(daemon) }
        try daemon.start()
        #expect(daemon.wait { $0.isHeard("READY=1") }, "\(daemon.words)")
        func rewrite(_ text: String) throws {
            try text.write(to: daemon.file, atomically: true, encoding: .utf8)
            daemon.send(SIGHUP)
        }
        try rewrite(
            DaemonProcess.board.replacing("rate_Hz: 100", with: "rate_Hz: 200")
                + "\nservice:\n  link:\n    watchers: [root, no-such-group]\n")
        #expect(
            daemon.wait {
                $0.words.contains("not before a restart: controller.rate_Hz: 100 -> 200")
            }, "\(daemon.words)")
        #expect(daemon.wait { $0.words.contains("changed: service.link.watchers: ") })
        #expect(
            daemon.wait {
                $0.words.contains(
                    "service.link.watchers: this machine has no group no-such-group")
            })
        #expect(daemon.wait { $0.isHeard("RELOADING=1\nMONOTONIC_USEC=") })
        try rewrite("title: [")
        #expect(daemon.wait { $0.words.contains("nothing is changed") }, "\(daemon.words)")
        #expect(daemon.words.contains("board.yaml:1:"))
        #expect(daemon.wait { self.status($0, "state") == "armed" })
        daemon.send(SIGTERM)
        #expect(daemon.end() == 0)
    }

    @Test("A second one on the same board is refused; killed, the next finds nothing in its way")
    func twice() throws {
        let first = try DaemonProcess()
        defer { clean(first) }
        try first.start()
        #expect(first.wait { $0.isHeard("READY=1") }, "\(first.words)")
        let second = try DaemonProcess(in: first.folder)
        try second.start()
        #expect(second.end() == 1)
        #expect(second.words.contains("process \(first.pid) is on this board; stop it first"))
        #expect(first.wait { self.status($0, "state") == "armed" })
        first.send(SIGKILL)
        #expect(first.end() == 128 + SIGKILL)
        let third = try DaemonProcess(in: first.folder)
        try third.start()
        #expect(third.wait { $0.isHeard("READY=1") }, "\(third.words)")
        #expect(!third.words.contains("goes on"), "the file says wait")
        third.send(SIGTERM)
        #expect(third.end() == 0)
    }

    @Test("Where the file says so, the next goes on from the tick the killed one had")
    func takesOver() throws {
        let board =
            DaemonProcess.board + "\nservice: {restart: take_over, take_over_within_s: 10}\n"
        let first = try DaemonProcess(board: board)
        defer { clean(first) }
        try first.start()
        #expect(first.wait { $0.isHeard("STATUS=armed: contactor closed") }, "\(first.words)")
        let before = UInt64(status(first, "tick") ?? "") ?? .max
        first.send(SIGKILL)
        #expect(first.end() == 128 + SIGKILL)
        #expect(FileManager.default.fileExists(atPath: first.state))
        let second = try DaemonProcess(in: first.folder)
        try second.start()
        #expect(second.wait { $0.isHeard("READY=1") }, "\(second.words)")
        #expect(second.words.contains("goes on at tick "), "\(second.words)")
        #expect(second.words.contains("armed: goes on where it was"))
        #expect(second.wait { (UInt64(self.status($0, "tick") ?? "") ?? 0) > before })
        second.send(SIGKILL)
        #expect(second.end() == 128 + SIGKILL)
        // Once a minute is enough: what kills it may be in the state.
        let again = try DaemonProcess(in: first.folder)
        try again.start()
        #expect(again.wait { $0.isHeard("READY=1") }, "\(again.words)")
        #expect(again.words.contains("the last process went on from a state and lived"))
        #expect(!again.words.contains("goes on at tick"), "\(again.words)")
        again.send(SIGTERM)
        #expect(again.end() == 0)
        // Ended in order, nothing is left to go on from.
        let third = try DaemonProcess(in: first.folder)
        try third.start()
        #expect(third.wait { $0.isHeard("READY=1") }, "\(third.words)")
        #expect(!third.words.contains("goes on"))
        third.send(SIGTERM)
        #expect(third.end() == 0)
    }

    @Test("What is wrong with file, board or command line is said, and ends it")
    func refused() throws {
        let bad = try DaemonProcess(
            board: DaemonProcess.board.replacing("rate_Hz: 100", with: "rate_Hz: 1"))
        defer { clean(bad) }
        try bad.start()
        #expect(bad.end() == 1)
        #expect(bad.words.contains("board.yaml:8:") && bad.words.contains("controller.rate_Hz"))
        let simulated = try DaemonProcess(
            board: String(
                contentsOfFile: "\(DaemonProcess.boards)/sim-dc48/board.yaml", encoding: .utf8))
        defer { clean(simulated) }
        try simulated.start()
        #expect(simulated.end() == 1)
        #expect(simulated.words.contains("is simulated; there is nothing to control"))
        let words = try DaemonProcess(options: ["--orderly"])
        defer { clean(words) }
        try words.start()
        #expect(words.end() == 64 && words.words.contains("--orderly is no option"))
        let check = try DaemonProcess(options: ["--check"])
        defer { clean(check) }
        try check.start()
        #expect(check.end() == 0, "\(check.words)")
    }
}
