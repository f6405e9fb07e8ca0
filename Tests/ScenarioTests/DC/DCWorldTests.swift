import BoardProfile
import Control
import Report
import Scenario
import SimBoard
import Testing

@Suite("Random DC worlds") struct NanogridWorldTests {
    @Test("No world breaks a rule", arguments: 0..<100 as Range<UInt64>)
    func invariants(seed: UInt64) {
        let (violations, simulation) = NanogridWorld(seed: seed).live()
        #expect(
            violations.isEmpty,
            "seed \(seed): \(violations); \(simulation.scenario.happenings.map(\.text))")
    }

    @Test("The guardian sees: two meters that lie together close a contactor too early")
    func guardianSees() {
        let site = DCSite(reference(batteries: 1), seed: 1)
        site.apply(.sensor(board: "battery1", .scalar(.linkVoltage), .scale(2)))
        site.apply(.sensor(board: "battery1", .scalar(.batteryCurrent), .scale(0.01)))
        var guardian = NanogridGuardian(site)
        run(site, until: 2) { guardian.watch($0) }
        #expect(guardian.violations.map(\.rule).contains("closes a contactor without pre-charge"))
    }

    @Test(
        "Left alone, a world whose faults are lifted comes back", arguments: 0..<12 as Range<UInt64>
    )
    func comesBack(seed: UInt64) {
        let (violations, simulation) = NanogridWorld(seed: seed).live(after_s: 40)
        #expect(
            violations.isEmpty,
            "seed \(seed): \(violations); \(simulation.scenario.happenings.map(\.text))")
    }
}

@Suite("The live view of a DC site") struct DCLiveFrameTests {
    @Test("Voltage, batteries and alarms are shown; no grid and no frequency")
    func shows() {
        let scenario = Scenario(
            title: "DC site", profile: reference(), duration_s: 5,
            happenings: [
                .init(
                    at_s: 4, text: "meter gone",
                    .sensor(board: "battery2", .scalar(.dcBusVoltage), .nan))
            ])
        var s = NanogridSimulation(scenario, command: "")
        var live = DCLiveFrame()
        var frame = live.frame(s)
        #expect(frame.island.state == "no battery on the bus")
        while !s.isDone {
            s.step()
            if s.site.now.count % 100 == 0 { frame = live.frame(s) }
            if s.site.now.count == 3900 { #expect(frame.island.state == "all on the bus") }
        }
        #expect(frame.bus.voltageHistory_V.count >= 49)
        let view = TerminalView(columns: 80, rows: 24, ability: .init(colour: false, unicode: true))
        let text = view.lines(frame).joined(separator: "\n")
        for wanted in [
            "DC site", "47.", " V", "1 of 2 batteries on the bus", "battery1", "battery2",
            "●●●", "blind: dcBusVoltage", "60%",
        ] {
            #expect(text.contains(wanted), "\(wanted) in\n\(text)")
        }
        #expect(!text.contains("Hz  ") || text.contains("1000 Hz"))
        #expect(!text.contains("GRID"))
        let line = LineView.line(frame)
        #expect(!line.contains("grid") && !line.contains("Hz") && line.contains("bus 47."))
    }
}
