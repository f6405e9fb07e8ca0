import BoardProfile
import Control
import Quantities
import Testing

@Suite("From a grid code to a DER")
struct InterconnectTests {
    private func settings(
        _ code: String, _ der: String = "kind: pv", hertz: Int = 60
    ) throws -> ControllerSettings {
        let board = """
            title: Roof
            grid_code: \(code)
            nominal: {frequency_Hz: \(hertz), voltage_V: 230}
            coupling: {rated_A: 63, interface_protection: false}
            homes:
              - name: roof
                inverter: {rating_VA: 10000}
                der: {\(der)}
                shedding: {charging: {below_Hz: \(hertz - 1)}, deferrable: {below_Hz: \(hertz - 1)}, comfort: {below_Hz: \(hertz - 1)}, restore_above_Hz: \(Double(hertz) - 0.1)}

            """
        let shipped = BoardFolder(root: boardsFolder)
        var problems = Problems()
        let text = try #require(shipped.text("grid-codes/\(code).yaml", problems: &problems)).text
        let files = ["r/board.yaml": board, "grid-codes/\(code).yaml": text]
        let reading = SiteProfile.section.read("r/board.yaml", in: BoardFolder(memory: files))
        #expect(reading.errors.map(\.description) == [])
        let site = try reading.get()
        return site.settings(site.homes[0], site.sensing)
    }

    @Test("A DER on modules has no source and no contactor; its stages watch its own terminals")
    func machines() throws {
        let s = try settings("ieee-1547-2018-cat-2")
        #expect(s.source == nil && s.contactor == nil && s.interconnect != nil)
        #expect(s.interconnect?.isDispatched == false)
        #expect(s.stages.allSatisfy { $0.action == .cease })
        #expect(
            s.stages.map(\.watched) == [
                .busHighest, .busHighest, .busLowest, .busLowest, .busFrequency, .busFrequency,
                .busFrequency, .busFrequency,
            ])
        let storage = try settings("ieee-1547-2018-cat-2", "kind: storage, charge_W: 8000")
        #expect(storage.source == nil && storage.contactor != nil)
        #expect(storage.interconnect?.isDispatched == true)
        #expect(storage.interconnect?.nameplate.mostIn == Watts(8000))
    }

    /// Table 12: from the start of the disturbance to no current.
    @Test("A stage's time is shorter than the clearing time by what it takes to see and to stop")
    func clearing() throws {
        let s = try settings("ieee-1547-2018-cat-2", "kind: pv, stop_s: 0.01")
        // 0.16 s less 1.25 cycles of 16.7 ms and 10 ms.
        #expect(s.stages[3].pickup == 0.45 * 230 && s.stages[3].clearing == 129)
        // 10 s less the same.
        #expect(s.stages[2].clearing == 9969)
        // 300 s less three cycles and 10 ms.
        #expect(s.stages[5].clearing == 299_940)
    }

    /// Tables 14 to 16.
    @Test(
        "Regions of ride-through",
        arguments: [
            (1, [0.88, 1.1, 0.7, 1.1, 0.5, 1.2, 0.5, 1.2]),
            (2, [0.88, 1.1, 0.65, 1.1, 0.3, 1.2, 0.3, 1.2]),
            (3, [0.88, 1.1, 0.5, 1.1, 0.5, 1.1, 0, 1.2]),
        ])
    func regions(_ category: Int, _ expected: [Float]) throws {
        let ride = try #require(
            try settings("ieee-1547-2018-cat-\(category)").interconnect?.rideThrough)
        let bounds = [ride.continuous, ride.mandatory, ride.permissive, ride.momentaryCessation]
        #expect(bounds.flatMap { [$0.low, $0.high] } == expected)
        #expect(ride.continuousFrequency == .init(58.8, 61.2))
        // Half of 160 ms less 20.8 ms and 5 ms.
        #expect(ride.ceaseAfter == 67)
        #expect(ride.momentaryCessationAfter == (category == 3 ? 28 : 0))
        #expect(ride.recovery == Seconds(0.2))
    }

    /// Clauses 5.3.3, 5.4.2 and 6.5.2.7, defaults of category B and II.
    @Test("Support functions")
    func functions() throws {
        let s = try #require(try settings("ieee-1547-2018-cat-2").interconnect)
        #expect(s.nameplate.apparent == VoltAmperes(10_000) && s.nameplate.mostOut == Watts(10_000))
        #expect(s.nameplate.mostIn == .zero)
        #expect(s.nameplate.mostInjected == Vars(4400) && s.nameplate.mostAbsorbed == Vars(4400))
        #expect(s.reactiveMode == .constantPowerFactor && s.priority == .reactive)
        #expect(s.powerFactor.magnitude == 1)
        let volts: [Float] = [0.9, 0.92, 0.95, 1, 1.05, 1.08, 1.2]
        let vars = volts.map { s.voltVar.curve.value(at: $0) }
        for (got, want) in zip(vars, [0.44, 0.44, 0.22, 0, -0.22, -0.44, -0.44] as [Float]) {
            #expect(abs(got - want) < 1e-6)
        }
        #expect(s.voltVar.response == Seconds(5) && !s.voltVar.isAutonomous)
        #expect(!s.voltWatt.isEnabled && abs(s.voltWatt.curve.value(at: 1.08) - 0.5) < 1e-5)
        let powers: [Float] = [-1, -0.5, 0, 0.5, 0.75, 1]
        let follow = powers.map { s.wattVar.curve.value(at: $0) }
        for (got, want) in zip(follow, [0.44, 0, 0, 0, -0.22, -0.44] as [Float]) {
            #expect(abs(got - want) < 1e-6)
        }
        #expect(
            s.frequencyDroop.over == .init(isEnabled: true, deadBand: Hertz(0.036), droop: 0.05))
        #expect(s.frequencyDroop.base == .rated && s.frequencyDroop.release_per_s == .infinity)
        #expect(s.enterService.window.delay == 300_000 && s.enterService.ramp == Seconds(300))
        #expect(s.enterService.isPermitted && s.enterService.randomDelay == 0)
        #expect(!s.activeLimit.isEnabled && s.activeLimit.most == 1)
    }

    @Test("A board's choices reach the tick")
    func choices() throws {
        let s = try settings(
            "ieee-1547-2018-cat-3",
            "kind: storage, category: A, reactive: {mode: volt_var, priority: active}, "
                + "volt_var: {response_s: 20}, enter_service: {permit: false, random_delay_s: 100}, "
                + "limit_active_power: {enabled: true, limit_pu: 0.5}, "
                + "frequency_droop: {droop_over_pu: 0.02, under_enabled: false}, "
                + "voltage_evaluation: phase_average, stages: [{name: UV1, clearing_s: 30}]")
        let der = try #require(s.interconnect)
        #expect(der.reactiveMode == .voltVar && der.priority == .active)
        #expect(der.voltVar.response == Seconds(20))
        #expect(der.voltVar.curve.value(at: 0.95) == 0.125)
        #expect(
            der.nameplate.mostAbsorbed == Vars(2500) && der.nameplate.mostInjected == Vars(4400))
        #expect(!der.enterService.isPermitted && der.enterService.randomDelay == 100_000)
        #expect(der.activeLimit.isEnabled && der.activeLimit.most == 0.5)
        #expect(der.frequencyDroop.over.droop == 0.02 && !der.frequencyDroop.under.isEnabled)
        #expect(der.voltageEvaluation == .phaseAverage)
        // 30 s less 1.25 cycles of 16.7 ms and 5 ms.
        #expect(s.stages[2].clearing == 29_974)
    }

    @Test("Europe: limited frequency sensitive mode, and a code without support functions")
    func europe() throws {
        let en = try #require(try settings("en-50549-1", hertz: 50).interconnect)
        #expect(en.frequencyDroop.base == .preDisturbance && !en.frequencyDroop.under.isEnabled)
        #expect(en.frequencyDroop.over.deadBand == Hertz(0.2))
        #expect(en.reactiveMode == .constantReactive && en.enterService.ramp == Seconds(600))
        #expect(en.rideThrough.mandatory == .init(0.85, 1.2))
        let iec = try settings("iec-61727", hertz: 50)
        let der = try #require(iec.interconnect)
        #expect(!der.frequencyDroop.over.isEnabled && !der.frequencyDroop.under.isEnabled)
        #expect(!der.voltWatt.isEnabled && !der.activeLimit.isEnabled)
        // Loss of mains of Great Britain stays with a DER; that of a site that carries itself does not.
        #expect(!iec.stages.contains { $0.watched == .busROCOF })
        let british = try settings("g99", hertz: 50)
        let rocof = try #require(british.stages.first { $0.watched == .busROCOF })
        #expect(rocof.pickup == 1 && rocof.clearing == 495 && rocof.action == .cease)
    }
}
