import Quantities
import Testing

@testable import Control

/// Each time a different prime, so that a number in the table names its setting.
private let times = IslandingTimes(
    openBy: 11, closeBy: 13, diagnose: 17, retry: 19, attempts: 3, deadBus: 23, proving: 29,
    feedbackLag: 7)
private let now = Tick(1000)

extension IslandingState {
    /// The state in words; deadlines relative to `now`.
    fileprivate var words: String {
        func ahead(_ t: Tick) -> String { "+\(t.since(now))" }
        return switch self {
        case .gridTied: "gridTied"
        case .opening(let r, let by): "opening(\(r))\(ahead(by))"
        case .islanded(let r, let since, let hold):
            "islanded(\(r))-\(now.since(since)) hold \(hold)"
        case .resynchronising(let r): "resynchronising(\(r))"
        case .closing(_, let by): "closing\(ahead(by))"
        case .blackStart(_, let by): "blackStart\(ahead(by))"
        case .fault(let c): "fault(\(c))"
        }
    }
}

@Suite("Islanding switch (IEEE 2030.7)")
struct IslandingTests {
    // must, wish: protection, or a person or plan, wants an island. fit: the grid has been fit for
    // enter service for its whole delay. permit: device 25 says close. late: the deadline is
    // here. last: one more failure spends the attempts. age: ticks since islanded.
    static let inputs: [DecisionTable.Input] = [
        .flag("must"), .flag("blind"), .flag("wish"), .flag("ack"), .flag("heard"), .flag("aux"),
        .flag("fit"), .of("grid", "dead", "doubtful", "live"),
        .of("bus", "dead", "doubtful", "live"), .flag("busDead"), .flag("permit"),
        .flag("late"), .flag("last"),
    ]
    static let moving: [DecisionTable.Row] = [
        // T1 unplanned, T2 planned.
        .init("gridTied", "blind", "opening(blind)+11"),
        .init("gridTied", "must", "opening(diagnosing)+11"),
        .init("gridTied", "wish", "opening(planned)+11"),
        .init("gridTied", "heard !aux", "islanded(droppedOut)-0 hold 19"),
        .init("gridTied", "", "gridTied"),

        // The auxiliary contact is the only proof that the switch is open.
        .init("opening", "heard !aux", "islanded(planned)-0 hold 0"),
        .init("opening", "late heard", "fault(welded)"),
        .init("opening", "late", "fault(blind)"),
        .init("opening", "", "opening(planned)+5"),

        // Closed by itself: open it.
        .init("resynchronising", "heard aux", "opening(gridLost)+11"),
        .init("resynchronising", "!heard", "islanded(gridLost)-0 hold 0"),
        .init("resynchronising", "!fit", "islanded(gridLost)-0 hold 0"),
        .init("resynchronising", "must", "islanded(gridLost)-0 hold 0"),
        .init("resynchronising", "blind", "islanded(gridLost)-0 hold 0"),
        .init("resynchronising", "wish", "islanded(gridLost)-0 hold 0"),
        .init("resynchronising", "bus=dead|doubtful", "islanded(gridLost)-0 hold 0"),
        .init("resynchronising", "permit", "closing+13"),
        .init("resynchronising", "", "resynchronising(gridLost)"),

        // T3.
        .init("closing", "blind", "opening(blind)+11"),
        .init("closing", "must", "opening(diagnosing)+11"),
        .init("closing", "wish", "opening(planned)+11"),
        .init("closing", "heard aux", "gridTied"),
        .init("closing", "late last", "fault(failedToClose)"),
        .init("closing", "late", "islanded(closingFailed)-0 hold 19"),
        .init("closing", "!aux grid=dead|doubtful", "islanded(diagnosing)-0 hold 19"),
        .init("closing", "", "closing+5"),

        // T4.
        .init("blackStart", "blind", "opening(blind)+11"),
        .init("blackStart", "must", "opening(diagnosing)+11"),
        .init("blackStart", "wish", "opening(planned)+11"),
        .init("blackStart", "heard aux", "gridTied"),
        .init("blackStart", "late last", "fault(failedToClose)"),
        .init("blackStart", "late", "islanded(closingFailed)-0 hold 19"),
        .init("blackStart", "!aux bus=dead grid=dead|doubtful", "islanded(diagnosing)-0 hold 19"),
        .init("blackStart", "", "blackStart+5"),

        // A person, and an open contact. A switch that only could not be heard needs no person.
        .init("fault(welded)", "ack heard !aux", "islanded(start)-0 hold 0"),
        .init("fault(welded)", "", "fault(welded)"),
        .init("fault(failedToClose)", "ack heard !aux", "islanded(start)-0 hold 0"),
        .init("fault(failedToClose)", "", "fault(failedToClose)"),
        .init("fault(blind)", "heard !aux", "islanded(blind)-0 hold 0"),
        .init("fault(blind)", "heard aux", "fault(welded)"),
        .init("fault(blind)", "", "fault(blind)"),
    ]

    static func input(_ c: DecisionTable.Combination) -> IslandingInput {
        func presence(_ word: String) -> Presence {
            word == "dead" ? .dead : word == "live" ? .live : .doubtful
        }
        return IslandingInput(
            now: now, mustIsland: c.isSet("must"), isBlind: c.isSet("blind"),
            wantsIsland: c.isSet("wish"), acknowledged: c.isSet("ack"), auxiliary: c.isSet("aux"),
            isHeard: c.isSet("heard"), gridFit: c.isSet("fit"), grid: presence(c["grid"]),
            bus: presence(c["bus"]), busProvedDead: c.isSet("busDead"),
            permit: c.isSet("permit") ? .close : .angle)
    }

    @Test("Every row: tied, opening, resynchronising, closing, fault")
    func everyRow() {
        let table = DecisionTable(inputs: Self.inputs, rows: Self.moving)
        let states = [
            "gridTied", "opening", "resynchronising", "closing", "blackStart", "fault(welded)",
            "fault(failedToClose)", "fault(blind)",
        ]
        let (complaints, walked) = table.check(states: states) { state, c in
            let by = c.isSet("late") ? now : now + 5
            var machine = Islanding(times)
            machine.failures = c.isSet("last") ? 2 : 0
            machine.state =
                switch state {
                case "gridTied": .gridTied
                case "opening": .opening(.planned, by: by)
                case "resynchronising": .resynchronising(.gridLost)
                case "closing": .closing(since: Tick(990), by: by)
                case "blackStart": .blackStart(since: Tick(990), by: by)
                case "fault(welded)": .fault(.welded)
                case "fault(failedToClose)": .fault(.failedToClose)
                default: .fault(.blind)
                }
            _ = machine.step(Self.input(c))
            return machine.state.words
        }
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
        let each = (1 << 11) * 9
        #expect(walked == 8 * each)
    }

    @Test(
        "A dead bus that comes alive before the switch's feedback: wait for the lag, then give up")
    func somebodyElseStarts() {
        var machine = Islanding(times)
        let t = Tick(1000)
        machine.state = .blackStart(since: t, by: t + 13)
        for n in 0...7 as ClosedRange<UInt32> {
            _ = machine.step(IslandingInput(now: t + n, auxiliary: false, bus: .doubtful))
            #expect(machine.state == .blackStart(since: t, by: t + 13), "\(n)")
        }
        _ = machine.step(IslandingInput(now: t + 8, auxiliary: false, bus: .live))
        #expect(machine.state == .islanded(.closingFailed, since: t + 8, hold: 19))
        #expect(machine.failures == 1)
        // The same bus, and the auxiliary in time: closed.
        machine.state = .blackStart(since: t, by: t + 13)
        _ = machine.step(IslandingInput(now: t + 9, auxiliary: true, bus: .live))
        #expect(machine.state == .gridTied)
    }

    // age in ticks: the diagnosis falls at 17, closing is allowed after 17 or after the hold of
    // 19, and a switch found closed at start has until 29 to prove itself.
    static let islanded: [DecisionTable.Row] =
        [
            .init(
                "start", "heard aux !must !blind !wish age=16|17|18|20 grid=live bus=live permit",
                "gridTied"),
            .init("start", "heard aux !must !blind !wish age=16", "islanded(start)-16 hold 0"),
            .init("start", "heard aux !must !blind !wish age=17", "islanded(start)-17 hold 0"),
            .init("start", "heard aux !must !blind !wish age=18", "islanded(start)-18 hold 0"),
            .init("start", "heard aux !must !blind !wish age=20", "islanded(start)-20 hold 0"),
            .init("start", "heard aux", "opening(start)+11"),
            .init("diagnosing", "heard aux", "opening(diagnosing)+11"),
            .init("closingFailed", "heard aux", "opening(closingFailed)+11"),
        ] + rest("start", hold: 0) + rest("closingFailed", hold: 19)
        + diagnosis(age: 16, "diagnosing", "diagnosing", "diagnosing")
        + diagnosis(age: 17, "gridRejected", "gridLost", "diagnosing")
        + diagnosis(age: 18, "gridRejected", "gridLost", "diagnosing")
        + diagnosis(age: 20, "gridRejected", "gridLost", "diagnosing")
        + diagnosis(age: 29, "gridRejected", "gridLost", "diagnosing")

    /// Back to the grid when the waiting is over: synchronised onto a live bus, or onto a bus that
    /// is proved dead; never onto one that is neither.
    static func rest(_ reason: String, hold: Int) -> [DecisionTable.Row] {
        let late = hold == 0 ? "18|20|29" : "20|29"
        let back = "age=\(late) fit !must !blind !wish heard !aux"
        return [
            .init(reason, "\(back) bus=live", "resynchronising(\(reason))"),
            .init(reason, "\(back) busDead", "blackStart+13"),
        ]
            + [16, 17, 18, 20, 29].map {
                .init(reason, "age=\($0)", "islanded(\(reason))-\($0) hold \(hold)")
            }
    }
    /// Live: it was there and we did not like it. Dead: it is gone. Neither: not known yet.
    static func diagnosis(
        age: Int, _ live: String, _ dead: String, _ doubtful: String
    ) -> [DecisionTable.Row] {
        let back = "age=\(age) fit !must !blind !wish heard !aux"
        return [("live", live), ("dead", dead), ("doubtful", doubtful)].flatMap { grid, reason in
            (age > 17
                ? [
                    DecisionTable.Row(
                        "diagnosing", "\(back) grid=\(grid) bus=live", "resynchronising(\(reason))"),
                    DecisionTable.Row(
                        "diagnosing", "\(back) grid=\(grid) busDead", "blackStart+13"),
                ] : [])
                + [
                    DecisionTable.Row(
                        "diagnosing", "age=\(age) grid=\(grid)",
                        "islanded(\(reason))-\(age) hold 0")
                ]
        }
    }

    @Test("Every row: islanded, lost or rejected, dead-bus closing, found closed")
    func everyRowIslanded() {
        var inputs = Self.inputs.filter { $0.name != "late" && $0.name != "last" }
        inputs.append(.of("age", "16", "17", "18", "20", "29"))
        let table = DecisionTable(inputs: inputs, rows: Self.islanded)
        let (complaints, walked) = table.check(
            states: ["start", "diagnosing", "closingFailed"]
        ) { state, c in
            var machine = Islanding(times)
            let since = Tick(now.count - UInt64(c["age"])!)
            machine.state =
                switch state {
                case "start": .islanded(.start, since: since, hold: 0)
                case "diagnosing": .islanded(.diagnosing, since: since, hold: 0)
                default: .islanded(.closingFailed, since: since, hold: times.retry)
                }
            _ = machine.step(Self.input(c))
            return machine.state.words
        }
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
        let each = (1 << 9) * 9 * 5
        #expect(walked == 3 * each)
    }

    @Test("Only three states drive the switch closed")
    func drives() {
        let t = Tick(0)
        let all: [(IslandingState, Bool)] = [
            (.gridTied, true), (.closing(since: t, by: t), true),
            (.blackStart(since: t, by: t), true),
            (.opening(.planned, by: t), false), (.islanded(.start, since: t, hold: 0), false),
            (.resynchronising(.start), false), (.fault(.welded), false),
        ]
        var machine = Islanding(times)
        let wrong = all.filter {
            machine.state = $0.0
            return machine.wantsClosed != $0.1
        }
        #expect(wrong.isEmpty)
    }

    @Test(
        "Out of step beside a fit grid is told in time; it goes on, and it is forgotten when it closes"
    )
    func syncLate() {
        var t = times
        t.syncBy = 1000
        var m = Islanding(t)
        m.state = .islanded(.gridLost, since: Tick(0), hold: 0)
        var late: [UInt64] = []
        func step(_ n: UInt64, fit: Bool = true, bus: Presence = .live, permit: Bool = false) {
            _ = m.step(
                IslandingInput(
                    now: Tick(n), auxiliary: false, gridFit: fit, grid: .live, bus: bus,
                    permit: permit ? .close : .angle))
            if m.isSyncLate { late.append(n) }
        }
        // A bus that blinks does not set the time back: 18 is the first tick after the diagnosis.
        for n in 1...1500 as ClosedRange<UInt64> { step(n, bus: n == 500 ? .doubtful : .live) }
        #expect(late.first == 1018 && late.last == 1500 && late.count == 483)
        #expect(m.state == .resynchronising(.gridLost))
        step(1501, fit: false)
        #expect(!m.isSyncLate)
        late = []
        for n in 1502...2600 as ClosedRange<UInt64> { step(n) }
        // Fit again; the diagnosis, then the whole time anew.
        #expect(late.first == 2519)
        step(2601, permit: true)
        #expect(!m.isSyncLate && m.state == .closing(since: Tick(2601), by: Tick(2614)))
    }

    @Test("Three attempts fail with the retry between them; then only a person")
    func retryAndLockOut() {
        var machine = Islanding(times)
        var input = IslandingInput(
            now: Tick(0), auxiliary: false, gridFit: true, grid: .live, bus: .live, permit: .close)
        var closings: [UInt64] = []
        var before = false
        for n in 0..<500 as Range<UInt64> {
            input.now = Tick(n)
            _ = machine.step(input)
            if machine.wantsClosed && !before { closings.append(n) }
            before = machine.wantsClosed
        }
        // Islanded until age > 17, one tick resynchronising, 13 to fail; then age > 19.
        let expected: [UInt64] = [19, 53, 87]  // 13 + 21 apart
        #expect(closings == expected)
        #expect(machine.state == .fault(.failedToClose))
        input.acknowledged = true
        input.now = Tick(501)
        _ = machine.step(input)
        #expect(machine.state == .islanded(.start, since: Tick(501), hold: 0))
        #expect(machine.failures == 0)
    }

    @Test("A closing answers the ticks it took, and forgives the failures")
    func learns() {
        var machine = Islanding(times)
        machine.failures = 2
        machine.state = .closing(since: Tick(100), by: Tick(113))
        let took = machine.step(
            IslandingInput(now: Tick(107), auxiliary: true, grid: .live, bus: .live))
        #expect(took == 7 && machine.failures == 0 && machine.state == .gridTied)
    }

    @Test("A board that lets go opens the machine too")
    func letGo() {
        var machine = Islanding(times)
        machine.state = .gridTied
        machine.letGo(at: Tick(5))
        #expect(machine.state == .opening(.droppedOut, by: Tick(16)))
        machine.letGo(at: Tick(6))
        #expect(machine.state == .opening(.droppedOut, by: Tick(16)))
    }
}
