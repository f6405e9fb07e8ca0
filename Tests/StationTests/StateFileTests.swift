import Control
import Foundation
import Quantities
import Testing

@testable import Station

@Suite("What one process leaves to the next") struct StateFileTests {
    /// On tmpfs, as the loop asks.
    private let path = "/dev/shm/skerry-state-\(UUID().uuidString)"

    private func file(layout: UInt64 = 1, settings: UInt64 = 2, boot: UInt64 = 3) throws
        -> StateFile
    {
        try StateFile(path: path, layout: layout, settings: settings, boot: boot)
    }
    private func refusal(_ file: StateFile, now_s: Double = 10) -> StateFile.Refusal? {
        if case .failure(let why) = file.load(now_ns: Int64(now_s * 1e9), within_s: 2) {
            why
        } else {
            nil
        }
    }

    @Test("A controller goes on from what was left exactly as if nothing had happened")
    func goesOn() throws {
        defer { unlink(path) }
        var bench = DCBench()
        var controller = Controller(DCBench.settings)
        var record = Record()
        var samples: [Sample] = []
        let first = try file()
        #expect(refusal(first) == StateFile.Refusal.none)
        first.begin()
        for n in 1...400 as ClosedRange<UInt64> {
            samples.append(bench.sample(n, after: record.command))
            controller.tick(samples.last!, wanting: Setpoints(), into: &record)
            if n % 20 == 0 {
                first.offer(controller, record.command, tick: Tick(n), at_ns: Int64(n) * 1_000_000)
            }
        }
        #expect(record.contactor == .closed && record.command.converter.isOn)
        // Nobody says goodbye. The next process opens the same file.
        let next = try file()
        let left = try next.load(now_ns: 500_000_000, within_s: 2).get()
        #expect(left.tick == Tick(400) && left.at_ns == 400_000_000)
        #expect(left.command == record.command)
        var again = left.controller
        var recordAgain = Record()
        for n in 401...600 as ClosedRange<UInt64> {
            let sample = bench.sample(n + 100, after: record.command)
            controller.tick(sample, wanting: Setpoints(), into: &record)
            again.tick(sample, wanting: Setpoints(), into: &recordAgain)
            guard record.command == recordAgain.command, record.elapsed == recordAgain.elapsed,
                record.contactor == recordAgain.contactor
            else {
                Issue.record("tick \(n) differs")
                return
            }
        }
        #expect(recordAgain.contactor == .closed && recordAgain.missedTicks == 100)
        next.end()
        #expect(refusal(try file()) == StateFile.Refusal.none)
    }

    @Test("Too old, from the future, of other settings, version or start: it waits")
    func refused() throws {
        defer { unlink(path) }
        let first = try file()
        first.begin()
        first.offer(
            Controller(DCBench.settings), Command(), tick: Tick(1), at_ns: 9_000_000_000)
        #expect(refusal(first) == nil)
        #expect(refusal(first, now_s: 11.5) == .tooOld(2.5))
        #expect(refusal(first, now_s: 8) == .tooOld(-1))
        #expect(refusal(try file(layout: 9)) == .other("another version's"))
        #expect(refusal(try file(settings: 9)) == .other("of other settings"))
        #expect(refusal(try file(boot: 9)) == .other("of before the machine started"))
    }

    @Test("Killed in the middle of a copy, the one before it is gone on from")
    func torn() throws {
        defer { unlink(path) }
        let first = try file()
        first.begin()
        let controller = Controller(DCBench.settings)
        for n in 1...3 as ClosedRange<UInt64> {
            first.offer(controller, Command(), tick: Tick(n), at_ns: Int64(n) * 1_000_000_000)
        }
        // The third stands in the slot of odd numbers; its last number is not written yet.
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var third: Int?
        for at in stride(from: 0, to: bytes.count - 7, by: 8) {
            let number = bytes[at..<at + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if number == 3 { third = at }
        }
        bytes[try #require(third)] = 1
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let left = try file().load(now_ns: 3_500_000_000, within_s: 2).get()
        #expect(left.tick == Tick(2))
    }

    @Test("What went on and died within a minute is not gone on from again: its state may be why")
    func circle() throws {
        defer { unlink(path) }
        let controller = Controller(DCBench.settings)
        for (life_s, expected) in [(59.0, StateFile.Refusal.tooSoon(59)), (60, nil)] {
            let second = try file()
            second.begin(wentOn_ns: 1_000_000_000)
            let end_ns = Int64((1 + life_s) * 1e9)
            second.offer(controller, Command(), tick: Tick(1), at_ns: end_ns)
            #expect(refusal(try file(), now_s: 1.1 + life_s) == expected)
        }
    }

    @Test("On a disk there is none: the loop would wait for it")
    func disk() {
        let proc = "/proc/self/comm"
        #expect(throws: StateFile.Fault.onDisk) {
            _ = try StateFile(path: proc, layout: 1, settings: 2, boot: 3)
        }
    }

    @Test("A file of rubbish is nobody's state, and a link is not followed")
    func rubbish() throws {
        defer { unlink(path) }
        try Data(repeating: 0xA5, count: 1000).write(to: URL(fileURLWithPath: path))
        #expect(refusal(try file()) == StateFile.Refusal.none)
        unlink(path)
        symlink("/dev/null", path)
        #expect(throws: StateFile.Fault.system(ELOOP)) { _ = try file() }
    }
}
