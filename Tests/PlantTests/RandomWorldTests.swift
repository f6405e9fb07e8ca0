import Plant
import Testing

/// Whatever is done to the village, its state stays finite and its voltages bounded.
@Suite struct RandomWorldTests {
    static func change(_ r: inout Random) -> GridChange {
        switch r.next() % 12 {
        case 0: .frequency_Hz(r.uniform(48, 52))
        case 1: .ramp_Hz_per_s(r.uniform(-3, 3), until_Hz: r.uniform(48, 52))
        case 2: .voltage_pu(r.uniform(0, 1.2), jump_deg: r.uniform(-180, 180))
        case 3: .voltage_pu(1)
        case 4: .negativeSequence_pu(r.uniform(0, 0.1))
        case 5: .harmonic(order: 7, pu: r.uniform(0, 0.08))
        case 6: .loss
        case 7: .restoration(phase_deg: r.uniform(0, 360))
        case 8: .fault(R_ohm: r.uniform(0.01, 3))
        case 9: .clearance
        case 10: .impedance(R_ohm: r.uniform(0.05, 1), L_H: r.uniform(0.2e-3, 4e-3))
        default: .others(drawing_W: r.uniform(0, 9000), drawing_var: r.uniform(0, 3000))
        }
    }

    static func disturb(_ net: ACNetwork, _ r: inout Random) {
        let k = Int(r.next() % 4)
        switch r.next() % 6 {
        case 0: net.set(grid: change(&r))
        case 1: net.set(switch: 0, closed: r.unit() < 0.5)
        case 2, 3:
            let modes: [FormerCommand.Mode] = [.off, .follow, .form, .form]
            net.command(
                former: k,
                FormerCommand(
                    mode: modes[Int(r.next() % 4)], frequency_Hz: r.uniform(49, 51),
                    voltage_V: r.uniform(200, 250), activePower_W: r.uniform(-20_000, 20_000),
                    reactivePower_var: r.uniform(-5000, 5000)))
        case 4:
            net.command(
                follower: Int(r.next() % 10), P_W: r.uniform(-9000, 9000),
                Q_var: r.uniform(-2000, 2000), enabled: r.unit() < 0.8)
        default: net.set(load: k, drawing_W: r.uniform(0, 12_000), drawing_var: r.uniform(0, 3000))
        }
    }

    @Test(arguments: [Fidelity.waveform(), .phasor()]) func nothingBlowsUp(fidelity: Fidelity) {
        var trouble = ""
        for seed in 0..<60 as Range<UInt64> {
            var r = Random(seed: seed).fork("world")
            let net = ACNetwork(.fourHomes(), fidelity: fidelity, seed: seed)
            var highest = 0.0
            for _ in 0..<40 {
                Self.disturb(net, &r)
                for _ in 0..<5 {
                    net.advance(by: 0.01)
                    for n in 0..<6 {
                        let u = length(net.voltage(node: n)) / (230 * 2.0.squareRoot())
                        highest = u > highest || u.isNaN ? u : highest
                    }
                }
                if !(highest < 6) { break }
            }
            if !(highest < 6), trouble.isEmpty {
                trouble = "seed \(seed): \(highest) pu at \(net.time_s) s"
            }
        }
        #expect(trouble.isEmpty, "\(trouble)")
    }
}
