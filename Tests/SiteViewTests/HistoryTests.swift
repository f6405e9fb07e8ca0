import BoardProfile
import Control
import Foundation
import Quantities
import Recorder
import Testing

@testable import SiteView

/// Two hours around a midnight, worked out by hand: in the first the village imports 2 kW, in the second
/// it exports 500 W. The mill's sun gives 1 kW and its car takes 300 W throughout, its load 1.5 kW; its
/// inverter gives 500 W in the first hour and takes 250 W in the second.
struct Hours: Sendable {
    let scratch: Scratch
    let store: Store
    let plan: SitePlan
    /// Made once; whoever asks only reads.
    static let all = Result { try Hours() }
    static let midnight = UTC.seconds("2027-01-16")!
    static let from = midnight - 3600
    static let to = midnight + 3600

    init() throws {
        scratch = try Scratch()
        store = try Store(path: scratch.path + "/store.sqlite")
        var plan = try SiteViewTests.plan("sim-village")
        plan.units = plan.units.filter { ["pcc", "mill"].contains($0.name) }
        self.plan = plan
        try Past.keep(
            "pcc", in: store, folder: scratch.path, wall_s: Self.from, seconds: 7201,
            power_W: { $0 < 3600 ? 2000 : -500 },
            figures: { s, r in
                r.measured.bus = meter(s < 3600 ? 2000 : -500)
                r.islanding =
                    switch s {
                    case 4000: .opening(.diagnosing, by: Tick(1))
                    case 4001..<4005: .islanded(.diagnosing, since: Tick(1), hold: 0)
                    case 4005..<4290: .islanded(.gridLost, since: Tick(1), hold: 0)
                    case 4290..<4300: .resynchronising(.gridLost)
                    case 6000..<6100: .islanded(.planned, since: Tick(1), hold: 0)
                    default: .gridTied
                    }
            })
        try Past.keep(
            "mill", in: store, folder: scratch.path, wall_s: Self.from, seconds: 7201,
            power_W: { $0 < 3600 ? 500 : -250 },
            figures: { s, r in
                r.measured.bus = meter(s < 3600 ? 500 : -250)
                r.measured.pvPower = Watts(1000)
                r.measured.loadPower = Watts(-1500)
                r.measured.evPower = Watts(-300)
                r.measured.stateOfCharge = Float(s % 900) / 1000
            })
    }

    func answer(
        _ controller: String, from_s: Int64 = from, to_s: Int64 = to, step_s: Int64,
        _ figures: String...
    ) throws -> [String: Any] {
        let question = try HistoryQuestion(
            controller: controller, from_s: from_s, to_s: to_s, step_s: step_s, figures: figures)
        let json = try question.answer(store, plan)
        #expect(try Schema.faults(try parsed(json), "History") == [])
        return try object(json)
    }
}

@Suite("What was, worked out by hand")
struct HistoryTests {
    let hours: Hours
    init() throws { hours = try Hours.all.get() }

    @Test("Quarters: their means, extremes and energies")
    func quarters() throws {
        let h = try hours.answer("mill", step_s: 900, "state_of_charge", "pv_W", "load_W", "wind_W")
        #expect(h["t_s"] as? [Int64] == (0..<8).map { Hours.from + 900 * $0 })
        #expect(h["readings"] as? [Int] == [Int](repeating: 900, count: 8))
        // 0, 0.001 ... 0.899.
        #expect((h.part("mean")?["state_of_charge"] as? [Double])?.first == 0.4495)
        #expect((h.part("min")?["state_of_charge"] as? [Double])?.last == 0)
        #expect((h.part("max")?["state_of_charge"] as? [Double])?.last == 0.899)
        #expect(h.part("mean")?["pv_W"] as? [Double] == [Double](repeating: 1000, count: 8))
        #expect(h.part("in_Wh")?["pv_W"] as? [Double] == [Double](repeating: 250, count: 8))
        #expect(h.part("out_Wh")?["load_W"] as? [Double] == [Double](repeating: 375, count: 8))
        #expect(h.part("out_Wh")?["pv_W"] as? [Double] == [Double](repeating: 0, count: 8))
        // Energies are those of powers; a charge is none.
        #expect(h.part("in_Wh")?["state_of_charge"] == nil)
        #expect((h.part("mean")?["wind_W"] as? [Any])?.allSatisfy { $0 is NSNull } == true)
        #expect(h["energy_in_Wh"] as? [Double] == [125, 125, 125, 125, 0, 0, 0, 0])
        #expect(h["energy_out_Wh"] as? [Double] == [0, 0, 0, 0, 62.5, 62.5, 62.5, 62.5])
    }

    @Test("A home's battery is what its inverter gives, where its own current is not measured")
    func battery() throws {
        let h = try hours.answer("mill", step_s: 3600, "battery_W")
        #expect(h.part("mean")?["battery_W"] as? [Double] == [500, -250])
        #expect(h.part("in_Wh")?["battery_W"] as? [Double] == [500, 0])
        #expect(h.part("out_Wh")?["battery_W"] as? [Double] == [0, 250])
        let seconds = try hours.answer(
            "mill", from_s: Hours.midnight - 1, to_s: Hours.midnight + 1, step_s: 1, "battery_W")
        #expect(seconds.part("mean")?["battery_W"] as? [Double] == [500, -250])
        // Neither the switch nor a home without a battery has one.
        var bare = hours.plan
        bare.units[1].has = ["pv", "load"]
        let question = try HistoryQuestion(
            controller: "mill", from_s: Hours.from, to_s: Hours.to, step_s: 3600,
            figures: ["battery_W"])
        for answer in [
            try hours.answer("pcc", step_s: 3600, "battery_W"),
            try object(question.answer(hours.store, bare)),
        ] {
            let mean = answer.part("mean")?["battery_W"] as? [Any]
            #expect(mean?.count == 2 && mean?.allSatisfy { $0 is NSNull } == true)
        }
    }

    @Test("Seconds, one by one and put together")
    func seconds() throws {
        let one = try hours.answer(
            "mill", from_s: Hours.from + 10, to_s: Hours.from + 13, step_s: 1, "state_of_charge")
        #expect(one["t_s"] as? [Int64] == [10, 11, 12].map { Hours.from + $0 })
        #expect(one.part("mean")?["state_of_charge"] as? [Double] == [0.01, 0.011, 0.012])
        #expect(one["in_Wh"] == nil && one["energy_in_Wh"] == nil)
        let ten = try hours.answer(
            "mill", from_s: Hours.from + 10, to_s: Hours.from + 30, step_s: 10, "state_of_charge")
        #expect(ten["readings"] as? [Int] == [10, 10])
        #expect(ten.part("mean")?["state_of_charge"] as? [Double] == [0.0145, 0.0245])
        #expect(ten.part("min")?["state_of_charge"] as? [Double] == [0.01, 0.02])
        #expect(ten.part("max")?["state_of_charge"] as? [Double] == [0.019, 0.029])
    }

    @Test("Before it lived there is nothing, and of nobody neither")
    func nothing() throws {
        let before = try hours.answer("mill", from_s: 0, to_s: 86_400, step_s: 900, "pv_W")
        #expect((before["t_s"] as? [Any])?.isEmpty == true)
        let nobody = try hours.answer("smithy", step_s: 1800)
        #expect((nobody["readings"] as? [Any])?.isEmpty == true)
        #expect(nobody.part("mean")?.count == 14)
    }

    @Test("Days are the sums of their quarters, and totals of all days, to the millijoule")
    func days() throws {
        let store = hours.store
        let (from, to) = (Hours.midnight - 86_400, Hours.midnight + 86_400)
        for (name, into, out): (String, Int64, Int64) in [
            ("pcc", 7_200_000_000, 1_800_000_000), ("mill", 1_800_000_000, 900_000_000),
        ] {
            let days = try store.quarters(of: name, from_s: from, to_s: to, step_s: 86_400)
            #expect(days.map(\.start_s) == [from, Hours.midnight])
            #expect(days.map(\.energyIn_mJ) == [into, 0] && days.map(\.energyOut_mJ) == [0, out])
            #expect(days.map(\.readings) == [3600, 3601])
            let quarters = try store.quarters(of: name, from_s: from, to_s: to)
            let totals = try store.totals(of: name)
            for rows in [days, quarters] {
                #expect(rows.reduce(0) { $0 + $1.energyIn_mJ } == totals.energyIn_mJ)
                #expect(rows.reduce(0) { $0 + $1.energyOut_mJ } == totals.energyOut_mJ)
            }
            for k in days[0].energies_mJ.indices {
                #expect(
                    days.reduce(0) { $0 + $1.energies_mJ[k] }
                        == quarters.reduce(0) { $0 + $1.energies_mJ[k] })
            }
        }
        let mill = try store.totals(of: "mill")
        // 7200 s at 1 kW, 1.5 kW and 300 W.
        #expect(mill.powers["pv_W"]?.in_mJ == 7_200_000_000)
        #expect(mill.powers["load_W"]?.out_mJ == 10_800_000_000)
        #expect(mill.powers["ev_W"]?.out_mJ == 2_160_000_000)
        #expect(mill.powers["pv_W"]?.out_mJ == 0 && mill.powers["load_W"]?.in_mJ == 0)
    }

    @Test("What a time came to")
    func summary() throws {
        let summary = try Summary(hours.store, hours.plan, from_s: Hours.from, to_s: Hours.to)
        let json = summary.json(hours.plan, from_s: Hours.from, to_s: Hours.to)
        #expect(try Schema.faults(try parsed(json), "Summary") == [])
        let s = try object(json)
        let expected = [
            "import_Wh": 2000.0, "export_Wh": 500, "pv_Wh": 2000, "wind_Wh": 0, "load_Wh": 3000,
            "ev_Wh": 600, "battery_out_Wh": 500, "battery_in_Wh": 250,
            // 1 − 2000 / 3600, 1 − 500 / 2000.
            "self_sufficiency": 0.444, "self_consumption": 0.75,
            // 2 kWh at 0.31 less 0.5 kWh at 0.08; 2 kWh at 250 g.
            "cost": 0.58, "co2_g": 500, "covered": 1,
        ]
        for (key, value) in expected { #expect(s.number(key) == value, "\(key)") }
        #expect(s["currency"] as? String == "EUR")
        #expect(s["from"] as? String == "2027-01-15T23:00:00.000Z")
        // The planned island is none.
        let outages = s.parts("outages")
        #expect(outages.count == 1)
        #expect(outages.first?["cause"] as? String == "grid lost")
        #expect(outages.first?.number("duration_s") == 300)
        #expect(outages.first?["from"] as? String == "2027-01-16T00:06:40.000Z")
        #expect(outages.first?["ridden_through"] as? Bool == true)
    }

    @Test("Half of a time is half covered; who has no readings covers nothing")
    func covered() throws {
        func covered(_ plan: SitePlan, _ to_s: Int64) throws -> Double {
            try Summary(hours.store, plan, from_s: Hours.from, to_s: to_s).covered
        }
        #expect(try covered(hours.plan, Hours.from + 14_402) == 0.5)
        let village = try plan("sim-village")
        #expect(try covered(village, Hours.to) == 0)
    }

    @Test("No tariff, no cost; no meter towards the grid, nothing of the grid")
    func unknown() throws {
        var plan = hours.plan
        plan.file.tariff = nil
        plan.file.intensity = nil
        func summary(_ plan: SitePlan) throws -> [String: Any] {
            try object(
                Summary(hours.store, plan, from_s: Hours.from, to_s: Hours.to)
                    .json(plan, from_s: Hours.from, to_s: Hours.to))
        }
        let free = try summary(plan)
        for key in ["cost", "co2_g", "currency"] { #expect(free.isNull(key), "\(key)") }
        #expect(free.number("import_Wh") == 2000)
        plan = hours.plan
        plan.units.removeFirst()
        let island = try summary(plan)
        for key in [
            "import_Wh", "export_Wh", "self_sufficiency", "self_consumption", "cost", "co2_g",
        ] { #expect(island.isNull(key), "\(key)") }
        #expect(island.number("pv_Wh") == 2000 && island["currency"] as? String == "EUR")
        #expect(try Schema.faults(island, "Summary") == [])
        // Nothing used, nothing made: no share of it.
        let empty = try object(
            Summary(hours.store, hours.plan, from_s: 0, to_s: 900)
                .json(hours.plan, from_s: 0, to_s: 900))
        #expect(empty.isNull("self_sufficiency") && empty.isNull("self_consumption"))
        #expect(empty.isNull("cost") && empty.number("covered") == 0)
    }
}
