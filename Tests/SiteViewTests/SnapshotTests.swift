import Control
import Feed
import Foundation
import Quantities
import Testing

@testable import SiteView

@Suite("The site at one moment")
struct SnapshotTests {
    private func pcc(_ state: IslandingState?, import_W: Float = 1200) -> Seen {
        live("pcc") {
            $0.islanding = state
            $0.measured.bus = meter(import_W)
            $0.measured.grid = meter(0, voltage_V: 231.06)
            ($0.gridPresence, $0.busPresence) = (.live, .live)
            $0.measured.bus.reactive = Vars(200)
            $0.measured.angleAcross_deg = 3.14159
            $0.measured.slip = Hertz(0.012)
            $0.permit = .close
        }
    }

    @Test("A controller that is there: each figure with its unit, to five figures")
    func figures() throws {
        let seen = pcc(.gridTied)
        let (all, site) = try snapshot(plan("sim-village"), [seen])
        #expect(all["time"] as? String == "2027-01-15T08:00:00.250Z")
        #expect(site["is_islanded"] as? Bool == false && site["islanding"] as? String == "gridTied")
        #expect(site.number("frequency_Hz") == 50.0123 && site.number("voltage_V") == 230.44)
        #expect(
            site.number("grid_voltage_V") == 231.06 && site["grid_presence"] as? String == "live")
        #expect(site.number("grid_W") == 1200)
        let unit = all.parts("controllers")[0]
        #expect(unit["link"] as? String == "connected" && unit.number("age_s") == 0.04)
        #expect(unit.number("tick") == 1_234_567 && unit.number("rate_Hz") == 1000)
        #expect(unit.part("bus")?.number("reactive_var") == 200)
        #expect(unit.part("bus")?["phases_V"] as? [Double] == [230.1, 230.6, 230.4])
        #expect(unit.part("sync")?.number("angle_deg") == 3.1416)
        #expect(unit.part("sync")?["permit"] as? String == "granted")
        #expect(unit.part("sync")?.isNull("voltage_V") == true)
        #expect(unit.part("islanding")?["words"] as? String == "grid-tied")
        #expect(unit["loads"] as? [Bool] == [true, true, true, true])
        #expect(unit.isNull("battery_W") && unit.isNull("pv_W") && unit.isNull("source"))
    }

    @Test("NaN everywhere, not settled, infinite: null, and valid JSON")
    func nothingKnown() throws {
        let seen = live("mill") {
            $0.measured.bus = meter(.nan, voltage_V: .infinity, frequency_Hz: .nan)
            $0.measured.bus.phaseA = Volts(-.infinity)
            $0.measured.bus.distortion = .nan
            $0.measured.bus.powerFactor = .nan
            $0.measured.bus.rocof = HertzPerSecond(.nan)
        }
        let (all, site) = try snapshot(plan("sim-village"), [seen])
        let unit = all.parts("controllers")[0]
        let bus = try #require(unit.part("bus"))
        for key in ["voltage_V", "frequency_Hz", "active_W", "power_factor", "distortion"] {
            #expect(bus.isNull(key), "\(key)")
        }
        #expect((bus["phases_V"] as? [Any])?.first is NSNull)
        #expect(unit.isNull("grid") && unit.isNull("sync"))
        for key in site.keys where key != "alarms" { #expect(site.isNull(key), "\(key)") }
    }

    @Test("Frequency 0 is a dead circuit, and no frequency")
    func dead() throws {
        let seen = live("pcc") {
            $0.islanding = .islanded(.gridLost, since: Tick(0), hold: 0)
            $0.measured.bus = meter(0)
            $0.measured.grid = meter(0, voltage_V: 0.2, frequency_Hz: 0)
            $0.gridPresence = .dead
        }
        let site = try snapshot(plan("sim-village"), [seen]).site
        #expect(site.isNull("grid_frequency_Hz") && site.number("grid_voltage_V") == 0.2)
        #expect(site["is_islanded"] as? Bool == true && site.number("grid_W") == 0)
        #expect(site["islanding_words"] as? String == "islanded: grid lost")
        #expect(site["grid_presence"] as? String == "dead")
    }

    @Test(
        "Islanded is what is proved: not while it opens, and unknown where the switch is in doubt",
        arguments: [
            (.gridTied, false), (.opening(.gridLost, by: Tick(9)), false),
            (.islanded(.gridLost, since: Tick(0), hold: 0), true),
            (.resynchronising(.gridLost), true), (.closing(since: Tick(0), by: Tick(9)), true),
            (.blackStart(since: Tick(0), by: Tick(9)), true), (.fault(.welded), nil),
        ] as [(IslandingState, Bool?)])
    func islanded(state: IslandingState, isIslanded: Bool?) throws {
        let site = try snapshot(plan("sim-village"), [live("pcc") { $0.islanding = state }]).site
        #expect(site["is_islanded"] as? Bool == isIslanded)
        #expect(site.isNull("is_islanded") == (isIslanded == nil))
    }

    @Test("What flows through the switch is nil where it is open, and otherwise what is measured")
    func throughSwitch() throws {
        let plan = try plan("sim-village")
        func grid_W(_ state: IslandingState, _ seen: (Seen) -> Seen = { $0 }) throws -> Double? {
            try snapshot(plan, [seen(pcc(state))]).site.number("grid_W")
        }
        #expect(try grid_W(.gridTied) == 1200)
        #expect(try grid_W(.resynchronising(.gridLost)) == 0)
        #expect(try grid_W(.islanded(.planned, since: Tick(0), hold: 0)) == 0)
        // A welded switch carries what it carries.
        #expect(try grid_W(.fault(.welded)) == 1200)
        #expect(try grid_W(.opening(.planned, by: Tick(9))) == 1200)
        let blind = try grid_W(.gridTied) {
            var seen = $0
            seen.record!.measured.bus.isSettled = false
            return seen
        }
        #expect(blind == nil, "what is not measured is not nil")
    }

    @Test("Absent and silent: only that is told, and nothing stale is in a sum")
    func stale() throws {
        let plan = try plan("sim-village")
        var silent = home("inn", charge: 0.1, inverter_W: 9000, pv_W: 5000, load_W: -800)
        silent.connection = .silent
        silent.age_s = 7.5
        var absent = Seen(name: "school")
        absent.connection = .absent("no daemon")
        var gone = pcc(.gridTied)
        gone.connection = .absent("it went")
        let there = home("mill", charge: 0.5, inverter_W: -250, pv_W: 3000, load_W: -900)
        let (all, site) = try snapshot(plan, [gone, there, absent, silent])
        #expect(site.number("pv_W") == 3000 && site.number("load_W") == -900)
        #expect(site.number("battery_W") == -250 && site.number("state_of_charge") == 0.5)
        for key in ["grid_W", "islanding", "is_islanded", "frequency_Hz", "in_state_s"] {
            #expect(site.isNull(key), "\(key)")
        }
        let units = all.parts("controllers")
        #expect(units.map { $0["link"] as? String } == ["absent", "connected", "absent", "silent"])
        #expect(units[2].isNull("age_s") && units[2]["tick"] == nil)
        #expect(units[2]["link_words"] as? String == "no daemon")
        // What it said last stays to be seen, with its age.
        #expect(units[3].number("age_s") == 7.5 && units[3].number("pv_W") == 5000)
        let codes = site.parts("alarms").map { "\($0["controller"]!) \($0["code"]!)" }
        #expect(codes == ["pcc absent", "school absent", "inn silent"])
    }

    @Test("Charge is weighted by what batteries hold; how long they last, and until they are full")
    func charge() throws {
        let plan = try plan("sim-village")
        // 10 kWh at 0.5 and 20 kWh at 0.8: 21 of 30 kWh.
        func site(_ mill_W: Float, _ inn_W: Float) throws -> [String: Any] {
            try snapshot(
                plan,
                [
                    home("mill", charge: 0.5, inverter_W: mill_W),
                    home("inn", charge: 0.8, inverter_W: inn_W),
                ]
            ).site
        }
        let giving = try site(2000, 1000)
        #expect(giving.number("state_of_charge") == 0.7 && giving.number("battery_W") == 3000)
        #expect(giving.number("battery_lasts_s") == 7 * 3600 && giving.isNull("battery_full_in_s"))
        let taking = try site(-2500, -500)
        #expect(taking.number("battery_full_in_s") == 3 * 3600 && taking.isNull("battery_lasts_s"))
        // 299 W of 30 kWh is rest; 300 W is not.
        let rest = try site(299, 0)
        #expect(rest.isNull("battery_lasts_s") && rest.isNull("battery_full_in_s"))
        #expect(try site(300, 0).number("battery_lasts_s") == 70 * 3600)
        // One whose charge nobody knows is in no sum of charge.
        let unknown = try snapshot(
            plan, [home("mill", charge: .nan), home("inn", charge: 0.8)])
        #expect(unknown.site.number("state_of_charge") == 0.8)
    }

    @Test("A battery's own current goes before what its inverter gives")
    func own() throws {
        let seen = live("mill") {
            $0.measured.bus = meter(-1000)
            $0.measured.batteryVoltage = Volts(50)
            $0.measured.batteryCurrent = Amperes(-18)
        }
        #expect(try snapshot(plan("sim-village"), [seen]).site.number("battery_W") == -900)
        let roof = live("roof") { $0.measured.bus = meter(5000) }
        let site = try snapshot(plan("sim-der"), [roof]).site
        #expect(site.isNull("battery_W"), "no battery gives what a roof gives")
    }

    @Test("A DC site's voltage is that of its bus")
    func direct() throws {
        let seen = live("east") {
            $0.measured.dcBusVoltage = Volts(48.214)
            $0.measured.batteryVoltage = Volts(51.2)
            $0.measured.batteryCurrent = Amperes(10)
            $0.measured.stateOfCharge = 0.25
            $0.contactor = .closed
        }
        let (all, site) = try snapshot(plan("sim-dc48"), [seen])
        #expect(site.number("voltage_V") == 48.214 && site.isNull("frequency_Hz"))
        #expect(site.number("battery_W") == 512 && site.number("state_of_charge") == 0.25)
        // 1200 Wh at 512 W.
        #expect(site.number("battery_lasts_s") == 8438 && site.isNull("grid_W"))
        let unit = all.parts("controllers")[0]
        #expect(unit.isNull("bus") && unit.number("dc_bus_V") == 48.214)
        #expect(unit.part("contactor")?["code"] as? String == "closed")
    }

    @Test("How long the switch has been in its state")
    func inState() throws {
        var snapshots = Snapshots(try plan("sim-village"))
        func at(_ s: Double, _ state: IslandingState?) throws -> Double? {
            let json = snapshots.json(
                [pcc(state)], wall_ns: 0, now_ns: 5_000_000_000 + Int64(s * 1e9))
            return try object(json).part("site")?.number("in_state_s")
        }
        #expect(try at(0, .gridTied) == 0)
        #expect(try at(12.34, .gridTied) == 12.3)
        #expect(try at(13, .islanded(.diagnosing, since: Tick(0), hold: 0)) == 0)
        // The reason becomes known; it is the same island.
        #expect(try at(14.5, .islanded(.gridLost, since: Tick(0), hold: 0)) == 1.5)
        #expect(try at(20, nil) == nil)
        #expect(try at(21, .gridTied) == 0)
    }
}
