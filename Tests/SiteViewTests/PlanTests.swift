import BoardProfile
import Control
import Feed
import SiteFile
import Testing

@testable import SiteView

@Suite("What stands where")
struct PlanTests {
    @Test("The village: a switch, four homes, and what each has")
    func village() throws {
        let plan = try plan("sim-village")
        #expect(plan.title == "Mill village" && plan.frequency_Hz == 50 && plan.voltage_V == 230)
        #expect(plan.units.map(\.name) == ["pcc", "mill", "smithy", "school", "inn"])
        #expect(plan.units.map(\.kind) == [.coupling, .home, .home, .home, .home])
        #expect(plan.unit("mill")?.has == ["battery", "pv", "wind", "load"])
        #expect(plan.unit("smithy")?.has == ["battery", "load"])
        #expect(plan.unit("inn")?.has == ["battery", "pv", "ev", "load"])
        #expect(plan.units.map(\.battery_Wh) == [0, 10_000, 15_000, 8000, 20_000])
        #expect(plan.unit("castle") == nil)
        let json = plan.json(version: "1.2.3")
        #expect(try Schema.faults(try parsed(json), "Site") == [])
        let site = try object(json)
        #expect(site["version"] as? String == "1.2.3")
        #expect(site["timezone"] as? String == "Europe/Berlin")
        #expect(site.part("tariff")?.number("import_per_kWh") == 0.31)
        #expect(site.part("intensity")?.number("grid_g_per_kWh") == 250)
        #expect(site.parts("controllers")[0].isNull("battery_Wh"))
    }

    @Test("A DC site: its batteries, and no switch")
    func direct() throws {
        let plan = try plan("sim-dc48")
        #expect(plan.units.map(\.name) == ["east", "west", "shed"])
        #expect(plan.units.allSatisfy { $0.kind == .nanogrid })
        #expect(plan.units.map(\.battery_Wh) == [4800, 2400, 2400])
        let site = try object(plan.json(version: ""))
        #expect(site.isNull("tariff") && site.isNull("currency") && site.isNull("intensity"))
        #expect(site["timezone"] as? String == "UTC")
        #expect(try Schema.faults(site, "Site") == [])
    }

    @Test("A DER: a home without a battery has none")
    func der() throws {
        let plan = try plan("sim-der")
        #expect(plan.units.map(\.name) == ["service", "roof"])
        #expect(plan.unit("roof")?.has.contains("battery") == false)
        #expect(plan.unit("roof")?.has.contains("pv") == true)
        #expect(plan.unit("roof")?.battery_Wh == 0)
    }

    @Test("Real boards are one controller each, by the name of their folder")
    func real() throws {
        let switchBoard = try plan("pi-ac")
        #expect(switchBoard.units.map(\.name) == ["pi-ac"])
        #expect(switchBoard.units[0].kind == .board && switchBoard.units[0].battery_Wh == 0)
        let battery = try plan("pi-dc48")
        #expect(battery.units.map(\.name) == ["pi-dc48"] && battery.units[0].kind == .board)
        #expect(battery.units[0].battery_Wh == 5120)
        #expect(battery.units[0].has == ["battery", "pv", "load"])
        for plan in [switchBoard, battery] {
            #expect(try Schema.faults(try parsed(plan.json(version: "1")), "Site") == [])
        }
    }

    @Test("A site file's title goes before the board's")
    func title() throws {
        let path = project.appendingPathComponent("boards/sim-dc48").path
        let board = try SiteProfile.load(path).get()
        var file = SiteFile()
        #expect(SitePlan(board, file).title == board.title && !board.title.isEmpty)
        file.title = "The shed"
        #expect(SitePlan(board, file).title == "The shed")
    }
}
