import BoardProfile
import HAL
import Plant
import Quantities
import Scenario
import SimBoard
import Testing

@testable import Control
@testable import Loop

/// What lasts: the loop comes late by it, or the machine is suspended for it.
enum Disturbance: CaseIterable { case late, suspended }

/// A village of one home under a pacer whose time a test tells. Physics goes on for all that passes.
private struct PacedVillage {
    let village: Village
    var time = ScriptedTime()
    var pacer: Pacer
    private let rate_Hz: Double

    /// Waveforms at 1 kHz, or a meter chip and phasors at 100 Hz; run until the switch is closed.
    init(waveforms: Bool) {
        rate_Hz = waveforms ? 1000 : 100
        var home = HomeProfile()
        home.name = "mill"
        home.comfort_W = 900
        home.scheduled_W = 500
        var profile = SiteProfile()
        profile.name = "paced"
        profile.coupling = CouplingProfile()
        profile.coupling!.enterDelay_s = 1
        profile.homes = [home]
        village = Village(
            profile, sensing: Sensing(rate_Hz: rate_Hz, samplesPerTick: waveforms ? 20 : 0),
            fidelity: waveforms ? .waveform(step_s: 50e-6) : .phasor(step_s: 0.01), seed: 5)
        pacer = Pacer(perSecond: rate_Hz, by: &time)
        pass(seconds: 12)
    }

    mutating func next() {
        let tick = pacer.next(by: &time)
        village.turn(ticks: UInt32(tick.since(village.now)))
    }
    mutating func pass(seconds: Double) {
        for _ in 0..<Int(seconds * rate_Hz) { next() }
    }
    /// The tick after it.
    mutating func suffer(_ what: Disturbance, seconds: Double) {
        switch what {
        case .late: time.late_ns = Int64(seconds * 1e9)
        case .suspended: time.suspended_ns = Int64(seconds * 1e9)
        }
        next()
    }
    var coupling: Record { village.coupling.record }
    var home: Record { village.homes[0].record }
    var homeWish: Setpoints { village.homes[0].runner.controller.wish }
    var switchIsTold: Bool { coupling.command.outputs[Output.islandingSwitch] }
}

@Suite("Overload")
struct OverloadTests {
    @Test("A few milliseconds late: nothing opens", arguments: Disturbance.allCases)
    func aLittle(_ what: Disturbance) {
        var p = PacedVillage(waveforms: true)
        #expect(p.coupling.islanding == .gridTied && p.home.source == .forming)
        p.suffer(what, seconds: 0.0042)
        #expect(p.coupling.elapsed == 5 && p.coupling.missedTicks == 4)
        p.pass(seconds: 1)
        #expect(p.coupling.islanding == .gridTied && p.home.source == .forming)
        #expect(p.coupling.missedTicks == 4 && p.coupling.islandCause == .none)
        #expect(p.homeWish.active == Watts(500))
    }

    @Test(
        "Ten seconds, late or suspended, end blind: switch and source open in that tick, and the way back is the long one",
        arguments: Disturbance.allCases)
    func tenSeconds(_ what: Disturbance) {
        var p = PacedVillage(waveforms: true)
        let before = p.home
        #expect(p.switchIsTold && before.contactor == .closed && p.homeWish.active == Watts(500))
        p.suffer(what, seconds: 10)
        #expect(p.pacer.suspensions == (what == .suspended ? 1 : 0))
        #expect(p.pacer.overruns == (what == .late ? 1 : 0))
        #expect(p.coupling.elapsed == 10_001 && p.coupling.missedTicks == 10_000)
        #expect(!p.switchIsTold && p.coupling.islandCause == .blind)
        #expect(p.home.sourceCause == .blind && p.home.command.inverter.mode == .off)
        #expect(!p.home.command.outputs[Output.mainContactor])
        #expect(p.homeWish == .fallback, "what was asked for is over")
        #expect(p.home.energyIn == before.energyIn && p.home.energyOut == before.energyOut)
        // It comes back by itself: blindness holds for 10 s, then pre-charge, then the grid.
        var closedAfter_s: Double?
        for n in 0..<30_000 where closedAfter_s == nil {
            p.next()
            if p.coupling.islanding == .gridTied { closedAfter_s = Double(n) / 1000 }
        }
        #expect((closedAfter_s ?? 0) > 1, "not before the enter-service delay")
        p.pass(seconds: 30)
        #expect(p.home.source == .forming && p.home.contactor == .closed)
        #expect(p.coupling.islanding == .gridTied && p.homeWish.active == Watts(500))
    }

    @Test(
        "After an hour of suspension a meter chip's site opens, forgets wishes, invents no energy")
    func anHour() {
        var p = PacedVillage(waveforms: false)
        let before = p.home
        #expect(p.switchIsTold && p.homeWish.active == Watts(500))
        p.suffer(.suspended, seconds: 3600)
        #expect(p.pacer.suspensions == 1 && p.pacer.suspended_ns == 3_600_000_000_000)
        #expect(p.pacer.skipped == 360_000 && p.coupling.elapsed == 360_001)
        #expect(!p.switchIsTold && p.coupling.islandCause == .unproven)
        #expect(p.homeWish == .fallback)
        #expect(p.home.energyIn == before.energyIn && p.home.energyOut == before.energyOut)
        p.pass(seconds: 60)
        #expect(p.coupling.islanding == .gridTied && p.home.source == .forming)
        #expect(p.pacer.suspensions == 1 && p.coupling.missedTicks == 360_000)
    }

    @Test(
        "A gap's energy is its power for as long as it lasted, never beyond a second",
        arguments: Disturbance.allCases, [0.2, 1, 3, 30, 3600])
    func energy(_ what: Disturbance, seconds: Double) {
        var p = PacedVillage(waveforms: false)
        let before = p.home
        p.suffer(what, seconds: seconds)
        let gained_mJ =
            p.home.energyIn.millijoules + p.home.energyOut.millijoules
            - before.energyIn.millijoules - before.energyOut.millijoules
        let power_W = Double(p.home.measured.bus.active.value.magnitude)
        #expect(Double(gained_mJ) <= power_W * min(seconds + 0.01, 1) * 1000 + 1)
        #expect(gained_mJ >= 0 && (gained_mJ > 0) == p.home.measured.bus.isSettled)
        #expect(p.home.measured.bus.isSettled == (seconds == 0.2))
    }
}
