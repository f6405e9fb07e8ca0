import Quantities
import Testing

@testable import Control

/// The machine on steps of voltage and frequency, each bound of each region from 1 % either side.
@Suite("Regions of abnormal voltage and frequency")
struct RegionTests {
    private enum Name: String {
        case continuous, mandatory, permissive, cessation, ceased, tripped, other
    }
    private func name(_ state: DERState) -> Name {
        switch state {
        case .continuous: .continuous
        case .mandatory: .mandatory
        case .permissive: .permissive
        case .momentaryCessation: .cessation
        case .ceased: .ceased
        case .tripped: .tripped
        case .outOfService, .enteringService: .other
        }
    }

    /// Tables 14 to 16, a step from nominal that lasts 60 ms: before any trip.
    private static let bounds: [(DERSite.Category, Float, below: String, above: String)] = [
        (.one, 0.50, "ceased", "permissive"), (.one, 0.70, "permissive", "mandatory"),
        (.one, 0.88, "mandatory", "continuous"), (.one, 1.10, "continuous", "permissive"),
        (.one, 1.20, "permissive", "ceased"),
        (.two, 0.30, "ceased", "permissive"), (.two, 0.65, "permissive", "mandatory"),
        (.two, 0.88, "mandatory", "continuous"), (.two, 1.10, "continuous", "permissive"),
        (.two, 1.20, "permissive", "ceased"),
        (.three, 0.50, "cessation", "mandatory"), (.three, 0.88, "mandatory", "continuous"),
        (.three, 1.10, "continuous", "cessation"), (.three, 1.20, "cessation", "ceased"),
    ]

    @Test("Every bound of every category, one phase and all phases, 1 % below and above")
    func voltage() {
        for (category, bound, below, above) in Self.bounds {
            for (factor, said) in [(0.99 as Float, below), (1.01, above)] {
                var all = DERDesk.running(DERSite.settings(category))
                all.voltage_pu = bound * factor
                all.turn(60)
                #expect(name(all.state).rawValue == said, "\(category) \(bound * factor)")
                let blocks = said == "ceased" || said == "cessation"
                #expect((all.record.command.inverter.mode == .off) == blocks)
                #expect(all.record.command.outputs[Output.inverterEnable])
                var one = DERDesk.running(DERSite.settings(category))
                one.phases[1] = bound * factor
                one.turn(60)
                #expect(name(one.state).rawValue == said, "\(category) phase b \(bound * factor)")
            }
        }
    }

    @Test("At its bound a region is still itself")
    func atBound() {
        let r = DERSite.rideThrough(.two)
        func mode(_ v: Float) -> RideThroughMode { r.mode(lowest: v, highest: v, frequency: 60) }
        #expect(mode(0.88) == .continuous && mode(1.10) == .continuous)
        #expect(mode(0.65) == .mandatory && mode(0.30) == .permissive && mode(1.20) == .permissive)
        #expect(r.mode(lowest: 1, highest: 1, frequency: 58.8) == .continuous)
        #expect(r.mode(lowest: 1, highest: 1, frequency: 61.21) == .mandatory)
        for (low, high, f) in [(Float.nan, 1, 60), (1, Float.nan, 60)] as [(Float, Float, Float)] {
            #expect(r.mode(lowest: low, highest: high, frequency: f) == .cease)
        }
        #expect(r.mode(lowest: 1, highest: 1, frequency: .nan) == .mandatory)
    }

    @Test("A phase-to-phase voltage is judged beside those of the phases")
    func lines() {
        var desk = DERDesk.running(DERSite.settings())
        desk.override = { $0.lineBC = Volts(0.6 * DERSite.volts * 3.0.squareRoot().float) }
        desk.turn(10)
        #expect(name(desk.state) == .permissive)
        desk.override = { $0.lineBC = Volts(1.21 * DERSite.volts * 3.0.squareRoot().float) }
        desk.turn(200)
        #expect(desk.state == .tripped(.stage(0)))
    }

    @Test("Trips come by the stages alone: 1 % inside a threshold never, 1 % beyond on time")
    func trips() {
        for category in DERSite.Category.allCases {
            let stages = DERSite.stages(category)
            for (k, stage) in stages.enumerated() where stage.clearing < 15_000 {
                for factor in [0.99 as Float, 1.01] {
                    var desk = DERDesk.running(DERSite.settings(category))
                    // Of frequency 1 % is far: a tenth of it.
                    let by = stage.watched == .busFrequency ? 1 + (factor - 1) * 0.1 : factor
                    let value = stage.pickup * by
                    if stage.watched == .busFrequency {
                        desk.frequency = value
                    } else {
                        desk.voltage_pu = value / DERSite.volts
                    }
                    let isBeyond = (stage.sense == .over) == (factor > 1)
                    let took = desk.ticksUntil(Int(stage.clearing) + 50) {
                        $0.state == .tripped(.stage(UInt8(k)))
                    }
                    #expect(
                        took == (isBeyond ? Int(stage.clearing) : nil),
                        "\(category) stage \(k) at \(value): \(took as Any)")
                    if isBeyond {
                        #expect(!desk.record.command.outputs[Output.inverterEnable])
                        #expect(desk.record.command.inverter.mode == .off)
                        #expect(desk.record.derCause == .stage(UInt8(k)))
                        #expect(!desk.record.verdict.mustTripSource)
                    }
                }
            }
        }
    }

    @Test("After momentary cessation 80 % of the power is back within 0.3 s of normal voltage")
    func recovery() throws {
        var desk = DERDesk.running(DERSite.settings(.three))
        desk.available_W = 8000
        desk.turn(100)
        desk.voltage_pu = 0.4
        desk.turn(900)
        #expect(name(desk.state) == .cessation && desk.p == 0 && desk.q == 0)
        desk.voltage_pu = 0.95
        let took = try #require(desk.ticksUntil(1000) { min($0.p, 0.8) >= 0.8 * 0.8 })
        #expect(took <= 300, "\(took) ms")
        #expect(desk.state == .continuous)
    }

    @Test("Power goes on through mandatory operation, inside the current that the voltage leaves")
    func current() {
        var desk = DERDesk.running(DERSite.settings())
        desk.voltage_pu = 0.7
        desk.turn(500)
        #expect(name(desk.state) == .mandatory)
        // Of 1/0.88 of the rated current at 0.7 pu: 0.795 of the rating.
        #expect((desk.p - 0.795).magnitude < 0.001, "\(desk.p)")
    }

    @Test("A region must be there for its time before the gates block")
    func debounced() {
        var s = DERSite.settings(.three)
        s.interconnect!.rideThrough.momentaryCessationAfter = 20
        var desk = DERDesk.running(s)
        for _ in 0..<5 {
            desk.voltage_pu = 0.4
            desk.turn(20)
            #expect(desk.record.command.inverter.mode == .follow)
            desk.voltage_pu = 1
            desk.turn(20)
        }
        desk.voltage_pu = 0.4
        desk.turn(21)
        #expect(desk.record.command.inverter.mode == .off)
    }

    @Test(
        "Frequency that leaves its dead band while the gates are blocked finds the power of before")
    func droopAfterCessation() {
        var desk = DERDesk.running(DERSite.settings(.three))
        desk.available_W = 8000
        desk.turn(100)
        desk.voltage_pu = 0.4
        desk.turn(300)
        desk.frequency = 60.336
        desk.voltage_pu = 1
        desk.turn(3000, each: 10)
        // 0.3 Hz beyond: a tenth of the rating.
        #expect((desk.p - 0.7).magnitude < 0.002, "\(desk.p)")
    }
}

extension Double {
    fileprivate var float: Float { Float(self) }
}
