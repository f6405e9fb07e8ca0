import BoardProfile
import Scenario
import Testing

@Suite("The network a board file describes, and the step it is simulated in")
struct FilesNetworkTests {
    /// The shipped village with every inductance times `factor`, run for two seconds.
    private func run(_ factor: Double) throws -> (step: Double, voltage_V: Double) {
        var site = try SiteProfile.load(boardsFolder + "/sim-village").get()
        site.network.gridL_mH *= factor
        site.network.cableL_mH *= factor
        for h in site.homes.indices { site.homes[h].lineL_mH *= factor }
        site.coupling?.deadBus_s = 0.6
        site.coupling?.enterDelay_s = 0.3
        let village = Village(site, fidelity: .waveform(step_s: 50e-6), seed: 1)
        for _ in 0..<2000 { village.turn() }
        return (site.networkStep, village.microgrid.rms(node: 1))
    }

    @Test("What is accepted can be simulated; far beyond the limit it cannot")
    func limit() throws {
        let shipped = try run(1)
        #expect(shipped.step <= 2.3)
        #expect((200...260).contains(shipped.voltage_V))
        let edge = try run(shipped.step * shipped.step / (2.3 * 2.3))
        #expect(abs(edge.step - 2.3) < 0.02)
        #expect((200...260).contains(edge.voltage_V), "\(edge)")
        let beyond = try run(shipped.step * shipped.step / (3.2 * 3.2))
        #expect(!(200...260).contains(beyond.voltage_V), "\(beyond)")
    }

    @Test("The fastest mode of a chain is the one that can be worked out by hand")
    func chain() {
        // One home; stub and bus 20 µF, home 6 µF. A grid far away and an inverter whose choke
        // is huge leave three capacitors in a chain of L1 and L2:
        // λ² − λ·(a + b) + ... for C⁻¹·A·L⁻¹·Aᵀ, whose non-zero eigenvalues are the roots of
        // λ² − λ·(k1·(1/C0 + 1/C1) + k2·(1/C1 + 1/C2)) + k1·k2·(C0 + C1 + C2)/(C0·C1·C2) = 0.
        var site = SiteProfile()
        var home = HomeProfile()
        home.rating_VA = 1e-3
        home.lineL_mH = 0.5
        site.homes = [home]
        site.network.gridL_mH = 1e9
        site.network.cableL_mH = 0.3
        let (c0, c1, c2) = (20e-6, 20e-6, 6e-6)
        let (k1, k2) = (1 / 0.3e-3, 1 / 0.5e-3)
        let b = k1 * (1 / c0 + 1 / c1) + k2 * (1 / c1 + 1 / c2)
        let c = k1 * k2 * (c0 + c1 + c2) / (c0 * c1 * c2)
        let largest = (b + (b * b - 4 * c).squareRoot()) / 2
        #expect(abs(site.networkStep / (largest.squareRoot() * 50e-6) - 1) < 1e-6)
    }
}
