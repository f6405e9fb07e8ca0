import Plant

/// The plant in waveform fidelity: two virtual synchronous inverters over R-L lines on an R‖L load.
enum PlantBench {
    static let words = """
        plant-case-A: µs for a step of 50 µs. The peer is Tests/Bench/case_a_rk4.c, the same
        equations in plain C by gcc -O3 -march=native -ffast-math; both are RK4 and keep the
        network as space vectors (dq). -vs-dpsim: against DPsim 1.4.0's C++ core, which solves the
        same case in three phases (EMT) and so does more; the bar is a seventy-fifth.
        """

    static func lines(peers: String) -> [BenchLine] {
        BenchLine.compare(
            ["plant-case-A", "plant-case-A-vs-dpsim"], ours: step_us,
            with: [
                Peer(name: "C", arguments: ["\(peers)/case_a_rk4", "2", "20", "50"]),
                Peer(
                    name: "DPsim",
                    arguments: [
                        "\(peers)/venv/bin/python", "Tests/Bench/dpsim_case_a.py", "2", "1", "50",
                        "2",
                    ]),
            ], bars: [1.5, 1.0 / 75], rounds: 9)
    }

    private static func step_us() -> Double {
        let network = ACNetwork(.caseA(), fidelity: .waveform(step_s: 50e-6), seed: 1)
        let steps = 400_000
        let spent = cpuTime_s(of: { for _ in 0..<steps { network.step() } })
        precondition(network.filteredPower(former: 0).P_W.isFinite)
        return spent / Double(steps) * 1e6
    }
}
