import Plant
import Testing

/// Largest relative difference over the whole run, and where.
struct Worst {
    var relative = 0.0
    var place = ""
    mutating func see(_ got: Double, _ want: Double, _ name: @autoclosure () -> String) {
        let r = (got - want).magnitude / max(want.magnitude, 1e-300)
        if !(r <= relative) {
            relative = r
            place = "\(name()): \(got) for \(want)"
        }
    }
}

@Suite struct CaseATests {
    @Test func waveformReachesTheSteadyState() {
        let net = ACNetwork(.caseA(), fidelity: .waveform(), seed: 1)
        net.advance(by: 6)
        var worst = Worst()
        for k in 0...1 {
            worst.see(net.filteredPower(former: k).P_W, CaseAReference.P_W[k], "P\(k)")
            worst.see(net.frequency(former: k), CaseAReference.f_Hz, "f\(k)")
        }
        #expect(worst.relative < 1e-6, "\(worst.place)")
        var loose = Worst()
        for k in 0...1 {
            loose.see(net.filteredPower(former: k).Q_var, CaseAReference.Q_var[k], "Q\(k)")
            loose.see(net.reference_V(former: k), CaseAReference.E_V[k], "E\(k)")
        }
        let u = net.voltage(node: 0)
        loose.see((u.x * u.x + u.y * u.y).squareRoot(), CaseAReference.load_V, "load")
        #expect(loose.relative < 1e-6, "\(loose.place)")
    }

    @Test func phasorFollowsTheReducedOrderTrajectory() {
        let net = ACNetwork(.caseA(), fidelity: .phasor(step_s: 5e-6), seed: 1)
        var worst = Worst()
        for row in CaseAReference.trajectory {
            while net.time_s < row[0] - 1e-9 { net.step() }
            let a = net.rotor(former: 0)
            let b = net.rotor(former: 1)
            let sine = a.x * b.y - a.y * b.x
            let delta = sine + sine * sine * sine / 6 + 3 * sine * sine * sine * sine * sine / 40
            var got = [row[0], delta]
            for k in 0...1 { got.append(net.frequency(former: k) * 2 * .pi) }
            for k in 0...1 { got.append(net.filteredPower(former: k).P_W) }
            for k in 0...1 { got.append(net.filteredPower(former: k).Q_var) }
            for k in 0...1 { got.append(net.reference_V(former: k)) }
            for c in 1..<row.count where row[c] != 0 || got[c] != 0 {
                worst.see(got[c], row[c], "column \(c) at \(row[0]) s")
            }
        }
        #expect(worst.relative < 1e-4, "\(worst.place)")
    }

    /// Swing of the first inverter's power over each of `windows` (start, length in seconds), W.
    func ripple(
        _ d: ACNetworkDescription, _ fidelity: Fidelity = .waveform(),
        windows: [(Double, Double)]
    ) -> [Double] {
        let net = ACNetwork(d, fidelity: fidelity, seed: 1)
        return windows.map { start, span in
            net.advance(by: start - net.time_s)
            var low = Double.infinity
            var high = -Double.infinity
            while net.time_s < start + span {
                net.step()
                let p = net.power(former: 0).P_W
                low = min(low, p)
                high = max(high, p)
            }
            return high - low
        }
    }

    @Test func theReferenceSettles() {
        let r = ripple(.caseA(), windows: [(0.9, 0.1), (3.9, 0.1)])
        #expect(r[0] > 100 * r[1] && r[1] < 0.01, "\(r)")
    }

    @Test func fullFeedForwardIsUnstable() {
        #expect(ripple(.caseA(feedForward: 1), windows: [(3.9, 0.1)])[0] > 100_000)
    }

    @Test func softVoltageLoopsAreUnstable() {
        var d = ACNetworkDescription.caseA()
        for k in 0...1 { d.formers[k].voltageLoop_rad_s = 300 }
        let r = ripple(d, windows: [(0.9, 0.1), (1.9, 0.1), (2.9, 0.1), (3.9, 0.1)])
        #expect(r[1] > 1.5 * r[0] && r[2] > 1.5 * r[1] && r[3] > 1.5 * r[2], "\(r)")
    }

    /// X/R of 0.02: the P–f and Q–V droops act on the wrong quantities and the angle runs off. Both
    /// fidelities must tell the same story, for it is a slow one.
    @Test func lowReactanceIsUnstableInBothFidelities() {
        var d = ACNetworkDescription.caseA(resistance: 10)
        for k in 0...1 { d.formers[k].Lc_H *= 0.05 }
        let windows = [(3.0, 0.5), (6.0, 0.5), (9.0, 0.5)]
        let fine = ripple(d, .waveform(step_s: 10e-6), windows: windows)
        let coarse = ripple(d, .phasor(step_s: 1e-3), windows: windows)
        for r in [fine, coarse] { #expect(r[1] > 1.5 * r[0] && r[2] > 1.5 * r[1], "\(r)") }
        for k in 0..<3 { #expect((fine[k] / coarse[k] - 1).magnitude < 0.02) }
    }

    @Test func sameSeedSameBits() {
        let runs = (0..<2).map { _ in
            let net = ACNetwork(.caseA(), fidelity: .waveform(), seed: 7)
            net.advance(by: 0.5)
            return net.fingerprint
        }
        #expect(runs[0] == runs[1])
    }
}
