import BoardProfile
import HAL
import Plant
import Quantities
import Scenario
import SimBoard
import Testing

@testable import Control
@testable import Loop

/// One battery of a 48 V site under a pacer whose time a test tells.
private struct PacedBattery: ~Copyable {
    let nanogrid: Nanogrid
    var runner: Runner<SimBoard>
    var time = ScriptedTime()
    var pacer: Pacer
    /// Physics stands still when ticks are missed: an hour of it is no part of these tests.
    init() {
        let profile = SiteProfile.referenceNanogrid(batteries: 1)
        let random = Random(seed: 3)
        nanogrid = Nanogrid(
            profile.dcPlant, ticksPerSecond: 1000, step_s: 50e-6, random: random)
        let sensing = Sensing(rate_Hz: 1000, samplesPerTick: 0)
        let settings = profile.nanogridSettings(0, sensing)
        runner = Runner(
            board: SimBoard(
                profile.simulatedBoard(for: settings, sensing, random: random.fork("board")),
                port: NanogridPort(nanogrid, battery: 0), random: random.fork("noise")),
            controller: Controller(settings))
        pacer = Pacer(perSecond: 1000, by: &time)
        for _ in 0..<4000 { next() }
    }

    mutating func next(wanting wish: Setpoints = .fallback) {
        nanogrid.tick()
        runner.turn(pacer.next(by: &time), wanting: wish)
    }
    var main: Bool { runner.record.command.outputs[Output.mainContactor] }
}

@Suite("Overload of a battery")
struct BatteryOverloadTests {
    private static let hour_ns: Int64 = 3_600_000_000_000

    @Test("Readings from before a suspension are as old as it was long: blind, and off at once")
    func stale() {
        var p = PacedBattery()
        #expect(p.main && p.runner.record.command.converter.isOn)
        // The buses have not answered since: nothing new comes at the first tick after.
        for c in ScalarChannel.allCases { p.runner.board.fault(.scalar(c), .drop) }
        p.time.suspended_ns = Self.hour_ns
        p.next()
        #expect(p.pacer.suspensions == 1 && p.pacer.skipped == 3_600_000)
        #expect(p.runner.sample[.batteryVoltage].age == .max)
        #expect(p.runner.record.verdict.blind.meets(.scalar(.batteryVoltage)))
        #expect(p.runner.record.sourceCause == .blind)
        #expect(!p.main && !p.runner.record.command.converter.isOn)
    }

    @Test("Readings that are new at the first tick are believed: the battery stays")
    func fresh() {
        var p = PacedBattery()
        p.time.suspended_ns = Self.hour_ns
        p.next()
        #expect(p.pacer.suspensions == 1 && p.main)
        #expect(p.runner.record.command.converter.isOn && p.runner.record.verdict.blind.isEmpty)
    }

    @Test("A watchdog that opened in a stall is seen, and the way back is pre-charge")
    func watchdog() {
        var p = PacedBattery()
        // The loop is silent for 10 s; what stands outside opens everything.
        p.runner.board.port.apply(Command())
        for _ in 0..<10_000 { p.nanogrid.tick() }
        p.time.late_ns = 10_000_000_000
        p.next()
        #expect(p.pacer.overruns == 1 && p.runner.record.elapsed == 10_001)
        #expect(p.runner.record.contactorCause != .none)
        #expect(!p.main && !p.runner.record.command.converter.isOn)
        var charged = false, closedUncharged = false
        for _ in 0..<20_000 {
            p.next()
            charged = charged || p.runner.record.command.outputs[Output.preCharge]
            closedUncharged = closedUncharged || (p.main && !charged)
        }
        #expect(charged && !closedUncharged && p.main && p.runner.record.command.converter.isOn)
    }

    @Test("A wish runs out in a suspension", arguments: Disturbance.allCases)
    func wish(_ what: Disturbance) {
        var p = PacedBattery()
        let wish = Setpoints(expires: Tick(4000 + 900), voltageBias: Volts(0.5))
        for _ in 0..<100 { p.next(wanting: wish) }
        #expect(p.runner.controller.wish.voltageBias == Volts(0.5))
        switch what {
        case .late: p.time.late_ns = 2_000_000_000
        case .suspended: p.time.suspended_ns = Self.hour_ns
        }
        p.next(wanting: wish)
        #expect(p.runner.controller.wish == .fallback, "though it is still being offered")
        #expect(p.runner.record.refusedSetpoints == 0)
    }
}
