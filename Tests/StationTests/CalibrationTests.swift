import Loopback
import BoardProfile
import Calibration
import Control
import Foundation
import HAL
import LinuxBoard
import Panel
import Switchboard
import Testing

@testable import Station

/// `boards/bench-cp2112` with front ends that are made badly: gains, zeros, one sensor reversed.
private final class BadBench {
    let loop = Loopback()
    let site: SiteProfile
    let switchboard: Switchboard
    let store: CalibrationStore
    let folder: URL
    static let errors: [(signal: String, ratio: Double, offset: Double)] = [
        ("battery_voltage", 0.03, -0.4), ("link_voltage", -0.02, 0.3),
        ("battery_current", -2.05, 0.15), ("dc_bus_voltage", 0.015, 0.2),
    ]
    /// 0.01 % and 1 mV or 1 mA, as its certificate says; it says the truth.
    let meter = ReferenceMeter(
        model: "DMM", serial: "7", certificate: "K-1", due: "2099-01-01", form: .certificate,
        ofReading: 1e-4, absolute: 1e-3)

    init() throws {
        var parts = #filePath.split(separator: "/").dropLast(3)
        parts += ["boards", "bench-cp2112"]
        site = try #require(SiteProfile.load("/" + parts.joined(separator: "/")).value)
        switchboard = Switchboard(site)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "skerry-calibration-\(UUID().uuidString)")
        store = CalibrationStore(root: folder.path, serial: "bench-1")
        for e in Self.errors {
            #expect(loop.obey("error \(e.signal) \(e.ratio) \(e.offset)") == "ok")
        }
    }
    deinit { try? FileManager.default.removeItem(at: folder) }

    var recipe: Recipe {
        Recipe(
            board: site.name, serial: store.serial, meter: meter, person: "T. Ester",
            software: "test", rule: site.calibration)
    }
    var known: BoardCalibration? {
        BoardCalibration(site, switchboard, store, now_s: Date().timeIntervalSince1970)
    }

    /// Takes a channel through its levels with an adjustable source, and keeps what comes of it.
    func calibrate(_ channel: Calibrated, _ source: FieldSource) throws -> CalibrationRecord {
        let plan = try #require(
            ChannelPlan(
                channel: channel, nominal: source.nominal(channel),
                required: site.accuracy(of: channel), span: site.span(of: channel)))
        var session = ChannelSession(plan: plan, meter: meter)
        var windows = Dictionary(
            uniqueKeysWithValues: source.channels.map {
                ($0, Window(span_s: 1.5, nominal: source.nominal($0)))
            })
        let unattended = Unattended(
            count: plan.levels.count, within_s: 240, apart: 0.05 * plan.fullScale, confirms: true)
        var level = plan.levels[0]
        _ = loop.obey("apply \(channel.key) \(level)")
        let isDone = try unattended.run(
            &session, source, windows: &windows, reference: { (level, 0) },
            utc_s: { Date().timeIntervalSince1970 }, isAsked: { false }
        ) { news in
            guard case .taken(let n, _) = news, n < plan.levels.count else { return }
            level = plan.levels[n]
            _ = self.loop.obey("apply \(channel.key) \(level)")
        }
        _ = loop.obey("apply \(channel.key) off")
        #expect(isDone, "\(session.points)")
        let fit = try recipe.fit(channel, session.points, plan.nominal)
        return try store.add(
            recipe.record(
                channel, session.points, plan.nominal, fit, at_s: Date().timeIntervalSince1970))
    }
}

@Suite("A real board is calibrated", .serialized)
struct CalibrationTests {
    @Test("Points through the chips find what is wrong with the front ends; the controller uses it")
    func wholeWay() throws {
        let bench = try BadBench()
        let source = try #require(
            FieldSource(bench.site, bench.switchboard, doors: bench.loop.doors))
        #expect(source.outputsAreAtRest.contains("main_contactor"))
        var records: [String: CalibrationRecord] = [:]
        for e in BadBench.errors {
            let channel = try #require(Calibrated(key: e.signal))
            records[e.signal] = try bench.calibrate(channel, source)
        }
        #expect(source.end())
        for e in BadBench.errors {
            let record = try #require(records[e.signal])
            // What is given is true · (1 + ratio) + offset, so true = −offset/(1 + ratio) + given/(1 + ratio).
            let scale = 1 / (1 + e.ratio) - 1, zero = -e.offset / (1 + e.ratio)
            let k = record.coefficients
            let full = record.range.upperBound
            let truth = zero + (1 + scale) * full
            #expect(
                (k.corrected(full) - truth).magnitude <= 1.5 * record.expanded(at: full),
                "\(e.signal): \(k) ± \(record.expanded(at: full)) at \(full)")
            #expect(record.nominal.resolution > 0 && record.points.count >= 5)
        }
        // The reversed shunt is named.
        #expect((records["battery_current"]?.coefficients.scale ?? 0) < -1)
        #expect(records["battery_current"]?.note.contains("wrong way round") == true)

        let known = try #require(bench.known)
        #expect(known.mayRun, "\(known.problems)")
        #expect(known.set.all.count == 4)
        let limit = try #require(known.limits.first { $0.name == "battery over-voltage" })
        #expect(limit.effective < limit.nominal && limit.effective > limit.nominal - 0.2)

        // The controller reads the truth of the plant, which it did not before.
        let switchboard = Switchboard(bench.site, settings: known.settings)
        let run = try #require(
            FieldRun(bench.site, switchboard, settings: known.settings, doors: bench.loop.doors))
        let panel = FieldPanel(bench.site, run)
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            run.run(until: 600, realTime: false) { _ in }
            ended.signal()
        }
        var agrees = false
        let end = now_s() + 60
        while !agrees && now_s() < end {
            usleep(20_000)
            let m = panel.look().record.measured
            let bus_V = truth(bench, "bus_V"), battery_V = truth(bench, "battery_V")
            // Before: 1.5 % and 0.2 V of the bus are 0.9 V.
            agrees =
                (Double(m.dcBusVoltage.value) - bus_V).magnitude < 0.1
                && (Double(m.batteryVoltage.value) - battery_V).magnitude < 0.1
        }
        #expect(agrees, "\(panel.look().record.measured)")
        run.stop()
        #expect(ended.wait(timeout: .now() + 30) == .success)
    }

    private func truth(_ bench: BadBench, _ key: String) -> Double {
        let text = bench.loop.obey("state")
        let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return object?[key] as? Double ?? .nan
    }

    @Test("A contact that is closed while nothing drives it ends a calibration")
    func weld() throws {
        let bench = try BadBench()
        _ = bench.loop.obey("relay main_contactor weld")
        let source = try #require(
            FieldSource(bench.site, bench.switchboard, doors: bench.loop.doors))
        _ = bench.loop.obey("relay main_contactor feedback 1")
        var fault: SourceFault?
        let end = now_s() + 30
        while fault == nil && now_s() < end {
            do throws(SourceFault) { _ = try source.gather(0.1) } catch { fault = error }
        }
        #expect(fault?.message.contains("main_contactor is closed") == true)
        _ = source.end()
    }

    private struct NoContactor: Error {}
    private func exercise(_ bench: BadBench) throws -> TravelExercise {
        guard
            let exercise = TravelExercise(
                bench.site, bench.switchboard, .mainContactor, doors: bench.loop.doors)
        else { throw NoContactor() }
        return exercise
    }

    @Test("A converter at its end is saturated, not silent")
    func saturated() throws {
        let bench = try BadBench()
        let source = try #require(
            FieldSource(bench.site, bench.switchboard, doors: bench.loop.doors))
        // 90 V / 2 are 45 V, where the INA226 ends at 40.96 V.
        _ = bench.loop.obey("apply battery_voltage 90")
        let channel = Calibrated.scalar(.batteryVoltage)
        var window = Window(span_s: 1.5, nominal: source.nominal(channel))
        let end = now_s() + 30
        while (window.figures(at: source.time_s)?.saturatedShare ?? 0) < 0.9 && now_s() < end {
            window.add(try source.gather(0.2)[channel] ?? [])
        }
        #expect((window.figures(at: source.time_s)?.saturatedShare ?? 0) >= 0.9)
        _ = source.end()
    }

    @Test("Contacts are timed on a dead site, and on no other")
    func travel() throws {
        let bench = try BadBench()
        #expect(bench.loop.obey("error battery_voltage 0 0") == "ok")
        #expect(bench.loop.obey("error link_voltage 0 0") == "ok")
        var live = try exercise(bench)
        var refusal: TravelExercise.Refusal?
        do throws(TravelExercise.Refusal) {
            _ = try live.run(operations: 5, tell: { _, _, _ in }, isAsked: { false })
        } catch { refusal = error }
        #expect(
            refusal?.message.contains("battery_voltage") == true, "\(String(describing: refusal))")

        // The fuses are out.
        #expect(bench.loop.obey("apply battery_voltage 0") == "ok")
        #expect(bench.loop.obey("apply link_voltage 0") == "ok")
        var dead = try exercise(bench)
        let times = try dead.run(operations: 6, tell: { _, _, _ in }, isAsked: { false })
        let fit = try TravelFit.fit(
            close_s: times.close_s, open_s: times.open_s, resolution_s: 1 / bench.site.rate_Hz)
        // The bench's contactor closes in 50 ms and opens in 30 ms, a tenth either way; polling,
        // posting and a busy machine come on top.
        #expect(fit.travel.close_s > 0.04 && fit.travel.close_s < 0.5, "\(times)")
        #expect(fit.travel.open_s > 0.02 && fit.travel.open_s < 0.5, "\(times)")
    }

    @Test("One program at a time: the other is named")
    func lock() throws {
        let name = "test-\(UUID().uuidString)"
        do {
            let first = try BoardLock(name)
            var held: BoardLock.Held?
            do throws(BoardLock.Held) {
                let second = try BoardLock(name)
                _ = consume second
            } catch { held = error }
            #expect(held == BoardLock.Held(board: name, pid: getpid()))
            _ = consume first
        }
        // It ends with its holder.
        let again = try BoardLock(name)
        _ = consume again
    }

    @Test(
        "A calibration that is refused keeps the board from running, one that is missing does not")
    func refused() throws {
        let bench = try BadBench()
        #expect(try #require(bench.known).mayRun)
        var record = CalibrationRecord(
            channel: .scalar(.batteryVoltage), board: bench.site.name, serial: bench.store.serial,
            nominal: Nominal(
                from: "battery.bus_voltage", gain: 2.1, offset: 0, resolution: 1.25e-3),
            coefficients: Coefficients(zero: 0.1, scale: 0.01),
            uncertainty: Uncertainty(parts: [.init("reference", .B, scale: 1e-4)]), range: 0...60,
            points: [], reference: bench.meter, person: "T. Ester",
            at_s: Date().timeIntervalSince1970, software: "test")
        _ = try bench.store.add(record)
        let other = try #require(bench.known)
        #expect(!other.mayRun)
        #expect(other.problems.contains { $0.key == "nominal.gain" && $0.message.contains("2") })
        #expect(other.missing.contains(.scalar(.batteryVoltage)))
        // A limit that the uncertainty uses up: 1 V of pre-charge, known to 2 V.
        let switchboard = bench.switchboard
        for channel in [Calibrated.scalar(.batteryVoltage), .scalar(.linkVoltage)] {
            let nominal = try #require(
                switchboard.nominals(of: bench.site).first { $0.channel == channel })
            record.channel = channel
            record.nominal = nominal.nominal
            record.uncertainty = Uncertainty(parts: [.init("reference", .B, zero: 1)])
            _ = try bench.store.add(record)
        }
        let spent = try #require(bench.known)
        #expect(!spent.mayRun)
        #expect(spent.problems.contains { $0.key == "pre-charge done, voltage" })
    }
}
