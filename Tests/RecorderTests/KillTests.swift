import Foundation
import GRDB
import Testing

@testable import Recorder

/// The hub itself, killed while a controller's day goes by.
@Suite("A hub that is killed")
struct KillTests {
    private static let kills = 60

    private func hub(_ arguments: [String]) throws -> Process {
        let program: URL = try #require(Self.program)
        let hub = Process()
        hub.executableURL = program
        hub.arguments = arguments
        hub.standardError = FileHandle.nullDevice
        try hub.run()
        return hub
    }
    /// Beside the test program.
    private static var program: URL? {
        var folders = [Bundle.main.bundleURL, URL(fileURLWithPath: CommandLine.arguments[0])]
        folders += folders.map { $0.deletingLastPathComponent() }
        return folders.map { $0.appendingPathComponent("skerry-hub") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    @Test(
        "60 times in a day, by kill -9: not a row, an event or a millijoule is missing or there twice"
    )
    func campaign() throws {
        let scratch = try Scratch()
        var sky = try Sky(
            folder: scratch.path + "/box", seconds: 0, wall_s: 1_800_000_000, seed: 9, identity: 90)
        let path = scratch.path + "/store.sqlite"
        let arguments = ["mill=\(sky.folder)", "--store", path]
        var dice: UInt64 = 17
        var behind = 0
        for _ in 0..<Self.kills {
            try sky.live(86_400 / Self.kills)
            let process = try hub(arguments)
            dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            Thread.sleep(forTimeInterval: 0.002 + Double((dice >> 33) % 150) * 1e-3)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
            behind += try isBehind(path, Int64(sky.counted.count)) ? 1 : 0
        }
        try sky.finish()
        let last = try hub(arguments + ["--once"])
        last.waitUntilExit()
        #expect(last.terminationStatus == 0)
        // Otherwise it was killed when it had nothing left to do.
        #expect(behind >= 10, "\(behind) of \(Self.kills) kills found it at work")

        let store = try Store(path: path)
        let quarters = try store.quarters(of: "mill", from_s: 0, to_s: .max)
        #expect(quarters.map(\.start_s) == (0..<96).map { 1_800_000_000 + 900 * $0 })
        #expect(quarters.allSatisfy { $0.readings == 900 })
        let counted = sky.counted(at: 4 * 86_400 - 3)
        #expect(quarters.reduce(0) { $0 + $1.energyIn_mJ } == counted.in_mJ)
        #expect(quarters.reduce(0) { $0 + $1.energyOut_mJ } == counted.out_mJ)
        #expect(
            try store.events(of: "mill", from_s: 0, to_s: .max).count == sky.transitions + 1)
        let gaps = try store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM gap") }
        #expect(gaps == 0)
        let sound = try store.pool.read {
            try String.fetchOne($0, sql: "PRAGMA integrity_check")
        }
        #expect(sound == "ok")
    }

    private func isBehind(_ path: String, _ turns: Int64) throws -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return true }
        let store = try Store(path: path)
        let next = try store.pool.read {
            try Int64.fetchOne($0, sql: "SELECT max(next_turn) FROM run")
        }
        // The newest second of a file that is being written has no record yet.
        return (next ?? 0) < turns - 100
    }
}
