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

/// The islanding switch of the plant.
private final class PlantLines: LinePort {
    private let waves: VillageWaves
    private let coil: Int?, auxiliary: Int?
    init(_ waves: VillageWaves, _ lines: [LineProfile]) {
        self.waves = waves
        coil = lines.firstIndex { $0.output == "islanding_switch" }
        auxiliary = lines.firstIndex { $0.contact == "islanding_switch" }
    }
    func drive(_ levels: UInt32) throws(BoardFault) {
        let isOn = coil.map { levels >> UInt32($0) & 1 != 0 } ?? false
        waves.withPlant { _, port in
            var command = Command()
            command.outputs[Output.islandingSwitch] = isOn
            port.apply(command)
        }
    }
    func levels() throws(BoardFault) -> UInt32 {
        let bit = auxiliary.map { UInt32(1) << UInt32($0) } ?? 0
        return waves.withPlant { _, port in
            port.contacts[Contact.islandingSwitch] ? bit : 0
        }
    }
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

    /// A feeder whose homes are off: dead but for the grid.
    private func feeder(grid_pu: Double) -> VillageWaves {
        var description = MicrogridDescription()
        description.homes = [HomeDescription()]
        let waves = VillageWaves(description, seed: 1, rate_Hz: 8000, block: 8) { _ in }
        waves.withPlant { plant, _ in
            plant.network.set(grid: .voltage_pu(grid_pu))
            for _ in 0..<2000 { plant.tick() }
        }
        return waves
    }
    private func exercise(
        port: UInt16, _ lines: @escaping @Sendable ([LineProfile]) -> any LinePort
    ) throws -> TravelExercise {
        let site = try site(port: port)
        let doors = Doors(
            bus: { _ in .none },
            lines: { _, profile in
                LineThread.Door(
                    place: { DevicePlace(node: "pins") }, open: { _ in lines(profile) })
            })
        // `#require` cannot hold what is not copied.
        guard
            let exercise = TravelExercise(site, Switchboard(site), .islandingSwitch, doors: doors)
        else { throw TravelExercise.Refusal("the feeder has an islanding switch", "") }
        return exercise
    }
    private func refusal(_ exercise: consuming TravelExercise) -> String? {
        do throws(TravelExercise.Refusal) {
            _ = try exercise.run(operations: 5, tell: { _, _, _ in }, isAsked: { false })
            return nil
        } catch { return error.message }
    }

    @Test("A switch whose two sides cannot be read is never operated to be timed")
    func unread() throws {
        // A port that nobody answers at.
        let exercise = try exercise(port: 1) { BeatingLines($0) }
        #expect(refusal(exercise) == "grid_a cannot be read: the site is not proved dead")
    }

    @Test("Nor is one whose grid is alive, or that has a fifth of its voltage left")
    func live() throws {
        for grid_pu in [1, 0.2] {
            let waves = feeder(grid_pu: grid_pu)
            let server = try IIOServer(
                ServedContext("a feeder", devices: [waves.served(name: "ad7606-8")]))
            defer { server.stop() }
            let exercise = try exercise(port: server.port) { BeatingLines($0) }
            let words = refusal(exercise) ?? "no refusal"
            #expect(
                words.hasPrefix("grid_a is ") && words.hasSuffix(" V: the site is not dead"),
                "\(words)")
            // The board file's transformer is 4 % too large.
            let read = Double(words.split(separator: " ")[2]) ?? .nan
            #expect(abs(read - 1.04 * 230 * grid_pu) < 0.03 * 230, "\(words)")
        }
    }

    @Test("On a feeder that its waveforms prove dead the switch is timed")
    func timed() throws {
        let waves = feeder(grid_pu: 0)
        let server = try IIOServer(
            ServedContext("a feeder", devices: [waves.served(name: "ad7606-8")]))
        defer { server.stop() }
        var exercise = try exercise(port: server.port) { PlantLines(waves, $0) }
        let times = try exercise.run(operations: 3, tell: { _, _, _ in }, isAsked: { false })
        #expect(times.close_s.count == 3 && times.open_s.count == 3)
        // In the plant's time, which follows the reader of its waveforms: not before it moved.
        #expect(times.close_s.allSatisfy { $0 > 0.005 && $0 < 2 }, "\(times.close_s)")
        #expect(times.open_s.allSatisfy { $0 > 0.001 && $0 < 2 }, "\(times.open_s)")
        #expect(waves.withPlant { _, port in !port.contacts[Contact.islandingSwitch] })
    }
}
