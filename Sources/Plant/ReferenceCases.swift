import Blocks

extension ACNetworkDescription {
    /// Case A: two virtual synchronous inverters share an R‖L load over R–L lines, islanded, 220 V,
    /// 50 Hz. The line is part of each inverter's coupling. `units` beyond two repeat the pair over
    /// a load that grows with it.
    ///
    /// - Parameters:
    ///   - resistance: factor on the resistance of line and coupling; above 1 lowers X/R.
    ///   - feedForward: share of the output current fed forward; 1 is unstable.
    public static func caseA(
        units: Int = 2, resistance: Double = 1, feedForward: Double = 0.7,
        Eset_V: Double = 311.7684853791735
    ) -> ACNetworkDescription {
        var d = ACNetworkDescription(nominalFrequency_Hz: 50, nominalPhaseVoltage_V: 220)
        let pairs = Double(units) / 2
        d.nodes = [ACNode(R_ohm: 3 * 220 * 220 / 15_000.0 / pairs)]
        d.branches = [
            ACBranch(
                from: 0, to: nil, R_ohm: 0,
                L_H: 3 * 220 * 220 / 6_000.0 / pairs / (100 * Double.pi))
        ]
        for k in 0..<units {
            let odd = Double(k % 2)
            var f = GridFormer(
                node: 0,
                primary: .virtualSynchronous(
                    VirtualSynchronous(
                        J_kgm2: 0.02, D_Nms: 100 * (1 + odd), reference_W: 6000,
                        Dq_V_per_var: 5e-4, wq_rad_s: 31.4, Eset_V: Eset_V)))
            f.Rc_ohm = (0.05 + 0.1 * (1 + odd)) * resistance
            f.Lc_H = 2e-3 * (1 + 0.5 * odd)
            f.feedForward = feedForward
            f.virtual = VirtualImpedance(R_ohm: 0, L_H: 0)
            // The reference has no limits: a link and a current that never bind.
            f.link_V = 1e4
            f.rated_A = 1e4
            f.shortTime_A = 1e4
            d.formers.append(f)
        }
        return d
    }
}

extension ACNetworkDescription {
    /// A feeder of four homes behind one islanding switch (branch 0): node 0 is the utility's stub,
    /// node 1 the feeder's busbar, nodes 2 to 5 the homes. Each home has a commanded former, PV and a
    /// ZIP load; two have chargers; the rest of the ten followers are a turbine and rectifiers.
    public static func fourHomes(gridPresent: Bool = true) -> ACNetworkDescription {
        var d = ACNetworkDescription(nominalFrequency_Hz: 50, nominalPhaseVoltage_V: 230)
        d.nodes = Array(repeating: ACNode(capacitance_F: 20e-6), count: 6)
        // 4 × 50 mm² aluminium: 0.64 Ω/km and about 0.3 mH/km; 150 to 300 m, plus the meter's choke.
        d.branches = [ACBranch(from: 0, to: 1, R_ohm: 0.02, L_H: 0.2e-3)]
        for k in 0..<4 {
            let km = 0.15 + 0.05 * Double(k)
            d.branches.append(
                ACBranch(from: 1, to: 2 + k, R_ohm: 0.64 * km, L_H: 0.3e-3 * km + 0.15e-3))
            d.formers.append(GridFormer(node: 2 + k, primary: .commanded))
            d.followers.append(GridFollower(node: 2 + k, rating_VA: 8000))
            d.loads.append(
                ACLoad(
                    node: 2 + k, drawing_W: 2000 + 500 * Double(k), drawing_var: 400,
                    impedance: 0.4, current: 0.3))
        }
        for n in [2, 4] { d.followers.append(GridFollower(node: n, rating_VA: 11_000)) }
        d.followers.append(GridFollower(node: 1, rating_VA: 5000))
        for n in [3, 4, 5] { d.followers.append(GridFollower(node: n, rating_VA: 1000)) }
        d.grid = ACGrid(
            node: 0, R_ohm: 0.1, L_H: 0.3e-3, others_W: 4000, others_var: 1000,
            isPresent: gridPresent, phase_deg: 0)
        return d
    }

    /// The longest step at which RK4 follows this network's lines and filters, as a safe bound: 2.6
    /// over the fastest resonance, ω² ≤ 2·Σ(1/L)/C at the worst capacitor, or over R·Σ(1/L) at a
    /// node without one.
    public var stableStep_s: Double {
        var square = 0.0
        for (n, node) in nodes.enumerated() {
            var sum = 0.0
            for b in branches where b.from == n || b.to == n { sum += 1 / b.L_H }
            for f in formers where f.node == n { sum += 1 / f.Lc_H }
            if let grid, grid.node == n { sum += 1 / grid.L_H }
            let rate = node.R_ohm * sum
            square = max(
                square, node.capacitance_F > 0 ? 2 * sum / node.capacitance_F : rate * rate)
        }
        for f in formers { square = max(square, 2 * (1 / f.Lc_H + 1 / f.Lf_H) / f.Cf_F) }
        return square > 0 ? 2.6 / square.squareRoot() : .infinity
    }
}
