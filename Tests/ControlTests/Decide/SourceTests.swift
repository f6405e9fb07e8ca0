import Quantities
import Testing

@testable import Control

private let times = SourceTimes(
    observe: 11, follow: 13, blackStartAfter: 17, ramp: 19, retry: 23, readyBy: 29, outOfStep: 300)
private let now = Tick(1000)

extension SourceState {
    fileprivate var words: String {
        switch self {
        case .off: "off"
        case .observing(let since): "observing-\(now.since(since))"
        case .following(let since): "following-\(now.since(since))"
        case .forming: "forming"
        case .blackStarting(let since): "blackStarting-\(now.since(since))"
        case .tripped(let c, let until): "tripped(\(c))+\(until.since(now))"
        }
    }
}

@Suite("Grid-forming source")
struct SourceTests {
    // trip: protection demands it. may: the battery is on the link. age: ticks in this state.
    static let inputs: [DecisionTable.Input] = [
        .flag("trip"), .flag("may"), .of("bus", "dead", "doubtful", "live"),
        .of("age", "10", "11", "12", "13", "18", "19", "56", "57"), .flag("late"),
    ]
    static var rows: [DecisionTable.Row] {
        var rows: [DecisionTable.Row] = [
            .init("off", "trip", "tripped(wish)+23"),
            .init("off", "may", "observing-0"),
            .init("off", "", "off"),

            // The first cause is kept, and the retry begins anew while the demand lasts.
            .init("tripped", "trip", "tripped(deadBus)+23"),
            .init("tripped", "late", "off"),
            .init("tripped", "", "tripped(deadBus)+5"),

            .init("forming", "trip", "tripped(wish)+23"),
            .init("forming", "!may", "off"),
            .init("forming", "", "forming"),

            .init("observing", "trip", "tripped(wish)+23"),
            .init("observing", "!may", "off"),
            // The watch on a live bus begins when it is live. (A dead bus is started only after
            // `blackStartAfter` ticks of it: see `deadBus`.)
            .init("observing", "bus=dead|doubtful", "observing-0"),
            .init("observing", "age=10", "observing-10"),
            .init("observing", "", "following-0"),

            .init("following", "trip", "tripped(wish)+23"),
            .init("following", "!may", "off"),
            .init("following", "bus=dead|doubtful", "observing-0"),
            .init("following", "age=13|18|19|56|57", "forming"),

            .init("blackStarting", "trip", "tripped(wish)+23"),
            .init("blackStarting", "!may", "off"),
            .init("blackStarting", "age=19|56|57 bus=live", "forming"),
            // Three ramps of 19 and the bus has not followed: it is faulted.
            .init("blackStarting", "age=57", "tripped(deadBus)+23"),
        ]
        for age in [10, 11, 12] {
            rows.append(.init("following", "age=\(age)", "following-\(age)"))
        }
        for age in [10, 11, 12, 13, 18, 19, 56] {
            rows.append(.init("blackStarting", "age=\(age)", "blackStarting-\(age)"))
        }
        return rows
    }

    @Test("Every row")
    func everyRow() {
        let table = DecisionTable(inputs: Self.inputs, rows: Self.rows)
        let states = ["off", "observing", "following", "forming", "blackStarting", "tripped"]
        let (complaints, walked) = table.check(states: states) { state, c in
            let since = Tick(now.count - UInt64(c["age"])!)
            var machine = Source(times)
            machine.state =
                switch state {
                case "off": .off
                case "observing": .observing(since: since)
                case "following": .following(since: since)
                case "forming": .forming
                case "blackStarting": .blackStarting(since: since)
                default: .tripped(.deadBus, until: c.isSet("late") ? now : now + 5)
                }
            let bus: Presence =
                c["bus"] == "dead" ? .dead : c["bus"] == "live" ? .live : .doubtful
            machine.step(
                SourceInput(
                    now: now, mayRun: c.isSet("may"), mustTrip: c.isSet("trip"), cause: .wish,
                    bus: bus, ready: true), elapsed: 1)
            return machine.state.words
        }
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
        #expect(walked == 6 * 3 * 8 * 8)
    }

    private func run(
        _ times: SourceTimes, ticks: Int, elapsed: UInt32 = 1, bus: (Int) -> Presence,
        ready: Bool = true
    ) -> [String] {
        var machine = Source(times)
        var events: [String] = []
        var last = "off"
        for n in stride(from: 0, to: ticks, by: Int(elapsed)) {
            machine.step(
                SourceInput(
                    now: Tick(UInt64(n)), mayRun: true, mustTrip: false, cause: .none,
                    bus: bus(n), ready: ready), elapsed: elapsed)
            let name =
                if case .tripped(let c, _) = machine.state { "tripped(\(c))" } else {
                    String("\(machine.state)".prefix { $0 != "(" })
                }
            if name != last { events.append("\(n) \(name)") }
            last = name
        }
        return events
    }

    @Test("Onto a live bus: observe, follow, form")
    func live() {
        let events = run(times, ticks: 60) { _ in .live }
        #expect(events == ["0 observing", "11 following", "24 forming"])
    }

    @Test("A bus that flickers is watched anew each time it is live")
    func flicker() {
        let events = run(times, ticks: 60) { $0 < 10 ? .dead : $0 == 15 ? .doubtful : .live }
        // Live from 16: the last doubtful tick is 15, and 11 after it is 26.
        #expect(events == ["0 observing", "26 following", "39 forming"])
    }

    @Test(
        "A dead bus is started after its time, counted in real ticks",
        arguments: [1, 2, 7] as [UInt32])
    func deadBus(elapsed: UInt32) {
        let events = run(times, ticks: 20, elapsed: elapsed) { _ in .dead }
        // 17 ticks of dead bus; the first look already counts `elapsed`.
        let start = ["1": 16, "2": 16, "7": 14]["\(elapsed)"]!
        #expect(events == ["0 observing", "\(start) blackStarting"])
    }

    @Test("A source that may not start a dead bus waits for ever; a doubtful bus is never started")
    func waits() {
        var never = times
        never.blackStartAfter = nil
        #expect(run(never, ticks: 2000) { _ in .dead } == ["0 observing"])
        #expect(run(times, ticks: 2000) { $0 % 16 == 0 ? .doubtful : .dead } == ["0 observing"])
    }

    @Test("An inverter that never reports ready is tripped after its time, and tried again")
    func notReady() {
        let events = run(times, ticks: 80, bus: { _ in .live }, ready: false)
        // Following from 11: unready is counted from 12, and 30 is beyond 29.
        #expect(
            events.prefix(4) == [
                "0 observing", "11 following", "24 forming", "41 tripped(notReady)",
            ])
        #expect(events.dropFirst(4).first == "64 off")
    }

    @Test(
        "Out of step (78) for longer than its time, and only while forming, it trips",
        arguments: [1, 2, 7] as [UInt32])
    func outOfStep(elapsed: UInt32) {
        var machine = Source(times)
        func step(_ n: UInt32, apart: Bool) {
            machine.step(
                SourceInput(
                    now: Tick(UInt64(n)), mayRun: true, mustTrip: false, cause: .none, bus: .live,
                    ready: true, isApart: apart), elapsed: elapsed)
        }
        // Apart before it forms is no loss of step; 300 ticks of it are borne, more are not.
        machine.state = .observing(since: Tick(0))
        for n in 0..<10 { step(UInt32(n), apart: true) }
        machine.state = .forming
        var borne: UInt32 = 0
        while machine.state == .forming && borne < 1000 {
            step(1000 + borne, apart: true)
            if machine.state == .forming { borne += elapsed }
        }
        #expect(borne == 300 / elapsed * elapsed)
        if case .tripped(.outOfStep, _) = machine.state {
        } else {
            Issue.record("\(machine.state)")
        }
        // A moment in step forgives.
        machine.state = .forming
        for n in 0..<2000 { step(UInt32(5000 + n), apart: n % 40 != 0) }
        #expect(machine.state == .forming)
    }

    @Test("Modes: the inverter is off in all but three states")
    func modes() {
        let t = Tick(0)
        let all: [(SourceState, InverterMode, Bool)] = [
            (.off, .off, false), (.observing(since: t), .off, false),
            (.tripped(.blind, until: t), .off, false), (.following(since: t), .follow, true),
            (.forming, .form, true), (.blackStarting(since: t), .form, true),
        ]
        var machine = Source(times)
        let wrong = all.filter {
            machine.state = $0.0
            return machine.mode != $0.1 || machine.isRunning != $0.2
        }
        #expect(wrong.isEmpty)
    }
}
