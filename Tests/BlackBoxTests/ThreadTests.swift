import Control
import Foundation
import Loop
import Plant
import Testing
import Wire

@testable import BlackBox

/// A folder that goes when it is done with.
final class TestFolder {
    let path: String
    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "skerry-blackbox-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

private var quick: BlackBoxSettings {
    var s = BlackBoxSettings()
    s.ringBytes = 64 << 16
    s.segmentBytes = 1 << 16
    s.age_s = 0.2
    s.checkpointEvery_s = 1
    return s
}

/// Lives a world into a writer and waits for it to keep up.
private func push(
    _ world: TurnWorld, _ turns: Int, seed: UInt64, _ ring: TurnRing, _ box: CheckpointBox,
    _ writer: BlackBoxWriter, each: (Int, KeptTurn) -> Void
) {
    var n = 0
    world.live(turns, seed: seed) { kept, controller, record in
        ring.push(kept.sample, kept.wish, record, hadLetGo: kept.hadLetGo)
        if box.isAsked { box.offer(controller, after: record.tick) }
        n += 1
        while ring.count - writer.status.turns > 500 { usleep(1000) }
        each(n, kept)
    }
}

/// The sanitizers slow simulated worlds down twenty times: there, what threads and damage do is enough.
let isSanitized = ProcessInfo.processInfo.environment["SKERRY_SANITIZE"] != nil

@Suite("Threads and real disks", .serialized)
struct ThreadTests {
    private static let turns = isSanitized ? 2500 : 6000
    private static let kills = isSanitized ? 2 : 6

    @Test("A loop is recorded by its two threads, and read back whole")
    func whole() throws {
        let folder = try TestFolder()
        let ring = TurnRing(capacity: 1024)
        let box = CheckpointBox(ring)
        let writer = try #require(
            BlackBoxWriter(
                folder: folder.path + "/box", settings: quick, texts: Rig.texts,
                ticksPerSecond: 1000, ring: ring, box: box))
        #expect(writer.start(note: "a test"))
        var turns: [KeptTurn] = []
        push(.dc48, Self.turns, seed: 3, ring, box, writer) { n, turn in
            turns.append(turn)
            if n == Self.turns / 2 { writer.note(.setpoints, "by a test") }
        }
        #expect(writer.stop(note: "done", within: 60))
        #expect(writer.status.fault == nil && writer.status.turns == UInt64(Self.turns))
        let recording = try Recording(path: folder.path + "/box/ring.skbb")
        let run = try #require(recording.runs.first)
        let read = Array(run.turns())
        #expect(read.map(\.number) == Array(0..<UInt64(Self.turns)))
        #expect(zip(read, turns).allSatisfy { $0.turn.isSame(as: $1) })
        #expect(run.notes().map(\.kind) == [.start, .setpoints, .stop])
        #expect(run.settings() == Rig.texts && run.skipped().isEmpty)
        let head = try #require(run.heads.first)
        #expect(head.boot != BootID() && head.wall_ns > 1_700_000_000_000_000_000)
        let state = try #require(run.state(before: UInt64(Self.turns)))
        #expect(relive(run, from: state) == (Self.turns - Int(state.turn), 0))
        let captures = try FileManager.default.contentsOfDirectory(
            atPath: folder.path + "/box/captures")
        #expect(!captures.isEmpty && captures.allSatisfy { $0.hasSuffix(".skbb") })
        for name in captures {
            #expect(try Recording(path: folder.path + "/box/captures/" + name).purpose == .capture)
        }
    }

    @Test("A folder that cannot be made is told, and the loop is not held up")
    func noFolder() throws {
        let folder = try TestFolder()
        let ring = TurnRing(capacity: 1024)
        let box = CheckpointBox(ring)
        let writer = try #require(
            BlackBoxWriter(
                folder: folder.path + "/not/there", settings: quick, texts: [],
                ticksPerSecond: 1000, ring: ring, box: box))
        #expect(writer.start(note: ""))
        push(.dc48, 2000, seed: 3, ring, box, writer) { _, _ in }
        while writer.status.fault == nil { usleep(1000) }
        #expect(writer.status.fault?.code == ENOENT)
        #expect(writer.status.trouble?.contains("No such file or directory") ?? false)
        #expect(writer.stop(note: "", within: 60))
    }

    @Test("What is no recording is refused in words")
    func refused() throws {
        let folder = try TestFolder()
        #expect(throws: RecordingFault.self) { try Recording(path: folder.path + "/none.skbb") }
        let path = folder.path + "/text.skbb"
        try "not a recording".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: RecordingFault(path: path, kind: .noFrame)) { try Recording(path: path) }
        #expect(RecordingFault(path: path, kind: .noFrame).words.contains("captures"))
        #expect(RecordingFault(path: path, kind: .system(2)).words.contains("No such file"))
    }

    private static let child = ProcessInfo.processInfo.environment["SKERRY_BLACKBOX_CHILD"]
    private static let seed: UInt64 = 77

    /// Not a test: what ``killed()`` starts and kills.
    @Test(.enabled(if: child != nil))
    func childThatIsKilled() throws {
        let ring = TurnRing(capacity: 1024)
        let box = CheckpointBox(ring)
        let writer = try #require(
            BlackBoxWriter(
                folder: Self.child ?? "", settings: quick, texts: Rig.texts, ticksPerSecond: 1000,
                ring: ring, box: box))
        #expect(writer.start(note: ""))
        push(.dc48, 60_000, seed: Self.seed, ring, box, writer) { n, _ in
            usleep(500)
            guard n % 20 == 0 else { return }
            let line = "blackbox \(n) \(writer.status.syncedTurn)\n"
            FileHandle.standardOutput.write(Data(line.utf8))
        }
    }

    @Test(
        "Killed at any moment, a writer leaves all that it had synced, and the next goes on after it"
    )
    func killed() throws {
        let folder = try TestFolder()
        var random = Random(seed: 5)
        var synced: [UInt64] = []
        for _ in 0..<Self.kills {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            process.arguments = [
                "--testing-library", "swift-testing", "--filter", "ThreadTests/childThatIsKilled",
            ]
            process.environment = ProcessInfo.processInfo.environment.merging([
                "SKERRY_BLACKBOX_CHILD": folder.path
            ]) { $1 }
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            try process.run()
            // After so many words from it, not after a time.
            var left = 20 + Int(random.next() % 60)
            var said: [UInt64] = []
            var text = ""
            while left > 0 {
                let data = pipe.fileHandleForReading.availableData
                if data.isEmpty { break }
                text += String(decoding: data, as: UTF8.self)
                var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                text = String(lines.removeLast())
                for line in lines {
                    let words = line.split(separator: " ")
                    guard words.count == 3, words[0] == "blackbox", let n = UInt64(words[2])
                    else { continue }
                    said.append(n)
                    left -= 1
                }
            }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
            synced.append(said.last ?? 0)
        }
        var turns: [KeptTurn] = []
        TurnWorld.dc48.live(4000, of: 60_000, seed: Self.seed) { turn, _, _ in turns.append(turn) }
        let recording = try Recording(path: folder.path + "/ring.skbb")
        #expect(recording.runs.count == Self.kills && synced.contains { $0 > 0 })
        for (run, synced) in zip(recording.runs, synced) {
            let read = Array(run.turns())
            #expect(read.count >= Int(synced), "\(read.count) of \(synced)")
            #expect(read.map(\.number) == Array(0..<UInt64(read.count)))
            #expect(zip(read, turns).allSatisfy { $0.turn.isSame(as: $1) })
            #expect(run.skipped().isEmpty && Array(run.gaps()).isEmpty)
        }
        print("killed \(Self.kills) times; synced before that: \(synced)")
    }
}
