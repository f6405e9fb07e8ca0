import Control
import Report
import Scenario
import Testing

@Suite("What a board's records say, in lines for people")
struct BoardWatchTests {
    private func lines(_ records: [Record]) -> [String] {
        var watch = BoardWatch(name: "house", stages: [])
        var trace = Trace(title: "")
        trace.states = [.init(name: "contactor", label: "")]
        for (n, r) in records.enumerated() {
            watch.way(r, Double(n), &trace)
            watch.contactor(r, Double(n), track: 0, &trace)
        }
        return trace.events.map { "\(Int($0.time_s)) \($0.kind) \($0.text)" }
    }

    @Test("A battery that is not there is told once for as long as it is not")
    func noBattery() {
        var r = Record()
        r.contactor = .open
        r.contactorCause = .noBatteryVoltage
        var on = r
        on.contactor = .preCharging(by: Tick(9))
        let told = lines([r, r, r, on, r, r])
        #expect(
            told == [
                "0 fault battery contactor stays open: no battery voltage",
                "3 contactor battery contactor pre-charging",
                "4 fault battery contactor stays open: no battery voltage",
                "4 contactor battery contactor open",
            ], "\(told)")
        r.contactorCause = .blind
        #expect(lines([r, r]).isEmpty)
    }

    @Test("Out of step for long is told once, and again when it happens again")
    func outOfStep() {
        var late = Record()
        late.islanding = .resynchronising(.gridLost)
        late.isSyncLate = true
        let told = lines([Record(), late, late, Record(), late])
        let text = "fault still out of step with the grid; it goes on trying"
        #expect(told == ["1 \(text)", "4 \(text)"], "\(told)")
    }
}
