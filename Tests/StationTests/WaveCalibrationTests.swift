import Bench
import BoardProfile
import Calibration
import Control
import Foundation
import HAL
import LinuxBoard
import Plant
import SimBoard
import Switchboard
import Testing

@testable import Station

/// Lines of a feeder at rest: the switch is open, and whatever is driven is seen.
private final class RestingLines: LinePort {
    func drive(_ levels: UInt32) throws(BoardFault) {
        if levels != 0 { Issue.record("an output is driven while a board is calibrated") }
    }
    func levels() throws(BoardFault) -> UInt32 { 0 }
}

/// Lines of which the heartbeat alone may be driven.
private final class BeatingLines: LinePort {
    private let heartbeat: Int?
    init(_ lines: [LineProfile]) {
        heartbeat = lines.firstIndex { $0.output == "heartbeat" }
    }
    func drive(_ levels: UInt32) throws(BoardFault) {
        let beat = heartbeat.map { UInt32(1) << UInt32($0) } ?? 0
        if levels & ~beat != 0 { Issue.record("a coil is driven on a site not proved dead") }
    }
    func levels() throws(BoardFault) -> UInt32 { 0 }
}

@Suite("Waveforms are calibrated through libiio", .serialized)
struct WaveCalibrationTests {
    /// `boards/pi-ac` on a simulated grid, its transformer 4 % larger than the board file believes.
    private func site(port: UInt16) throws -> SiteProfile {
        var parts = #filePath.split(separator: "/").dropLast(3)
        parts += ["boards", "pi-ac"]
        var site = try #require(SiteProfile.load("/" + parts.joined(separator: "/")).value)
        var adc = site.hardware!.iio[0]
        (adc.uri, adc.parent, adc.trigger) = ("ip:127.0.0.1:\(port)", nil, nil)
        (site.rate_Hz, adc.rate_Hz) = (1000, 8000)
        adc.staleAfter_s = 1
        site.hardware!.iio[0] = adc
        let pins = [("adc.voltage0", 16.0), ("adc.voltage3", 16), ("adc.current0", 4)]
        for (n, (from, scale)) in pins.enumerated() {
            site.hardware!.waves[n].from = from
            site.hardware!.waves[n].scale = scale
            site.hardware!.waves[n].zero = 32_768
            site.hardware!.waves[n].gain = n == 0 ? 1.04 : 1
        }
        return site
    }

    @Test("A voltage by its RMS at four levels, and the clock by its frequency")
    func voltage() throws {
        var description = MicrogridDescription()
        description.homes = [HomeDescription()]
        let waves = VillageWaves(description, seed: 1, rate_Hz: 8000, block: 8) { microgrid in
            for _ in 0..<500 { microgrid.tick() }
        }
        let server = try IIOServer(
            ServedContext("a feeder", devices: [waves.served(name: "ad7606-8")]))
        defer { server.stop() }
        let site = try site(port: server.port)
        let switchboard = Switchboard(site)
        let doors = Doors(
            bus: { _ in .none },
            lines: { _, _ in
                LineThread.Door(
                    place: { DevicePlace(node: "pins") }, open: { _ in RestingLines() })
            })
        let source = try #require(FieldSource(site, switchboard, doors: doors))
        let channel = Calibrated.wave(.gridA)
        let nominal = source.nominal(channel)
        #expect(nominal.isAlternating && nominal.resolution == 1)
        let plan = try #require(
            ChannelPlan(
                channel: channel, nominal: nominal, required: site.accuracy(of: channel),
                span: site.span(of: channel), levels: [115, 161, 207, 230]))
        // Of the board's grid code: 1 % of 230 V.
        #expect(abs(plan.required.allowed(at: 230) - 2.3) < 1e-9)
        let meter = ReferenceMeter(
            model: "DMM", form: .certificate, ofReading: 2e-4, absolute: 0.01)
        var session = ChannelSession(plan: plan, meter: meter)
        var windows = Dictionary(
            uniqueKeysWithValues: source.channels.map {
                ($0, Window(span_s: 2, nominal: source.nominal($0)))
            })
        func set(_ volts: Double) {
            waves.withPlant { plant, _ in plant.network.set(grid: .voltage_pu(volts / 230)) }
        }
        func truth_V() -> Double { waves.withPlant { plant, _ in plant.rms(node: 0) } }
        set(plan.levels[0])
        let unattended = Unattended(count: plan.levels.count, within_s: 240, apart: 20)
        let isDone = try unattended.run(
            &session, source, windows: &windows, reference: { (truth_V(), 0.005) },
            utc_s: { 1_800_000_000 }, isAsked: { false }
        ) { news in
            guard case .taken(let n, _) = news, n < plan.levels.count else { return }
            set(plan.levels[n])
        }
        #expect(isDone, "\(session.points)")
        let recipe = Recipe(
            board: site.name, serial: "f-1", meter: meter, person: "T. Ester", software: "test",
            rule: site.calibration)
        let fit = try recipe.fit(channel, session.points, nominal)
        // The sensor behind the server is right: true = v / 1.04.
        let record = recipe.record(channel, session.points, nominal, fit, at_s: 1_800_000_000)
        let scale = 1 / 1.04 - 1
        #expect(
            abs(fit.coefficients.scale - scale) * 230 / 1.04 < 1.5 * record.expanded(at: 230),
            "\(fit.coefficients.scale) for \(scale), ± \(record.expanded(at: 230)) V")
        #expect(session.points.allSatisfy { abs(($0.frequency_Hz ?? 0) - 50) < 0.05 })
        #expect(
            AccuracyVerdict(
                channel, record, site: site, settings: site.hardwareSettings()!)?.passes == true)
        // The clock's own reading is the grid's frequency.
        let clock = windows[.clock]?.figures(at: source.time_s)
        #expect(abs((clock?.mean ?? 0) - 50) < 0.01, "\(String(describing: clock))")
        // Nothing is on the bus: its RMS is noise, and it has no phase.
        let bus = windows[.wave(.busA)]?.figures(at: source.time_s)
        #expect((bus?.mean ?? 1e9) * 0.016 < 1 && bus?.phase_deg == nil)
        _ = source.end()
    }

    @Test("A switch whose two sides no slow channel measures is never operated to be timed")
    func travel() throws {
        // A port that nobody answers at: the site cannot be read either way.
        let site = try site(port: 1)
        let doors = Doors(
            bus: { _ in .none },
            lines: { _, lines in
                LineThread.Door(
                    place: { DevicePlace(node: "pins") }, open: { _ in BeatingLines(lines) })
            })
        guard
            var exercise = TravelExercise(
                site, Switchboard(site), .islandingSwitch, doors: doors)
        else {
            Issue.record("the feeder has an islanding switch")
            return
        }
        var refusal: TravelExercise.Refusal?
        do throws(TravelExercise.Refusal) {
            _ = try exercise.run(operations: 5, tell: { _, _, _ in }, isAsked: { false })
        } catch { refusal = error }
        #expect(
            refusal?.message == "grid_rms cannot be read: the site is not proved dead",
            "\(String(describing: refusal))")
    }
}
