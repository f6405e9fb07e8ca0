import Blocks
import Plant
import Testing

func length(_ v: SIMD2<Double>) -> Double { (v.x * v.x + v.y * v.y).squareRoot() }

@Suite struct GridEventTests {
    /// One former on a node with a load, behind a switch to a grid.
    func site(
        R: Double = 0.1, L: Double = 0.5e-3, isPresent: Bool = true, virtual_ohm: Double = 0
    ) -> ACNetwork {
        var d = ACNetworkDescription(nominalFrequency_Hz: 50, nominalPhaseVoltage_V: 230)
        d.nodes = [ACNode(capacitance_F: 20e-6), ACNode(capacitance_F: 20e-6)]
        d.branches = [ACBranch(from: 0, to: 1, R_ohm: 0.05, L_H: 0.3e-3)]
        d.formers = [GridFormer(node: 1, primary: .commanded)]
        d.formers[0].virtual = VirtualImpedance(R_ohm: virtual_ohm, L_H: virtual_ohm / 100)
        d.loads = [ACLoad(node: 1, drawing_W: 5000, drawing_var: 500)]
        d.grid = ACGrid(
            node: 0, R_ohm: R, L_H: L, others_W: 3000, others_var: 500, isPresent: isPresent,
            phase_deg: 30)
        return ACNetwork(d, fidelity: .waveform(), seed: 1)
    }

    @Test func blackStartHoldsCommandedVoltageAndFrequency() {
        let net = site(isPresent: false)
        net.set(switch: 0, closed: false)
        net.command(former: 0, FormerCommand(mode: .form, frequency_Hz: 50.2, voltage_V: 225))
        net.advance(by: 1)
        #expect((length(net.capacitorVoltage(former: 0)) / 2.0.squareRoot() - 225).magnitude < 0.01)
        #expect((net.frequency(node: 1) - 50.2).magnitude < 1e-4)
        #expect(length(net.voltage(node: 0)) == 0)
    }

    @Test func followingInjectsWhatIsAsked() {
        let net = site()
        net.advance(by: 0.2)
        net.command(
            former: 0,
            FormerCommand(mode: .follow, activePower_W: 4000, reactivePower_var: 1000))
        net.advance(by: 1)
        let s = net.power(former: 0)
        #expect((s.P_W - 4000).magnitude < 5)
        #expect((s.Q_var - 1000).magnitude < 5)
        #expect((net.frequency(former: 0) - 50).magnitude < 1e-3)
    }

    /// Largest change of the former's current within 20 ms of `act`, A.
    func bump(_ net: ACNetwork, _ act: () -> Void) -> Double {
        let before = net.current(former: 0)
        act()
        var most = 0.0
        for _ in 0..<400 {
            net.step()
            most = max(most, length(net.current(former: 0) - before))
        }
        return most
    }

    @Test(arguments: [0, 0.2]) func followToFormAndBackIsBumpless(virtual_ohm: Double) {
        let net = site(virtual_ohm: virtual_ohm)
        net.advance(by: 0.3)
        let follow = FormerCommand(
            mode: .follow, activePower_W: 3000, reactivePower_var: 300)
        net.command(former: 0, follow)
        net.advance(by: 2)
        let carried = length(net.current(former: 0))
        // What a forming inverter must ask for to stand where this one stands.
        let inner =
            net.capacitorVoltage(former: 0)
            + VirtualImpedance(R_ohm: virtual_ohm, L_H: virtual_ohm / 100)
            .drop(net.current(former: 0), omega: 100 * .pi)
        let v = length(inner) / 2.0.squareRoot()
        let form = FormerCommand(mode: .form, frequency_Hz: 50, voltage_V: v)
        #expect(bump(net) { net.command(former: 0, form) } < 0.05 * carried)
        #expect(bump(net) { net.command(former: 0, follow) } < 0.05 * carried)
        // And when the grid goes while it follows, forming takes the load over.
        net.command(former: 0, form)
        net.set(switch: 0, closed: false)
        net.advance(by: 0.5)
        #expect((length(net.voltage(node: 1)) / 2.0.squareRoot() - v).magnitude < 0.03 * v)
    }

    @Test func faultCurrentIsLimitedDeratesAndComesBack() {
        let net = site(isPresent: false)
        net.set(switch: 0, closed: false)
        net.command(former: 0, FormerCommand(mode: .form, frequency_Hz: 50, voltage_V: 230))
        net.advance(by: 0.5)
        net.set(node: 1, fault_ohm: 0.05)
        net.advance(by: 0.2)
        let limited = length(net.current(former: 0))
        #expect(net.isLimiting(former: 0))
        #expect(limited > 0.9 * 120 && limited < 1.05 * 120, "\(limited)")
        net.advance(by: 4)
        let derated = length(net.current(former: 0))
        #expect(derated < 1.1 * 60, "\(derated)")
        net.set(node: 1, fault_ohm: nil)
        net.advance(by: 0.5)
        let v = length(net.voltage(node: 1)) / 2.0.squareRoot()
        #expect((v - 230).magnitude < 10, "\(v)")
        #expect(!net.isLimiting(former: 0))
    }

    @Test func phaseJumpIsRiddenThrough() {
        let net = site()
        net.advance(by: 0.2)
        net.command(former: 0, FormerCommand(mode: .follow, activePower_W: 3000))
        net.advance(by: 1)
        net.set(grid: .voltage_pu(1, jump_deg: 20))
        var most = 0.0
        for _ in 0..<4000 {
            net.step()
            most = max(most, length(net.current(former: 0)))
        }
        #expect(most < 1.3 * 120, "\(most)")
        net.advance(by: 0.5)
        #expect((net.power(former: 0).P_W - 3000).magnitude < 10)
    }

    /// Phase a at half: the rest keeps its angle, and no zero sequence comes through.
    @Test func sagOfOnePhase() {
        let net = site()
        net.set(grid: .others(drawing_W: 0, drawing_var: 0))
        net.set(load: 0, drawing_W: 0, drawing_var: 0)
        net.set(grid: .phases_pu(0.5, 1, 1))
        net.advance(by: 0.2)
        var squares = [0.0, 0.0, 0.0]
        for _ in 0..<400 {
            net.step()
            let v = net.voltage(node: 1)
            let (c, s) = unitVector(net.frameTurns)
            let (x, y) = (v.x * c - v.y * s, v.x * s + v.y * c)
            squares[0] += x * x
            squares[1] += (-0.5 * x + 0.8660254 * y) * (-0.5 * x + 0.8660254 * y)
            squares[2] += (-0.5 * x - 0.8660254 * y) * (-0.5 * x - 0.8660254 * y)
        }
        let pu = squares.map { ($0 / 400).squareRoot() / 230 }
        // 2/3, and √(1/3² + 3/4) of a third taken off -1/2 ± j√3/2.
        for (got, want) in zip(pu, [0.6667, 0.9280, 0.9280]) {
            #expect((got - want).magnitude < 0.005, "\(pu)")
        }
        net.set(grid: .phases_pu(1, 1, 1))
        net.advance(by: 0.2)
        #expect((length(net.voltage(node: 1)) / 2.0.squareRoot() - 230).magnitude < 1)
    }

    @Test func weakGridIsFollowed() {
        // Short-circuit power 3·230²/|1 + j1.57| = 85 kVA for 10 kW: a ratio of 8.5.
        let net = site(R: 1, L: 5e-3)
        net.advance(by: 0.3)
        net.command(former: 0, FormerCommand(mode: .follow, activePower_W: 10_000))
        net.advance(by: 2)
        #expect((net.power(former: 0).P_W - 10_000).magnitude < 20)
    }

    @Test func frequencyRampAndStop() {
        let net = site()
        net.advance(by: 0.5)
        net.set(grid: .ramp_Hz_per_s(-1, until_Hz: 49.5))
        net.advance(by: 0.3)
        #expect((net.frequency(node: 0) - 49.7).magnitude < 0.02)
        net.advance(by: 1)
        #expect((net.frequency(node: 0) - 49.5).magnitude < 1e-3)
    }

    @Test func negativeSequenceTurnsBackwardsAtTwiceTheFrequency() {
        let net = site()
        net.set(grid: .negativeSequence_pu(0.05))
        net.set(grid: .harmonic(order: 5, pu: 0.03))
        net.advance(by: 1)
        // One cycle of the node's voltage against a vector at −2ω and one at −6ω of the frame.
        func part(_ turns: Double) -> Double {
            var sum = SIMD2<Double>()
            for k in 0..<400 {
                net.step()
                let (c, s) = unitVector(-turns * Double(k) / 400)
                let u = net.voltage(node: 0)
                sum += SIMD2(u.x * c - u.y * s, u.x * s + u.y * c)
            }
            return length(sum) / 400 / (230 * 2.0.squareRoot())
        }
        let negative = part(-2)
        let fifth = part(-6)
        #expect(negative > 0.04 && negative < 0.055, "\(negative)")
        #expect(fifth > 0.02 && fifth < 0.05, "\(fifth)")
        #expect(part(-3) < 2e-3)
    }

    @Test func lossLeavesTheOthersAndRestorationComesAtAnyAngle() {
        let net = site()
        net.advance(by: 0.2)
        net.set(grid: .loss)
        net.advance(by: 0.3)
        #expect(length(net.voltage(node: 0)) < 1)
        #expect(net.gridPower.P_W == 0)
        net.set(grid: .restoration(phase_deg: 123))
        net.advance(by: 0.5)
        #expect(length(net.voltage(node: 0)) > 310)
    }

    @Test func followersCeaseInADipAndComeBackAlongTheRamp() {
        var d = ACNetworkDescription.fourHomes()
        d.loads = []
        let net = ACNetwork(d, fidelity: .waveform(), seed: 1)
        net.advance(by: 0.1)
        net.command(follower: 0, P_W: 5000)
        net.advance(by: 1)
        #expect((net.power(follower: 0).P_W - 5000).magnitude < 10)
        net.set(grid: .voltage_pu(0.3))
        net.advance(by: 0.1)
        #expect(length(net.current(follower: 0)) < 0.1)
        net.set(grid: .voltage_pu(1))
        net.advance(by: 0.27)
        let half = net.power(follower: 0).P_W
        #expect(half > 1500 && half < 3500, "\(half)")
        net.advance(by: 0.5)
        #expect((net.power(follower: 0).P_W - 5000).magnitude < 10)
    }

    /// An island that forms 49.8 Hz meets the grid at a chosen angle.
    @Test func closingInPhaseIsGentleAndOutOfPhaseIsNot() {
        func peak(at_deg: Double) -> Double {
            let net = site()
            net.set(switch: 0, closed: false)
            net.command(former: 0, FormerCommand(mode: .form, frequency_Hz: 49.8, voltage_V: 230))
            net.advance(by: 1)
            // Wait until the grid leads by the angle wanted.
            let (c, s) = unitVector(at_deg / 360)
            var near = -1.0
            while near < 0.9999 {
                net.step()
                let g = net.voltage(node: 0)
                let u = net.voltage(node: 1)
                let turned = SIMD2(u.x * c - u.y * s, u.x * s + u.y * c)
                near = (g.x * turned.x + g.y * turned.y) / (length(g) * length(u))
            }
            net.set(switch: 0, closed: true)
            var most = 0.0
            for _ in 0..<400 {
                net.step()
                most = max(most, length(net.current(branch: 0)))
            }
            return most
        }
        let gentle = peak(at_deg: 0)
        let rough = peak(at_deg: 120)
        #expect(gentle < 60, "\(gentle)")
        // 560 V across 0.6 Ω: only the 120 A limiter stands between, and the first peak passes it.
        #expect(rough > 120 && rough > 3 * gentle, "\(rough)")
    }

    @Test func followersKeepTheirPowerFactorAwayFromNominalFrequency() {
        let island = ACNetwork(
            .fourHomes(gridPresent: false), fidelity: .waveform(), seed: 1)
        island.set(switch: 0, closed: false)
        for k in 0..<4 {
            island.command(
                former: k, FormerCommand(mode: .form, frequency_Hz: 51.5, voltage_V: 230))
        }
        island.advance(by: 0.3)
        island.command(follower: 0, P_W: 3000)
        island.advance(by: 2)
        let s = island.power(follower: 0)
        #expect((s.P_W - 3000).magnitude < 15, "\(s)")
        #expect(s.Q_var.magnitude < 15, "\(s)")
    }

    @Test func anInverterWithoutItsLinkIsOff() {
        let net = site()
        net.advance(by: 0.2)
        net.command(former: 0, FormerCommand(mode: .follow, activePower_W: 3000))
        net.advance(by: 0.5)
        net.set(former: 0, link_V: 300)
        net.advance(by: 0.1)
        #expect(length(net.current(former: 0)) == 0)
        net.set(former: 0, link_V: 800)
        net.advance(by: 0.5)
        #expect((net.power(former: 0).P_W - 3000).magnitude < 10)
    }

    /// cos, sin of a fraction of a turn, by the frame of a network: keeps libm out of the tests too.
    func unitVector(_ turns: Double) -> (Double, Double) {
        let t = turns - turns.rounded(.down)
        var c = 1.0
        var s = 0.0
        // Eight squarings of the vector of a 256th of the angle.
        let x = t * 2 * .pi / 256
        c = 1 - x * x / 2 + x * x * x * x / 24
        s = x - x * x * x / 6 + x * x * x * x * x / 120
        for _ in 0..<8 { (c, s) = (c * c - s * s, 2 * c * s) }
        return (c, s)
    }
}
