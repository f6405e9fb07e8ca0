import BlackBox
import BoardProfile
import Control
import Foundation
import Plant
import Report
import Testing

@testable import Scenario

@Suite("A village through an outage")
struct OutageTests {
    /// IEEE 1547-2018 §8.1: 2 s, at any balance, at the exact one too. Droop bar: 1 % of rating.
    @Test("An unplanned island", arguments: [0.5, 0.9, 1.0, 1.2])
    func island(balance: Double) {
        let o = IslandingStudy.unplanned(VillageFixture.site, balance: balance, seed: 3)
        #expect((o.opened_s ?? .infinity) <= 2)
        #expect(o.lowest_Hz > 48 && o.highest_Hz < 52)
        #expect(o.lowest_pu > 0.85)
        #expect(o.sharing_percent > 0 && o.sharing_percent <= 1)
        #expect((o.angle_deg ?? .infinity).magnitude <= 20)
        #expect((o.inrush ?? .infinity) < 1)
    }

    /// Each category of IEEE 1547-2018 asks to ride through a faster change of frequency, which
    /// leaves less to tell a lost grid by: 2 s all the same, from either side of the balance.
    @Test("An unplanned island under each code", arguments: RideThrough.all, [0.5, 1.0, 1.05])
    func island(under ride: RideThrough, balance: Double) throws {
        let site = try #require(RideThrough.site(under: ride.code, boards: boardsFolder))
        let o = IslandingStudy.unplanned(site, balance: balance, seed: 4)
        #expect((o.opened_s ?? .infinity) <= 2)
        #expect(o.sharing_percent <= 1)
        #expect((o.angle_deg ?? .infinity).magnitude <= 20)
    }

    @Test("What a code asks to ride through makes no island", arguments: RideThrough.all)
    func rideThrough(_ ride: RideThrough) throws {
        let site = try #require(RideThrough.site(under: ride.code, boards: boardsFolder))
        for (n, row) in ride.rows.enumerated() {
            let at_s = 4 + 0.0013 * Double(n)
            let ridden = IslandingStudy.ride(site, row, at_s: at_s, seed: UInt64(n))
            #expect(!ridden.islanded, "\(row) at \(at_s) s, seed \(n)")
        }
    }

    @Test("Without talk the homes still share, and the switch opens when nothing proves the grid")
    func withoutTalk() {
        var site = VillageFixture.site
        site.coupling!.linkEvery_s = 0
        var simulation = Simulation(
            Scenario(
                title: "", profile: site, duration_s: 20,
                happenings: [.init(at_s: 6, text: "grid fails", .grid(.loss))]), command: "")
        while !simulation.isDone { simulation.step() }
        let island = simulation.tally.islandings.first { $0.opened_s > 6 }
        #expect((island?.opened_s ?? .infinity) <= 8)
        #expect(simulation.tally.worstSharing_percent > 0)
        #expect(simulation.tally.worstSharing_percent <= 1)
    }

    @Test("A trace holds every channel at every row, its trips and their causes")
    func trace() {
        var simulation = Simulation(
            Scenario(
                title: "Outage", profile: VillageFixture.site, duration_s: 22,
                happenings: [
                    .init(at_s: 5, text: "grid fails", .grid(.loss)),
                    .init(at_s: 8, text: "grid returns", .grid(.restoration())),
                ]), command: "test")
        let trace = simulation.run()
        #expect(trace.series.allSatisfy { $0.values.count == trace.time_s.count })
        #expect(trace.events.contains { $0.source == "pcc" && $0.text.hasPrefix("opening (") })
        let states = trace.states[0].changes.map(\.state)
        #expect(states.contains("islanded: grid lost"))
        #expect(states.last == "grid-tied")
        #expect(!simulation.village.microgrid.islandingSwitch.coil, "left safe")
    }

    @Test("Missed ticks cost the controllers what they missed, not the time")
    func missed() {
        var simulation = Simulation(
            Scenario(title: "", profile: VillageFixture.site, duration_s: 6), command: "")
        var n = 0
        while !simulation.isDone {
            n += 1
            simulation.step(passed: n % 500 == 0 ? 4 : 1)
        }
        #expect(abs(simulation.village.time_s - 6) < 0.02)
        #expect(simulation.village.coupling.record.missedTicks == UInt64(n / 500 * 3))
        #expect(simulation.village.coupling.record.islanding == .gridTied)
        #expect(simulation.village.homes.allSatisfy { $0.record.source == .forming })
    }

    @Test("A phasor day's boards live through the same outage by meter chips")
    func chips() {
        var simulation = Simulation(
            Scenario(
                title: "", profile: VillageFixture.site, duration_s: 60,
                fidelity: .phasor(step_s: 0.01), sensing: Sensing(rate_Hz: 100, samplesPerTick: 0),
                happenings: [
                    .init(at_s: 10, text: "grid fails", .grid(.loss)),
                    .init(at_s: 25, text: "grid returns", .grid(.restoration())),
                ]), command: "")
        while !simulation.isDone { simulation.step() }
        let island = simulation.tally.islandings.first { $0.opened_s > 10 }
        #expect((island?.opened_s ?? .infinity) <= 12.5)
        #expect(island?.closed_s != nil)
        #expect((island?.angle_deg ?? .infinity).magnitude <= 20)
        #expect(simulation.tally.worstSharing_percent <= 1)
    }

    @Test("Quarter hours keep their energy and touch no negative power")
    func quarters() {
        let means = [1.0, 3, 0, 0, 8, 2, 2.5, 0.1]
        let curve = QuarterHours(means)
        for (k, mean) in means.enumerated() {
            var sum = 0.0, least = Double.infinity
            for n in 0..<9000 {
                let v = curve.value(at: 900 * Double(k) + (Double(n) + 0.5) / 10)
                sum += v / 9000
                least = min(least, v)
            }
            #expect(abs(sum - mean) < 1e-6, "\(k)")
            #expect(least >= 0)
        }
        #expect(curve.value(at: 1e9) == means.last)
    }

    @Test("A paced run shows frames and ends safe")
    func live() {
        let run = LiveRun(
            Scenario(title: "", profile: VillageFixture.site, duration_s: 2), command: "",
            hint: "", realTime: false)
        run.run(until: 1.2) { _ in }
        #expect(run.frame?.homes.count == 3)
        #expect((run.frame?.ticks.count ?? 0) > 900)
        #expect(run.trace != nil)
    }

    @Test(
        "A paced run keeps a black box of each controller, and one that cannot be kept is not run")
    func boxed() throws {
        let folder = NSTemporaryDirectory() + "skerry-live-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let scenario = Scenario(title: "", profile: VillageFixture.site, duration_s: 2)
        var settings = BlackBoxSettings()
        settings.ringBytes = 8 << 20
        func live(_ folder: String, _ settings: BlackBoxSettings) -> (LiveRun, LiveBoxes?, String?)
        {
            let run = LiveRun(scenario, command: "", hint: "", realTime: false)
            var boxes: LiveBoxes?
            var fault: String?
            run.run(until: 1.2, granted: { _ in }) { simulation in
                do throws(BlackBoxes.Fault) {
                    boxes = try LiveBoxes(
                        simulation, LiveRings(simulation, scenario), scenario, in: folder,
                        texts: [("a.yaml", "title: a")],
                        board: "a.yaml", version: "test", command: "", settings: settings)
                } catch { fault = error.words }
                return boxes != nil
            }
            return (run, boxes, fault)
        }
        let (run, boxes, fault) = live(folder, settings)
        #expect(fault == nil && boxes?.finish() == [] && boxes?.trouble == nil)
        let ticks = try #require(run.frame?.ticks.count)
        for name in VillageFixture.site.controllerNames {
            let recording = try Recording(path: "\(folder)/\(name)/ring.skbb")
            let turns = recording.runs[0].turns().reduce(0) { n, _ in n + 1 }
            // The last frame is a tenth of a second before the end, and what was missed is no turn.
            #expect(turns >= Int(ticks) / 2 && turns <= Int(ticks) + 200, "\(turns) of \(ticks)")
            #expect(recording.runs[0].records().contains { $0.reason.contains(.periodic) })
        }
        settings.ringBytes = 1
        let (refused, none, words) = live(folder, settings)
        #expect(none == nil && refused.trace == nil)
        #expect(words == "ring_bytes is 1: write at least four segments")
    }
}
