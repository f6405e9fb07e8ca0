import Testing

@testable import LinuxBoard

@Suite("Heartbeat") struct HeartbeatTests {
    /// Edges of a beat that is asked every `every` from 0 to `end`; belief as of each time.
    private func edges(
        halfPeriod: UInt64, patience: UInt64, every: UInt64 = 1, end: UInt64,
        believed: (UInt64) -> UInt64?
    ) -> [UInt64] {
        var heart = Heartbeat(halfPeriod: halfPeriod, patience: patience)
        var level = heart.level
        var edges: [UInt64] = []
        for now in stride(from: 0, through: end, by: UInt64.Stride(every)) {
            let changed = heart.beats(at: now, believed: believed(now))
            if changed != (heart.level != level) { return [] }
            level = heart.level
            if changed { edges.append(now) }
        }
        return edges
    }

    @Test("It beats at its period while the controller believes in itself")
    func beats() {
        let found = edges(halfPeriod: 50, patience: 20, end: 200) { $0 }
        #expect(found == [0, 50, 100, 150, 200])
    }

    @Test("It stops when the last belief is older than its patience, and not before")
    func stops() {
        let found = edges(halfPeriod: 10, patience: 25, end: 200) { min($0, 60) }
        #expect(found == [0, 10, 20, 30, 40, 50, 60, 70, 80])
    }

    @Test("It beats again when the controller comes back")
    func resumes() {
        let found = edges(halfPeriod: 10, patience: 5, end: 60) { $0 < 20 ? 0 : $0 < 40 ? 19 : $0 }
        #expect(found == [0, 20, 40, 50, 60])
    }

    @Test("Never believed, or believed in the future: no beat")
    func unbelievable() {
        #expect(edges(halfPeriod: 10, patience: 50, end: 100) { _ in nil } == [])
        #expect(edges(halfPeriod: 10, patience: 50, end: 100) { $0 + 1 } == [])
    }

    @Test("A late caller makes late edges, never two at once")
    func late() {
        let found = edges(halfPeriod: 10, patience: 50, every: 25, end: 100) { $0 }
        #expect(found == [0, 25, 50, 75, 100])
    }

    @Test("A clock set back holds the beat until it has caught up")
    func backwards() {
        var heart = Heartbeat(halfPeriod: 10, patience: 100)
        let beats = [1_000, 500, 1_009, 1_010].map { heart.beats(at: $0, believed: $0) }
        #expect(beats == [true, false, false, true])
    }
}
