import Quantities
import Testing

@testable import Control

/// Numbers of foxBMS 2 (docs/software/modules/application/bms, contactor settings; CC BY 4.0) at
/// 1 kHz: pre-charge done at |ΔV| < 1 V and I < 50 mA within 2 s, 3 tries, 3 s between, 10 s lock-out,
/// 200 ms settle after close, 100 ms after open. Travel is ours.
private let settings = ContactorSettings(
    leastVoltage: Volts(40), doneVoltage: Volts(1), doneCurrent: Amperes(0.05), preChargeBy: 2000,
    tries: 3, pause: 3000,
    lockout: 10_000, travel: 150, settleClose: 200, settleOpen: 100, hotCurrent: Amperes(1))
private let now = Tick(100_000)

extension ContactorState {
    fileprivate var words: String {
        func ahead(_ t: Tick) -> String { "+\(t.since(now))" }
        return switch self {
        case .open: "open"
        case .preCharging(let by): "preCharging\(ahead(by))"
        case .closing(let by): "closing\(ahead(by))"
        case .settling(let until): "settling\(ahead(until))"
        case .closed: "closed"
        case .opening(let c, let by): "opening(\(c))\(ahead(by))"
        case .waiting(let until): "waiting\(ahead(until))"
        case .welded: "welded"
        }
    }
}

@Suite("Battery contactor (foxBMS 2)")
struct ContactorTests {
    // dV and I: battery minus link voltage, and battery current, at their limits, one step of
    // the last place inside them, and not known. last: two tries have failed. late: the
    // deadline is here. battery: its voltage at the least, one step of the last place below it, and
    // not known. deafened: the state was entered because a contact could not be heard.
    static let inputs: [DecisionTable.Input] = [
        .flag("wants"), .flag("ack"), .flag("heard"), .flag("main"), .flag("pre"),
        .of("dV", "inside", "limit", "nan"), .of("I", "inside", "limit", "nan"), .flag("late"),
        .flag("last"), .flag("deafened"), .of("battery", "least", "below", "nan"),
    ]
    static let rows: [DecisionTable.Row] = [
        // Either contact closed in this state is one that was told to open.
        .init("open", "!heard", "open"),
        .init("open", "main", "opening(welded)+150"),
        .init("open", "pre", "opening(welded)+150"),
        .init("open", "wants battery=least", "preCharging+2000"),
        .init("open", "", "open"),

        .init("preCharging", "!wants !heard", "opening(wish)+150"),
        .init("preCharging", "!heard late", "opening(blind)+150"),
        .init("preCharging", "!heard", "preCharging+5"),
        .init("preCharging", "main", "opening(welded)+150"),
        .init("preCharging", "!wants", "opening(wish)+150"),
        .init("preCharging", "dV=inside I=inside pre battery=least", "closing+150"),
        .init("preCharging", "late last", "waiting+10000"),
        .init("preCharging", "late", "waiting+3000"),
        .init("preCharging", "", "preCharging+5"),

        .init("closing", "!wants", "opening(wish)+150"),
        .init("closing", "!heard late", "opening(blind)+150"),
        .init("closing", "!heard", "closing+5"),
        .init("closing", "main", "settling+200"),
        .init("closing", "late", "opening(failedToClose)+150"),
        .init("closing", "", "closing+5"),

        // The pre-charge relay rests closed through the settling.
        .init("settling", "!wants", "opening(wish)+150"),
        .init("settling", "!heard late", "settling+0"),
        .init("settling", "!heard", "settling+5"),
        .init("settling", "!main", "opening(droppedOut)+150"),
        .init("settling", "late", "closed"),
        .init("settling", "", "settling+5"),

        // A deaf contact opens nothing here; protection does, when it has been deaf for long.
        .init("closed", "!wants", "opening(wish)+150"),
        .init("closed", "!heard", "closed"),
        .init("closed", "!main", "opening(droppedOut)+150"),
        .init("closed", "", "closed"),

        // Both contacts must be heard open: the pre-charge relay bridges the main one.
        .init("opening(wish)", "heard !main !pre", "waiting+100"),
        .init("opening(wish)", "late", "welded"),
        .init("opening(wish)", "", "opening(wish)+5"),
        .init("opening(droppedOut)", "heard !main !pre", "waiting+3000"),
        .init("opening(droppedOut)", "late", "welded"),
        .init("opening(droppedOut)", "", "opening(droppedOut)+5"),
        .init("opening(failedToClose)", "heard !main !pre last", "waiting+10000"),
        .init("opening(failedToClose)", "heard !main !pre", "waiting+3000"),
        .init("opening(failedToClose)", "late", "welded"),
        .init("opening(failedToClose)", "", "opening(failedToClose)+5"),

        .init("waiting", "heard main", "opening(welded)+150"),
        .init("waiting", "late", "open"),
        .init("waiting", "", "waiting+5"),

        .init("welded", "heard !main !pre ack", "waiting+100"),
        .init("welded", "heard !main !pre deafened", "waiting+100"),
        .init("welded", "", "welded"),
    ]

    @Test("Every row")
    func everyRow() {
        let table = DecisionTable(inputs: Self.inputs, rows: Self.rows)
        let states = [
            "open", "preCharging", "closing", "settling", "closed", "opening(wish)",
            "opening(droppedOut)", "opening(failedToClose)", "waiting", "welded",
        ]
        let (complaints, walked) = table.check(states: states) { state, c in
            let by = c.isSet("late") ? now : now + 5
            var machine = Contactor(settings)
            machine.failures = c.isSet("last") ? 2 : 0
            machine.lastCause = c.isSet("deafened") ? .blind : .welded
            machine.state =
                switch state {
                case "open": .open
                case "preCharging": .preCharging(by: by)
                case "closing": .closing(by: by)
                case "settling": .settling(until: by)
                case "closed": .closed
                case "opening(wish)": .opening(.wish, by: by)
                case "opening(droppedOut)": .opening(.droppedOut, by: by)
                case "opening(failedToClose)": .opening(.failedToClose, by: by)
                case "waiting": .waiting(until: by)
                default: .welded
                }
            let limits: [String: Float] = ["inside": 0, "limit": 1, "nan": .nan]
            let dV = limits[c["dV"]]! == 0 ? Float(1).nextDown : limits[c["dV"]]!
            let dI = limits[c["I"]]! == 0 ? Float(0.05).nextDown : limits[c["I"]]! * 0.05
            let battery: [String: Float] = ["least": 40, "below": Float(40).nextDown, "nan": .nan]
            machine.step(
                ContactorInput(
                    now: now, wants: c.isSet("wants"), acknowledged: c.isSet("ack"),
                    preCharge: c.isSet("pre"), main: c.isSet("main"), isHeard: c.isSet("heard"),
                    battery: Volts(battery[c["battery"]]!), difference: Volts(-dV),
                    current: Amperes(-dI)))
            return machine.state.words
        }
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
        #expect(walked == 10 * 9 * 256 * 3)
    }

    @Test("Which coils each state drives")
    func drives() {
        let t = Tick(0)
        let all: [(state: ContactorState, pre: Bool, main: Bool)] = [
            (.open, false, false), (.preCharging(by: t), true, false),
            (.closing(by: t), true, true), (.settling(until: t), true, true),
            (.closed, false, true), (.opening(.wish, by: t), false, false),
            (.waiting(until: t), false, false), (.welded, false, false),
        ]
        var machine = Contactor(settings)
        let wrong = all.filter {
            machine.state = $0.state
            return machine.drivesPreCharge != $0.pre || machine.drivesMain != $0.main
        }
        #expect(wrong.isEmpty)
    }

    /// A run at 1 kHz with relays that follow their coils `delay` ticks late.
    private func run(
        ticks: UInt64, delay: Int = 20, mainWorks: Bool = true, precharges: Bool = true,
        battery: (UInt64) -> Volts = { _ in Volts(400) },
        step: (UInt64, Contactor) -> Void
    ) -> Contactor {
        var machine = Contactor(settings)
        var pre = [Bool](repeating: false, count: delay + 1)
        var main = pre
        for n in 0..<ticks {
            pre = pre.dropFirst() + [machine.drivesPreCharge]
            main = main.dropFirst() + [machine.drivesMain && mainWorks]
            machine.step(
                ContactorInput(
                    now: Tick(n), wants: true, preCharge: pre[0], main: main[0],
                    battery: battery(n), difference: Volts(precharges && n > 500 ? 0.5 : 300),
                    current: Amperes(0.01)))
            step(n, machine)
        }
        return machine
    }

    @Test("A sound battery is closed once and stays so")
    func closes() {
        var events: [String] = []
        var last = ""
        let machine = run(ticks: 5000) { n, m in
            let name = String("\(m.state)".prefix { $0 != "(" })
            if name != last { events.append("\(n) \(name)") }
            last = name
        }
        // Pre-charge is done at 501; the relay follows 20 ticks late and is looked at a tick after;
        // 200 ticks of rest.
        #expect(events == ["0 preCharging", "501 closing", "522 settling", "722 closed"])
        #expect(machine.openings == 0 && machine.hotOpenings == 0)
    }

    @Test("Three pre-charges of 2 s, 3 s apart, then locked out for 10 s")
    func locksOut() {
        var starts: [UInt64] = []
        var was = false
        _ = run(ticks: 26_000, precharges: false) { n, m in
            if m.drivesPreCharge && !was { starts.append(n) }
            was = m.drivesPreCharge
        }
        // 2000 + 3000 and the tick in which `open` is seen: 5001. After the third 2000 + 10 000.
        #expect(starts == [0, 5001, 10_002, 22_003])
    }

    @Test("A main contactor that never closes is locked out too")
    func mainLocksOut() {
        var starts: [UInt64] = []
        var was = false
        let machine = run(ticks: 30_000, mainWorks: false) { n, m in
            if m.drivesPreCharge && !was { starts.append(n) }
            was = m.drivesPreCharge
        }
        let gaps = zip(starts.dropFirst(), starts).map { $0 - $1 }
        // Pre-charge (done when heard, 21), 150 to fail, 20 for the relay to let go, then the pause.
        #expect(gaps.count >= 3, "\(starts)")
        #expect(gaps[1] > 3000 && gaps[1] < 3300 && gaps[2] > 10_000 && gaps[2] < 10_300, "\(gaps)")
        #expect(machine.lastCause == .failedToClose)
    }

    @Test("Openings above 1 A, or of unknown current, are hot", arguments: [0.9, 1.0, 1.01, .nan])
    func hot(current: Float) {
        var machine = Contactor(settings)
        machine.state = .closed
        machine.step(
            ContactorInput(
                now: now, wants: false, preCharge: false, main: true, battery: Volts(400),
                difference: Volts(0),
                current: Amperes(-current)))
        #expect(machine.openings == 1)
        #expect(machine.hotOpenings == (current <= 1 ? 0 : 1))
    }

    @Test("No battery: nothing is driven, and the record says why; when it is there, it goes on")
    func noBattery() {
        var events: [String] = []
        var last = ""
        _ = run(ticks: 12_000, battery: { Volts($0 < 5000 ? 0.3 : $0 < 5100 ? .nan : 400) }) {
            n, m in
            let words = "\(String("\(m.state)".prefix { $0 != "(" })) \(m.lastCause)"
            if words != last { events.append("\(n) \(words)") }
            last = words
        }
        #expect(
            events == [
                "0 open noBatteryVoltage", "5000 open blind", "5100 preCharging blind",
                "5121 closing blind", "5142 settling blind", "5342 closed blind",
            ], "\(events)")
    }

    @Test("A battery that goes during pre-charge closes nothing: its tries run out")
    func batteryGoes() {
        var starts: [UInt64] = []
        var was = false
        var drove = false
        let machine = run(
            ticks: 26_000, battery: { Volts($0 % 5001 == 0 || $0 == 22_003 ? 52 : 0) }
        ) {
            n, m in
            if m.drivesPreCharge && !was { starts.append(n) }
            was = m.drivesPreCharge
            drove = drove || m.drivesMain
        }
        #expect(!drove && machine.lastCause == .noBatteryVoltage)
        #expect(starts == [0, 5001, 10_002, 22_003])
    }

    @Test("What follows when the board lets go: a whole pre-charge")
    func letGo() {
        var machine = Contactor(settings)
        machine.state = .closed
        machine.letGo(at: now)
        #expect(!machine.drivesMain && machine.state == .opening(.droppedOut, by: now + 150))
    }
}
