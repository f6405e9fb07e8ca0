import BoardProfile
import Control
import Foundation
import Loop
import Scenario
import Testing
import Wire

@testable import BlackBox

/// Two minutes and a half of the village with an outage, a sag and a sensor that fails, recorded once for
/// all tests. Seed 7: `skerry simulate` with a scenario of these happenings makes it again.
struct RecordedVillage: Sendable {
    let turns: UInt64
    private let files: [String: [UInt8]]

    static let boards =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/boards/"
    static let shared = Result { try RecordedVillage() }

    init() throws {
        let folder = try Temporary.folder("village")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let texts = ReadTexts()
        let (boards, file) = BoardFolder.holding(Self.boards + "sim-village", "board.yaml")
        let profile = try SiteProfile.read(file, in: boards.noting(texts)).get()
        let scenario = Scenario(
            title: "Recorded", profile: profile, duration_s: 150, seed: 7,
            fidelity: .phasor(step_s: 0.01), sensing: Sensing(rate_Hz: 100, samplesPerTick: 0),
            happenings: [
                .init(at_s: 30, text: "grid fails", .grid(.loss)),
                .init(
                    at_s: 50, text: "sensor fails",
                    .sensor(board: "mill", .scalar(.batteryVoltage), .nan)),
                .init(
                    at_s: 60, text: "sensor mended",
                    .sensor(board: "mill", .scalar(.batteryVoltage), nil)),
                .init(at_s: 70, text: "grid returns", .grid(.restoration(phase_deg: nil))),
                .init(at_s: 138, text: "sag", .grid(.voltage_pu(0.7))),
                .init(at_s: 141, text: "sag ends", .grid(.voltage_pu(1))),
                .init(at_s: 145, text: "driver fails", .driver(board: "smithy", fails: true)),
                .init(at_s: 147, text: "driver mended", .driver(board: "smithy", fails: false)),
            ], hasClouds: true)
        var simulation = Simulation(scenario, command: "test")
        let boxes = try BlackBoxes(
            simulation, scenario, in: folder, texts: texts.files, board: file, version: "test",
            command: "test")
        while !simulation.isDone { simulation.step() }
        try boxes.finish()
        turns = UInt64(simulation.village.now.count)
        var files: [String: [UInt8]] = [:]
        for site in simulation.sites {
            let url = URL(fileURLWithPath: "\(folder)/\(site.name)/ring.skbb")
            files[site.name] = Array(try Data(contentsOf: url))
        }
        self.files = files
    }

    func recording(_ controller: String) throws -> BlackBox.Recording {
        try Recording(bytes: bytes(controller), name: controller)
    }
    func bytes(_ controller: String) throws -> [UInt8] { try #require(files[controller]) }
}

enum Temporary {
    /// A new folder of a name nobody has.
    static func folder(_ name: String) throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(
            path: "skerry-replay-\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }
}

/// One run's turns written anew, some of them changed on the way: what `change` makes of a record is
/// what is recorded.
func rewritten(
    _ run: Run, change: (UInt64, inout Record) -> Void
) throws -> BlackBox.Recording {
    let folder = try Temporary.folder("changed")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let texts = run.settings() ?? []
    let state = try #require(run.state(before: 0))
    var controller = try state.controller(ours: .ofThisProgram()).get()
    let writer = try SteppedWriter(
        folder: folder, settings: BlackBoxSettings(), texts: texts,
        ticksPerSecond: run.ticksPerSecond ?? 1, controller: controller,
        clocks: Clocks(monotonic_ns: 0, wall_ns: 0), identity: 99)
    var record = Record()
    for turn in run.turns() {
        if turn.turn.hadLetGo { controller.letGo() }
        controller.tick(turn.turn.sample, wanting: turn.turn.wish, into: &record)
        var told = record
        change(turn.number, &told)
        try writer.turn(
            turn.turn.sample, turn.turn.wish, told, hadLetGo: turn.turn.hadLetGo,
            controller: controller)
    }
    try writer.finish()
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/ring.skbb")))
    return try Recording(bytes: bytes, name: "changed")
}
