import BlackBox
import Foundation
import Testing

@testable import Recorder

/// A ring that is looked at again and again while it grows.
@Suite("A growing ring")
struct GrowingTests {
    private func told(_ recording: Recording) -> [String] {
        recording.runs.map { run in
            let numbers = run.records().map(\.number)
            return
                "\(run.number): \(run.heads.count) segments, \(numbers.count), \(numbers.last ?? 0)"
        } + ["\(recording.skipped.count)"]
    }

    @Test("What is known of blank segments changes nothing of what is seen")
    func blanks() throws {
        let scratch = try Scratch()
        let folder = scratch.path + "/box"
        var sky = try Sky(
            folder: folder, seconds: 0, wall_s: 1_800_000_000, seed: 3, identity: 30)
        var before: Recording?
        var seen: Set<[String]> = []
        for _ in 0..<12 {
            try sky.live(1200)
            let recording = try Recording(path: sky.ring, after: before)
            #expect(told(recording) == told(try Recording(path: sky.ring)))
            seen.insert(told(recording))
            before = recording
        }
        try sky.finish()
        #expect(seen.count > 3, "it grew")
        // Another file in its place, longer than the one before was: nothing is held for blank that is not.
        try FileManager.default.removeItem(atPath: folder)
        _ = try Sky(
            folder: folder, seconds: 40_000, wall_s: 1_800_000_000, seed: 4, identity: 31)
        let other = try Recording(path: sky.ring, after: before)
        #expect(other.file != before?.file)
        #expect(told(other) == told(try Recording(path: sky.ring)))
        // One that has no blank segment and one that was not looked at before are read as ever.
        #expect(told(try Recording(path: sky.ring, after: nil)) == told(other))
    }
}
