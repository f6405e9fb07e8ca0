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
            // The reference has no limits: a link and a current that never bind.
            f.link_V = 1e4
            f.rated_A = 1e4
            f.shortTime_A = 1e4
            d.formers.append(f)
        }
        return d
    }
}
