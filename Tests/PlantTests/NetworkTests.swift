import Plant
import Testing

@Suite struct NetworkTests {
    /// Energy of a resonant circuit that nobody feeds: ¾·(C·u² + L·i²) per three phases, doubled.
    @Test func losslessCircuitKeepsItsEnergy() {
        var d = ACNetworkDescription(nominalFrequency_Hz: 50, nominalPhaseVoltage_V: 230)
        d.nodes = [ACNode(capacitance_F: 100e-6), ACNode(capacitance_F: 100e-6)]
        d.branches = [
            ACBranch(from: 0, to: 1, R_ohm: 0, L_H: 10e-3),
            ACBranch(from: 1, to: nil, R_ohm: 0, L_H: 20e-3),
        ]
        d.grid = ACGrid(node: 0, R_ohm: 1, L_H: 1e-3, phase_deg: 0)
        let net = ACNetwork(d, fidelity: .waveform(), seed: 1)
        net.advance(by: 0.05)
        net.set(grid: .loss)
        func energy() -> Double {
            func s(_ v: SIMD2<Double>) -> Double { v.x * v.x + v.y * v.y }
            return 0.75
                * (100e-6 * (s(net.voltage(node: 0)) + s(net.voltage(node: 1)))
                    + 10e-3 * s(net.current(branch: 0)) + 20e-3 * s(net.current(branch: 1)))
        }
        let start = energy()
        #expect(start > 1)
        net.advance(by: 1)
        #expect((energy() / start - 1).magnitude < 1e-4)
    }

    /// What the sources give is what resistances take and what fields keep.
    @Test func powerIsBalanced() {
        let net = ACNetwork(.caseA(), fidelity: .waveform(), seed: 1)
        net.advance(by: 6)
        let u = net.voltage(node: 0)
        let load = 1.5 * (u.x * u.x + u.y * u.y) / 9.68
        var given = 0.0
        for (k, R) in [0.15, 0.25].enumerated() {
            let i = net.current(former: k)
            given += net.power(former: k).P_W - 1.5 * R * (i.x * i.x + i.y * i.y)
        }
        #expect((given / load - 1).magnitude < 1e-6)
    }

    func village(_ fidelity: Fidelity, seed: UInt64 = 5) -> ACNetwork {
        let net = ACNetwork(.fourHomes(), fidelity: fidelity, seed: seed)
        for k in 0..<4 { net.command(follower: k, P_W: 1500) }
        net.command(follower: 4, P_W: -3000)
        for k in 0..<4 {
            net.command(former: k, FormerCommand(mode: .follow, activePower_W: 1000))
        }
        return net
    }

    @Test func bothFidelitiesAgreeInTheSteadyState() {
        let a = village(.waveform())
        // Formers start on a live node: a waveform needs a moment for that.
        for k in 0..<4 { a.command(former: k, FormerCommand(mode: .off)) }
        a.advance(by: 0.1)
        for k in 0..<4 { a.command(former: k, FormerCommand(mode: .follow, activePower_W: 1000)) }
        let b = village(.phasor())
        func compare(_ stage: String) {
            a.advance(by: 3)
            b.advance(by: 3)
            // Followers angle error at 50 Hz is nil; the capacitors' vars are in both.
            for n in 0..<6 {
                let off = (length(a.voltage(node: n)) / length(b.voltage(node: n)) - 1).magnitude
                #expect(off < 5e-4, "\(stage) node \(n): \(off)")
            }
            for k in 0..<4 {
                let off = (a.power(former: k).P_W - b.power(former: k).P_W).magnitude
                #expect(off < 30, "\(stage) former \(k): \(off) W")
            }
        }
        compare("following")
        for net in [a, b] {
            for k in 0..<4 {
                net.command(
                    former: k, FormerCommand(mode: .form, frequency_Hz: 50, voltage_V: 228))
            }
            net.set(switch: 0, closed: false)
        }
        // No droop here, so the angles of the moment of islanding stay: compare the sums.
        a.advance(by: 1)
        b.advance(by: 1)
        func total(_ net: ACNetwork) -> Double {
            (0..<4).reduce(0) { $0 + net.power(former: $1).P_W }
        }
        #expect((total(a) / total(b) - 1).magnitude < 5e-3, "\(total(a)) \(total(b))")
    }

    @Test func seedsAndGoldenFingerprint() {
        func run(_ fidelity: Fidelity, _ seed: UInt64) -> UInt64 {
            let net = village(fidelity, seed: seed)
            net.advance(by: 0.5)
            net.set(switch: 0, closed: false)
            for k in 0..<4 {
                net.command(
                    former: k, FormerCommand(mode: .form, frequency_Hz: 49.9, voltage_V: 228))
            }
            net.advance(by: 0.5)
            return net.fingerprint
        }
        #expect(run(.waveform(), 5) == run(.waveform(), 5))
        #expect(run(.phasor(), 5) == run(.phasor(), 5))
        // Golden: every processor and every build must arrive at these bits.
        #expect(run(.waveform(), 5) == 16_994_664_976_455_598_943)
        #expect(run(.phasor(), 5) == 13_671_837_361_238_495_270)
        var d = ACNetworkDescription.fourHomes()
        d.grid?.phase_deg = nil
        let angles = [1, 2].map { ACNetwork(d, fidelity: .phasor(), seed: $0).gridAngle_rad }
        #expect(angles[0] != angles[1])
    }

    /// Four formers under P–f and Q–V droop in a slow tick: 1 % of frequency and 5 % of voltage at
    /// 28 kVA, a load step after two seconds. Steady sharing is a matter of droop alone.
    @Test(
        arguments: [
            (Fidelity.waveform(), 1e-3), (.waveform(), 10e-3), (.waveform(), 20e-3),
            (.phasor(step_s: 1e-3), 1e-3), (.phasor(), 10e-3), (.phasor(), 20e-3),
        ]) func droopSharesEqually(fidelity: Fidelity, tick_s: Double)
    {
        let net = ACNetwork(.fourHomes(gridPresent: false), fidelity: fidelity, seed: 3)
        net.set(switch: 0, closed: false)
        for k in 0..<4 {
            net.command(former: k, FormerCommand(mode: .form, frequency_Hz: 50, voltage_V: 230))
        }
        net.advance(by: 0.2)
        net.command(follower: 0, P_W: 1500)
        net.command(follower: 4, P_W: -3000)
        var apart = 0.0
        for j in 0..<Int(4 / tick_s) {
            if j == Int(2 / tick_s) { net.set(load: 0, drawing_W: 8000, drawing_var: 400) }
            net.advance(by: tick_s)
            for k in 0..<4 {
                let s = net.filteredPower(former: k)
                if Double(j) * tick_s > 3.5 {
                    apart = max(apart, (s.P_W / net.filteredPower(former: 0).P_W - 1).magnitude)
                }
                net.command(
                    former: k,
                    FormerCommand(
                        mode: .form, frequency_Hz: 50 - 0.5 * s.P_W / 28_000,
                        voltage_V: 230 * (1 - 0.05 * s.Q_var / 28_000)))
            }
        }
        #expect(apart < 1e-3)
        let f = 50 - 0.5 * net.filteredPower(former: 0).P_W / 28_000
        #expect((net.frequency(node: 1) - f).magnitude < 1e-4)
        #expect(net.filteredPower(former: 0).P_W > 3500)
    }

    @Test func constantPowerBecomesImpedanceWhenTheVoltageFails() {
        for fidelity in [Fidelity.waveform(), .phasor()] {
            var d = ACNetworkDescription(nominalFrequency_Hz: 50, nominalPhaseVoltage_V: 230)
            d.nodes = [ACNode(capacitance_F: 20e-6)]
            d.loads = [ACLoad(node: 0, drawing_W: 8000, impedance: 0)]
            d.grid = ACGrid(node: 0, R_ohm: 0.3, L_H: 1e-3, phase_deg: 0)
            let net = ACNetwork(d, fidelity: fidelity, seed: 1)
            net.advance(by: 1)
            #expect((net.power(load: 0).P_W + 8000).magnitude < 40)
            net.set(grid: .voltage_pu(0.5))
            net.advance(by: 1)
            let pu = length(net.voltage(node: 0)) / (230 * 2.0.squareRoot())
            let expected = -8000 * (pu / 0.7) * (pu / 0.7)
            #expect((net.power(load: 0).P_W - expected).magnitude < 40, "\(fidelity)")
        }
    }

    @Test func machineLoadIsImpedanceNowAndPowerLater() {
        var d = ACNetworkDescription(nominalFrequency_Hz: 50, nominalPhaseVoltage_V: 230)
        d.nodes = [ACNode(capacitance_F: 20e-6)]
        d.loads = [ACLoad(node: 0, drawing_W: 8000, drawing_var: 4000, speedLag_s: 0.2)]
        d.grid = ACGrid(node: 0, R_ohm: 0.05, L_H: 0.2e-3, phase_deg: 0)
        let net = ACNetwork(d, fidelity: .waveform(), seed: 1)
        net.advance(by: 2)
        #expect((net.power(load: 0).P_W + 8000).magnitude < 20)
        net.set(grid: .voltage_pu(0.9))
        net.advance(by: 0.02)
        let soon = net.power(load: 0).P_W
        #expect(soon > -7000, "\(soon)")
        net.advance(by: 2)
        #expect((net.power(load: 0).P_W + 8000).magnitude < 20)
    }

    @Test func phasesComeBackFromTheFrame() {
        let net = ACNetwork(.fourHomes(), fidelity: .waveform(), seed: 1)
        net.advance(by: 0.5)
        var sum = 0.0
        var top = 0.0
        for _ in 0..<400 {
            net.step()
            let p = net.phases(of: net.voltage(node: 1))
            sum += p.a * p.a
            top = max(top, (p.a + p.b + p.c).magnitude)
        }
        let rms = (sum / 400).squareRoot()
        #expect((rms * 2.0.squareRoot() - length(net.voltage(node: 1))).magnitude < 1)
        #expect(top < 1e-9)
    }

    @Test func currentLimitHoldsInPhasorFidelityToo() {
        let net = ACNetwork(.fourHomes(gridPresent: false), fidelity: .phasor(), seed: 1)
        net.set(switch: 0, closed: false)
        for k in 0..<4 {
            net.command(former: k, FormerCommand(mode: .form, frequency_Hz: 50, voltage_V: 230))
        }
        net.advance(by: 1)
        net.set(node: 2, fault_ohm: 0.02)
        net.advance(by: 0.1)
        for k in 0..<4 {
            let i = length(net.current(former: k))
            #expect(i < 1.02 * 120, "former \(k): \(i) A")
        }
        #expect(net.isLimiting(former: 0))
        net.set(node: 2, fault_ohm: nil)
        net.advance(by: 0.5)
        #expect((length(net.voltage(node: 2)) / 2.0.squareRoot() - 230).magnitude < 5)
    }

    @Test func theExampleFeederIsStableAtItsStep() {
        #expect(ACNetworkDescription.fourHomes().stableStep_s >= 50e-6)
        #expect(ACNetworkDescription.caseA().stableStep_s >= 50e-6)
    }
}
