import BoardProfile
import Control
import Quantities
import Testing

@Suite("From a board file to settings")
struct MappingTests {
    private func settings(_ change: (String, String)...) throws -> (
        coupling: ControllerSettings, homes: [ControllerSettings], site: SiteProfile
    ) {
        var text = BoardSample.board
        for (old, new) in change { text = text.replacing(old, with: new) }
        let reading = BoardSample.read(text)
        #expect(reading.problems.map(\.description) == [])
        let site = try reading.get()
        let coupling = try #require(site.couplingSettings(site.sensing))
        return (coupling, site.homes.map { site.settings($0, site.sensing) }, site)
    }

    @Test("A stage's per unit becomes volts, its seconds ticks, never cut short")
    func stage() throws {
        let (coupling, homes, _) = try settings(("clearing_s: 0.2,", "clearing_s: 0.2005,"))
        #expect(homes.map(\.stages.count) == [1, 1])
        let over = homes[0].stages[0]
        #expect(over.watched == .busHighest && over.sense == .over)
        #expect(over.pickup == 287.5)
        #expect(abs(over.dropout - 285.2) < 1e-4)
        #expect(over.clearing == 201)
        #expect(over.reset == 1000)
        #expect(over.action == .tripSource && over.latch == .automatic)
        let under = coupling.stages[0]
        #expect(under.watched == .gridLowest && under.sense == .under)
        #expect(under.pickup == 184 && under.clearing == 2000 && under.action == .island)
        #expect(coupling.stages[1].pickup == 51.5)
        #expect(abs(coupling.stages[1].dropout - 51.45) < 1e-4)
    }

    @Test("Percent becomes a fraction")
    func percent() throws {
        let stage =
            "- {name: low, watches: state_of_charge, sense: under, pickup_percent: 7, "
            + "dropout_percent: 9, clearing_s: 1, action: alarm}\nhomes:"
        let (_, homes, site) = try settings(("homes:\n", "  \(stage)\n"))
        #expect(site.homes[0].charge == 0.65)
        #expect(site.homes[1].charge == 0.6)
        let low = homes[0].stages[1]
        #expect(low.pickup == 0.07 && low.dropout == 0.09)
    }

    @Test("A board replaces stages of its grid code by name and adds others")
    func narrowed() throws {
        let stages = """
            coupling:
              stages:
                - {name: UV, watches: grid_voltage_low, pickup_pu: 0.85, clearing_s: 1.5, action: island}
                - {name: shift, watches: grid_vector_shift, pickup_deg: 8, clearing_s: 0, action: alarm}
              enter_delay_s: 5

            """
        let (coupling, _, site) = try settings(("coupling: {rated_A: 63}\n", stages))
        #expect(site.gridCode.stages.map(\.name) == ["UV", "OF", "shift"])
        #expect(coupling.stages.count == 3)
        #expect(abs(coupling.stages[0].pickup - 195.5) < 1e-4)
        #expect(coupling.stages[0].clearing == 1500)
        #expect(coupling.stages[2].watched == .gridVectorShift)
        #expect(coupling.coupling?.window.delay == 5000)
    }

    @Test("A home's own stage stands in place of the village's")
    func homeStages() throws {
        let own =
            "    stages: [{name: OV, watches: bus_voltage_high, pickup_pu: 1.2, clearing_s: 1, "
            + "action: trip_source}]\n    battery:"
        let (_, homes, _) = try settings(("    battery:", own))
        #expect(homes.map { $0.stages.count } == [1, 1])
        #expect(homes.map { $0.stages[0].clearing } == [1000, 200])
    }

    @Test("A battery is there from its under-voltage stage up, from 10 V where a file names none")
    func leastVoltage() throws {
        let (_, homes, _) = try settings()
        #expect(homes.map { $0.contactor?.leastVoltage } == [Volts(10), Volts(10)])
        let stages = """
                stages:
                  - {name: low, watches: battery_voltage, sense: under, pickup_V: 290, clearing_s: 1, action: alarm}
                  - {name: lower, watches: battery_voltage, sense: under, pickup_V: 280, clearing_s: 1, action: trip_source}
                  - {name: lowest, watches: battery_voltage, sense: under, pickup_V: 260, clearing_s: 0, action: trip_source}
                battery:
            """
        let (_, named, _) = try settings(("    battery:", stages))
        #expect(named.map { $0.contactor?.leastVoltage } == [Volts(280), Volts(10)])
        // 16 cells of 2.5 V.
        var direct = SiteProfile()
        direct.nanogrid = NanogridProfile()
        direct.nanogrid!.batteries = [DCBatteryProfile()]
        let dc = direct.nanogridSettings(0, Sensing(rate_Hz: 100, samplesPerTick: 0))
        #expect(dc.contactor?.leastVoltage == Volts(40))
    }

    @Test("The settings sheet says what would run")
    func sheet() throws {
        let (_, _, site) = try settings()
        let sheet = SettingsSheet(site)
        #expect(sheet.controllers.map(\.name) == ["pcc", "a", "b"])
        #expect(sheet.controllers[0].rate == "1000 ticks/s, 20 samples a tick")
        #expect(sheet.controllers[0].channels.prefix(3) == ["grid_a", "grid_b", "grid_c"])
        #expect(sheet.controllers[0].stages.map(\.name) == ["UV", "OF"])
        let stage = sheet.controllers[0].stages[0]
        #expect(stage.pickup == 184 && stage.unit == "V" && stage.clearing_ticks == 2000)
        #expect(
            sheet.controllers[0].times.contains {
                $0.name == "enter_delay" && $0.ticks == 60_000 && $0.seconds == 60
            })
        let line = "  UV     grid_voltage_low  under  184 V    186.3 V   2000 ticks  1000 ticks"
        #expect(sheet.text.contains(line), "\(sheet.text)")
        let slow = SettingsSheet(site, sensing: Sensing(rate_Hz: 100, samplesPerTick: 0))
        #expect(slow.controllers[1].rate == "100 ticks/s, meter chip")
        #expect(slow.controllers[0].stages[0].clearing_ticks == 200)
        #expect(slow.json.compact.contains("\"clearing_ticks\":200"))
    }
}
