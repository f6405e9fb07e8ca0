import BlackBox
import BoardProfile
import Control
import Foundation
import Loop
import Replay
import Report
import Scenario
import Testing
import Words

@testable import Moments

/// A village that loses the grid after six of twelve seconds, recorded at a hundred turns a second; the ring of
/// its point of common coupling begins at ``wall_ns`` of the day.
private struct Recorded: ~Copyable {
    static let wall_ns: Int64 = 1_800_000_000_000_000_000
    let folder: String
    var ring: String { "\(folder)/ring.skbb" }
    /// As it was simulated, which knows no time of the day.
    var undated: String { "\(folder)/pcc/ring.skbb" }

    init(_ settings: BlackBoxSettings = BlackBoxSettings()) throws {
        folder = NSTemporaryDirectory() + "skerry-moments-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let texts = ReadTexts()
        let boards =
            "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/boards/"
        let (place, file) = BoardFolder.holding(boards + "sim-village", "board.yaml")
        let scenario = Scenario(
            title: "Recorded", profile: try SiteProfile.read(file, in: place.noting(texts)).get(),
            duration_s: 12, seed: 7, fidelity: .phasor(step_s: 0.01),
            sensing: Sensing(rate_Hz: 100, samplesPerTick: 0),
            happenings: [.init(at_s: 6, text: "grid fails", .grid(.loss))], hasClouds: false)
        var simulation = Simulation(scenario, command: "test")
        let boxes = try BlackBoxes(
            simulation, scenario, in: folder, texts: texts.files, board: file, version: "test",
            command: "test")
        while !simulation.isDone { simulation.step() }
        try boxes.finish()
        let run = try #require(try Recording(path: "\(folder)/pcc/ring.skbb").runs.last)
        var life = Life(run, ours: .ofThisProgram())
        let state = try #require(run.state(before: 0))
        let writer = try SteppedWriter(
            folder: folder, settings: settings, texts: run.settings() ?? [],
            ticksPerSecond: 100, controller: try state.controller(ours: .ofThisProgram()).get(),
            clocks: Clocks(monotonic_ns: 0, wall_ns: Self.wall_ns), identity: 99)
        var controller = try state.controller(ours: .ofThisProgram()).get()
        while let step = life.next() {
            guard case .lived(let turn) = step else { continue }
            var record = Record()
            controller.tick(turn.turn.sample, wanting: turn.turn.wish, into: &record)
            try writer.turn(
                turn.turn.sample, turn.turn.wish, record, hadLetGo: turn.turn.hadLetGo,
                controller: controller)
        }
        try writer.finish()
    }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func stretch(_ from_s: Double, _ to_s: Double) throws(Stretch.Fault) -> Stretch {
        try Stretch(
            ring: ring, from_ns: Self.wall_ns + Int64(from_s * 1e9),
            to_ns: Self.wall_ns + Int64(to_s * 1e9), name: "pcc")
    }
}

@Suite("Every turn of a time of the day")
struct StretchTests {
    @Test("What was recorded, turn by turn, is lived again on the clock of the wall")
    func lived() throws {
        let recorded = try Recorded()
        let stretch = try recorded.stretch(5, 8)
        #expect(stretch.ticksPerSecond == 100 && stretch.missed == 0)
        #expect(abs(stretch.start_ns - Recorded.wall_ns - 5_000_000_000) <= 10_000_000)
        #expect((300...301).contains(stretch.trace.time_s.count))
        #expect(stretch.trace.time_s.first == 0)
        #expect(zip(stretch.trace.time_s, stretch.trace.time_s.dropFirst()).allSatisfy { $0 < $1 })
        // The same turns, as the run itself gives them.
        let run = try #require(try Recording(path: recorded.ring).runs.last)
        let clock = RunClock(run)
        let first = try #require(clock.tick(at: Recorded.wall_ns + 5_000_000_000).map(Tick.init))
        var life = Life(run, ours: .ofThisProgram())
        var voltages: [Float] = []
        var states: [String] = []
        var openedAt_s: Double?
        while let step = life.next() {
            guard case .lived(let turn) = step, turn.turn.sample.tick >= first else { continue }
            voltages.append(life.record.measured.bus.phaseA.value)
            states.append(life.record.islanding?.words ?? "")
            if case .opening = life.record.islanding, openedAt_s == nil {
                openedAt_s = clock.seconds(turn.turn.sample.tick) - clock.seconds(first)
            }
        }
        let bus = try #require(stretch.trace.series.first { $0.name == "bus.a" })
        #expect(bus.unit == .V)
        #expect(bus.values == Array(voltages.prefix(bus.values.count)))
        #expect(bus.values.max()! > 200)
        // The grid fails, and the switch opens.
        let opening = try #require(
            stretch.trace.events.first { $0.text.contains("islanding switch: opening") })
        #expect(opening.time_s == openedAt_s && opening.kind == .transition)
        let track = try #require(stretch.trace.states.first { $0.name == "islanding" })
        #expect(track.changes.first?.state == states.first)
        #expect(track.changes.count >= 3)
    }

    @Test("Torn, foreign and replaced rings are told of, or give what is left of them")
    func torn() throws {
        var small = BlackBoxSettings()
        small.segmentBytes = 1 << 16
        let recorded = try Recorded(small)
        let whole = try Data(contentsOf: URL(filePath: recorded.ring))
        let before = try Recording(path: recorded.ring)
        let path = recorded.folder + "/torn.skbb"
        var told = 0
        for seed in 1...60 as ClosedRange<UInt64> {
            var dice = seed
            func roll(_ n: Int) -> Int {
                dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(dice >> 33) % n
            }
            var bytes = whole
            switch seed % 4 {
            case 0: bytes = bytes.prefix(roll(bytes.count))
            case 1:
                // A disk that forgot some pages.
                for _ in 0...roll(4) {
                    let page = roll(bytes.count >> 12) << 12
                    bytes.replaceSubrange(page..<page + 4096, with: Data(count: 4096))
                }
            case 2: for _ in 0...roll(20) { bytes[roll(bytes.count)] ^= UInt8(1 << roll(8)) }
            default: bytes = Data((0..<200_000).map { _ in UInt8(roll(256)) })
            }
            try bytes.write(to: URL(filePath: path))
            do throws(Stretch.Fault) {
                let stretch = try Stretch(
                    ring: path, from_ns: Recorded.wall_ns + 2_000_000_000,
                    to_ns: Recorded.wall_ns + 10_000_000_000, name: "pcc", after: before)
                let times = stretch.trace.time_s
                #expect((1...802).contains(times.count), "seed \(seed)")
                #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }, "seed \(seed)")
                #expect(stretch.trace.series.allSatisfy { $0.values.count == times.count })
            } catch {
                told += 1
                #expect(!error.words.isEmpty)
            }
        }
        #expect((15...45).contains(told), "\(told)")
    }

    @Test("A time that the ring has not, or not any more, and one that nobody knows, are told")
    func nothing() throws {
        let recorded = try Recorded()
        func words(_ from_s: Double, _ to_s: Double) -> String? {
            do throws(Stretch.Fault) {
                _ = try recorded.stretch(from_s, to_s)
                return nil
            } catch { return error.words }
        }
        #expect(words(-100, -95)?.contains("begins later") == true)
        #expect(words(100, 105)?.contains("no turn of that time") == true)
        #expect(words(0, 61) == "every turn is given of at most 60 s at once")
        #expect(words(5, 5) == "every turn is given of at most 60 s at once")
        #expect(throws: Stretch.Fault.self) {
            try Stretch(ring: recorded.undated, from_ns: 0, to_ns: 1_000_000_000, name: "pcc")
        }
        #expect(throws: Stretch.Fault.self) {
            try Stretch(ring: "/nowhere/ring.skbb", from_ns: 0, to_ns: 1, name: "pcc")
        }
    }
}
