import BoardProfile
import Control
import Foundation
import Testing

@testable import Calibration

@Suite("Processes that are killed while they write", .serialized) struct KillTests {
    /// Names the folder of the store to a child; absent in the tests themselves.
    private static let key = "SKERRY_TEST_CALIBRATION_CHILD"
    private static let channel = Calibrated.scalar(.batteryVoltage)

    /// What the child does: adds until it is killed, five seconds at most.
    @Test("The child", .enabled(if: ProcessInfo.processInfo.environment[key] != nil))
    func child() throws {
        let root = try #require(ProcessInfo.processInfo.environment[Self.key])
        let store = CalibrationStore(root: root, serial: "10000000f2a1")
        let end = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < end { try store.add(.sample()) }
        Issue.record("nobody killed the child")
    }

    @Test("Killed at any moment, the old record or the new one is there, whole")
    func killed() throws {
        let root = try scratchFolder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let store = CalibrationStore(root: root + "/calibration", serial: "10000000f2a1")
        var dice = RecordDice(11)
        var last = 0, grew = 0, interrupted = 0
        var fault: String?
        let clock = ContinuousClock(), end = clock.now + .seconds(4)
        var rounds = 0
        while rounds < 12, clock.now < end {
            rounds += 1
            let child = Process()
            child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            child.arguments = ["--testing-library", "swift-testing", "--filter", "KillTests/child"]
            child.environment = ProcessInfo.processInfo.environment.merging(
                [Self.key: store.root], uniquingKeysWith: { _, new in new })
            (child.standardOutput, child.standardError) = (
                FileHandle.nullDevice, FileHandle.nullDevice
            )
            try child.run()
            let entry = store.history(of: Self.channel) + "/" + CalibrationStore.entry(last + 1)
            while child.isRunning, clock.now < end,
                !FileManager.default.fileExists(atPath: entry)
            {
                usleep(200)
            }
            usleep(UInt32(dice.below(20_000)))
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
            let state = store.load(Self.channel)
            let errors = state.problems.filter { $0.severity == .error }
            let number = state.inForce?.record.number ?? 0
            if !errors.isEmpty { fault = fault ?? "round \(rounds): \(errors)" }
            if number < last || state.chain.count != number {
                fault =
                    fault
                    ?? "round \(rounds): entry \(number) of \(state.chain.count) after \(last)"
            }
            if state.isBehind || state.torn != nil { interrupted += 1 }
            if number > last { grew += 1 }
            last = number
            // The history is read whole each time; it need not be long.
            if last > 30 {
                try FileManager.default.removeItem(atPath: store.folder)
                last = 0
            }
        }
        #expect(fault == nil, "seed 11")
        #expect(grew >= 2, "\(rounds) rounds, \(interrupted) interrupted")
    }
}
