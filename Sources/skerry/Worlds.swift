import ArgumentParser
import BoardProfile
import Foundation
import Scenario

struct Worlds: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Live random worlds through and hold them to what must never happen.",
        discussion: """
            Every world is a village with its weather, outages, sags, sensor faults and welded \
            contacts, all from one seed. A world that breaks a rule is printed with the command that \
            replays it.
            """)

    @Option(help: "The first seed.")
    var from: UInt64 = 0
    @Option(help: "How many worlds.")
    var count: UInt64 = 200
    @Option(help: "The board whose village is varied.")
    var board = "boards/sim-village"
    @Option(help: "How many at a time; all processors when left out.")
    var jobs: Int?
    @Flag(help: "Print every event of each world.")
    var events = false

    func run() async throws {
        try requireFile(board)
        let base = try load(SiteProfile.load(board), quiet: true)
        guard base.coupling != nil, !base.homes.isEmpty else {
            complain("\(board): worlds are made of villages; this board has no homes")
            throw ExitCode.noInput
        }
        let width = max(1, jobs ?? ProcessInfo.processInfo.activeProcessorCount)
        let (first, total, wordy) = (from, count, events)
        var failed: [UInt64] = []
        var done: UInt64 = 0
        await withTaskGroup(of: Outcome.self) { group in
            var next: UInt64 = 0
            func add() {
                let seed = first + next
                group.addTask { Outcome(seed: seed, base: base, wordy: wordy) }
                next += 1
            }
            while next < total && next < UInt64(width) { add() }
            for await outcome in group {
                done += 1
                if next < total { add() }
                if !outcome.events.isEmpty { print(outcome.events) }
                for violation in outcome.violations { print("world \(outcome.seed): \(violation)") }
                if !outcome.violations.isEmpty {
                    failed.append(outcome.seed)
                    print("  replay: skerry worlds --from \(outcome.seed) --count 1 --events")
                }
                if done % 200 == 0 { complain("\(done) of \(total) worlds") }
            }
        }
        print("\(total - UInt64(failed.count)) passed, \(failed.count) failed")
        if !failed.isEmpty { throw ExitCode.failure }
    }

    private struct Outcome: Sendable {
        var seed: UInt64
        var violations: [Guardian.Violation]
        var events = ""
        init(seed: UInt64, base: SiteProfile, wordy: Bool) {
            let (violations, simulation) = World(seed: seed, base: base).live()
            self.seed = seed
            self.violations = violations
            if wordy {
                events = simulation.recording.trace.events
                    .map { "\($0.time_s)\t\($0.source)\t\($0.kind)\t\($0.text)" }
                    .joined(separator: "\n")
            }
        }
    }
}
