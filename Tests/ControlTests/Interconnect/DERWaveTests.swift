import Quantities
import Testing

@testable import Control

/// From the step on the waveform to the command, the meter's window included. The stages of
/// `DERSite` are 40 ms short of the standard's clearing times.
@Suite("A DER behind its meters")
struct DERWaveTests {
    @Test(
        "A voltage of 0.16 s clears in 160 ms, on one phase and on all",
        arguments: [1.21, 1.25, 0.44, 0.2, 0])
    func voltageTrips(v: Double) throws {
        for isOne in [false, true] {
            var waves = DERWaves.running(DERSite.settings())
            if isOne { waves.phases[1] = v } else { waves.sag(to: v) }
            let took = try #require(waves.ticksUntil(400) { $0.hasTripped })
            #expect((120...150).contains(took), "\(took) ms")
            #expect(waves.record.der == .tripped(.stage(v > 1 ? 0 : 3)))
        }
    }

    @Test("A phase-to-phase voltage alone trips: two phases drawn together keep theirs")
    func lineTrips() throws {
        var waves = DERWaves.running(DERSite.settings())
        // b and c 45° apart: 2 sin 22.5° / √3 = 0.442 pu between them.
        waves.angles_deg = [0, -37.5, 37.5]
        let took = try #require(waves.ticksUntil(400) { $0.hasTripped })
        #expect((120...150).contains(took) && waves.record.der == .tripped(.stage(3)))
        #expect(waves.record.measured.bus.phaseB.value > 0.99 * DERSite.volts)
        let line = waves.record.measured.bus.lineBC.value / DERSite.volts / 1.732_050_8
        #expect((line - 0.442).magnitude < 0.003, "\(line)")
    }

    @Test("A step of frequency is seen within three cycles", arguments: [62.05, 64, 56.45, 55])
    func frequencyTrips(f: Double) throws {
        var waves = DERWaves.running(DERSite.settings())
        waves.frequency_Hz = f
        let took = try #require(waves.ticksUntil(400) { $0.hasTripped })
        #expect((120...170).contains(took), "\(took) ms")
        #expect(waves.record.der == .tripped(.stage(f > 60 ? 4 : 7)))
    }

    @Test(
        "Momentary cessation within 83 ms; 80 % of the power within 0.4 s of voltage's return",
        arguments: [0.45, 0.2, 0.03, 0])
    func momentaryCessation(v: Double) throws {
        var waves = DERWaves.running(DERSite.settings(.three))
        waves.available_W = 8000
        waves.turn(50)
        waves.sag(to: v)
        let off = try #require(waves.ticksUntil(100) { !$0.isFollowing })
        #expect(off <= 40, "\(off) ms")
        waves.turn(900)
        #expect(!waves.hasTripped && waves.power_W == 0)
        waves.sag(to: 1)
        let back = try #require(waves.ticksUntil(800) { $0.power_W >= 0.8 * 8000 })
        #expect(back <= 300, "\(back) ms")
        #expect(waves.record.der == .continuous)
    }

    @Test(
        "A jump of phase of 20°, and of 60° of one phase, is ridden through", arguments: [-20, 20])
    func phaseJump(all: Double) {
        var waves = DERWaves.running(DERSite.settings())
        waves.angles_deg = [all, all, all]
        waves.turn(600)
        #expect(waves.record.der == .continuous)
        #expect(waves.record.command.inverter.active.value > 0.98 * DERSite.rating)
        waves.angles_deg[0] += 3 * all
        waves.turn(500)
        #expect(waves.record.der!.isEnergising, "\(waves.record.der!)")
    }

    @Test("Frequency at 3 Hz/s is ridden through, up and down", arguments: [3, -3])
    func rateOfChange(rocof: Double) {
        var waves = DERWaves.running(DERSite.settings(.three))
        var blocked = 0
        for part in [rocof, 0, -rocof, 0] {
            waves.rocof_Hz_s = part
            for _ in 0..<500 {
                waves.turn()
                if !waves.isFollowing { blocked += 1 }
            }
        }
        #expect(blocked == 0 && waves.record.der == .continuous, "\(waves.record.der!)")
    }

    @Test("Frequency-droop has done 90 % in its response time, meter and inverter included")
    func frequencyDroop() throws {
        var s = DERSite.settings()
        s.interconnect!.frequencyDroop.response = Seconds(0.2)
        var waves = DERWaves.running(s)
        waves.available_W = Double(DERSite.rating)
        waves.turn(500)
        let start = waves.power_W
        var settled = waves
        settled.frequency_Hz = 61
        settled.turn(3000)
        let end = settled.power_W
        #expect(end < 0.75 * start, "\(start) W, \(end) W")
        waves.frequency_Hz = 61
        let took = try #require(
            waves.ticksUntil(1000) { (start - $0.power_W) >= 0.9 * (start - end) })
        #expect((185...210).contains(took), "\(took) ms")
    }

    @Test("A dead grid, and one that is only frequency off, are not entered")
    func stays() {
        var waves = DERWaves(DERSite.settings())
        waves.sag(to: 0)
        waves.turn(1500)
        #expect(waves.record.der == .outOfService(.none))
        waves.sag(to: 1)
        waves.frequency_Hz = 60.3
        waves.turn(1500)
        #expect(waves.record.der == .outOfService(.none))
        waves.frequency_Hz = 60
        let took = waves.ticksUntil(1000) { $0.record.der!.isInService }
        #expect(took != nil && took! >= 500 && took! < 620, "\(took as Any)")
    }
}
