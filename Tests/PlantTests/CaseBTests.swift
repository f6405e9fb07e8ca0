import Plant
import Testing

@Suite struct CaseBTests {
    @Test func b1FollowsTheExactTrace() {
        var d = DCNetworkDescription()
        d.buses = [DCBus(capacitance_F: 20e-3)]
        d.sources = [
            DCSource(
                bus: 0, kind: .battery(ocv_V: 51.2, R1_ohm: 0.03, C1_F: 2000), R_ohm: 0.03,
                L_H: 5e-6)
        ]
        d.panels = [DCPanel(bus: 0, kind: .current(A: 10))]
        d.loads = [DCLoad(bus: 0, R_ohm: 4)]
        let net = DCNetwork(d, step_s: 20e-6)
        var late = 0.0
        var early = 0.0
        for row in CaseBReference.b1 {
            let t = row[0]
            while net.time_s < t - 1e-9 {
                if (net.time_s - 0.05).magnitude < 1e-9 { net.set(panel: 0, amperes: 20) }
                if (net.time_s - 0.1).magnitude < 1e-9 {
                    net.set(load: 0, R_ohm: 1 / (1 / 4.0 + 1 / 2.0), drawing_W: 0)
                }
                net.step()
            }
            let off = (net.voltage(bus: 0) - row[3]).magnitude
            if t >= 0.006 { late = max(late, off) } else { early = max(early, off) }
            if t >= 0.006 { late = max(late, 0.01 * (net.current(source: 0) - row[2]).magnitude) }
        }
        #expect(late < 1e-3)
        #expect(early < 1e-2)
    }

    @Test func b2SharesTwoToOne() {
        var d = DCNetworkDescription()
        d.buses = [DCBus(capacitance_F: 20e-3, start_V: 48.5)]
        for (droop, R, L) in [(0.05, 0.01, 20e-6), (0.10, 0.02, 30e-6)] {
            d.sources.append(
                DCSource(
                    bus: 0, kind: .droop(V0_V: 48.5, droop_ohm: droop, tau_s: 1e-3), R_ohm: R,
                    L_H: L, start_V: 48.5))
        }
        d.panels = [
            DCPanel(
                bus: 0, kind: .diode(photo_A: 9, saturation_A: 1e-9, nVt_V: 2.1, Rs_ohm: 0.25))
        ]
        d.loads = [DCLoad(bus: 0, R_ohm: 20, drawing_W: 600)]
        let net = DCNetwork(d, step_s: 20e-6)
        var worst = 0.0
        for row in CaseBReference.b2 {
            while net.time_s < row[0] - 1e-9 {
                if (net.time_s - 0.05).magnitude < 1e-9 {
                    net.set(load: 0, R_ohm: 20, drawing_W: 1200)
                }
                net.step()
            }
            worst = max(worst, (net.voltage(bus: 0) - row[5]).magnitude)
            if (row[0] - 0.05).magnitude < 1e-9 {
                #expect((net.voltage(bus: 0) - 47.920695).magnitude < 1e-3)
            }
        }
        #expect(worst < 1e-3)
        #expect((net.voltage(bus: 0) - 47.447949).magnitude < 1e-3)
        let ratio = net.current(source: 0) / net.current(source: 1)
        #expect((ratio - 2).magnitude < 1e-3)
    }

    @Test func prechargeThenCloseSparesTheContactor() {
        var d = DCNetworkDescription()
        d.buses = [DCBus(capacitance_F: 5e-3)]
        d.sources = [
            DCSource(
                bus: 0, kind: .battery(ocv_V: 51.2, R1_ohm: 0.03, C1_F: 2000), R_ohm: 0.03,
                L_H: 5e-6, precharge_ohm: 10, path: .open)
        ]
        func peak(_ prepare: (DCNetwork) -> Void) -> Double {
            let net = DCNetwork(d)
            prepare(net)
            net.set(source: 0, path: .closed)
            var most = 0.0
            for _ in 0..<500 {
                net.step()
                most = max(most, net.current(source: 0))
            }
            return most
        }
        let bare = peak { _ in }
        let prepared = peak {
            $0.set(source: 0, path: .precharge)
            $0.advance(by: 0.5)  // ten time constants of 50 ms
        }
        #expect(bare > 500)
        #expect(prepared < 1)
    }

    @Test func openSourceCarriesNothingAndABlockedPanelNeither() {
        var d = DCNetworkDescription()
        d.buses = [DCBus(capacitance_F: 5e-3, start_V: 60)]
        d.sources = [
            DCSource(
                bus: 0, kind: .battery(ocv_V: 51.2, R1_ohm: 0.03, C1_F: 2000), R_ohm: 0.03,
                L_H: 5e-6, path: .open)
        ]
        d.panels = [
            DCPanel(
                bus: 0, kind: .diode(photo_A: 9, saturation_A: 1e-9, nVt_V: 2.1, Rs_ohm: 0.25))
        ]
        let net = DCNetwork(d)
        net.advance(by: 0.01)
        #expect(net.voltage(bus: 0) == 60)
        #expect(net.current(source: 0) == 0)
        #expect(net.current(panel: 0) == 0)
    }
}
