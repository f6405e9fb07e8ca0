// The simulated network is integrated by RK4 in steps of 50 µs. Short lines and small capacitances
// ring faster than such a step can follow; a board file is refused before that happens.

extension SiteProfile {
    /// The step of the waveform simulation.
    static let networkStep_s = 50e-6
    /// Capacitance of a phase at a home's own busbar in the simulated village.
    static let homeCapacitance_F = 6e-6
    /// Largest ω·h. RK4 is stable to 2√2 = 2.83 on the imaginary axis; a fifth is kept for what
    /// the inverters' own loops and the loads' lags add.
    static let largestStep = 2.3

    /// ω·h of the fastest mode of the network's inductances and capacitances, with every switch
    /// closed.
    ///
    /// With node capacitances C, branch inductances L and incidence A, ω² is the largest eigenvalue
    /// of C⁻¹·A·L⁻¹·Aᵀ, found by power iteration on the symmetric C^(−1/2)·A·L⁻¹·Aᵀ·C^(−1/2).
    public var networkStep: Double {
        let bus = network.busCapacitance_uF * 1e-6
        let capacitances = [bus, bus] + homes.map { _ in Self.homeCapacitance_F }
        // From a node to a node, or to a stiff source (nil).
        var branches: [(from: Int, to: Int?, inverse: Double)] = [
            (0, nil, 1000 / network.gridL_mH), (0, 1, 1000 / network.cableL_mH),
        ]
        for (h, home) in homes.enumerated() {
            branches.append((1, 2 + h, 1000 / home.lineL_mH))
            // The inverter's choke of 8 % of its base impedance, its capacitor taken as stiff.
            let base = 3 * voltage_V * voltage_V / home.rating_VA
            branches.append((2 + h, nil, 2 * .pi * frequency_Hz / (0.08 * base)))
        }
        let roots = capacitances.map { $0.squareRoot() }
        // No symmetry of the network may hide a mode from the start vector.
        var x = roots.indices.map { $0 % 2 == 0 ? 1 + 0.1 * Double($0) : -1 - 0.07 * Double($0) }
        var largest = 0.0
        for _ in 0..<500 {
            let norm = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for n in x.indices { x[n] /= norm }
            var y = [Double](repeating: 0, count: x.count)
            for b in branches {
                let flow =
                    (x[b.from] / roots[b.from] - (b.to.map { x[$0] / roots[$0] } ?? 0)) * b.inverse
                y[b.from] += flow / roots[b.from]
                if let to = b.to { y[to] -= flow / roots[to] }
            }
            // The Rayleigh quotient, never above the eigenvalue.
            let now = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
            x = y
            if abs(now - largest) < 1e-9 * now { break }
            largest = now
        }
        return largest.squareRoot() * Self.networkStep_s
    }

    func checkNetwork(_ check: inout Check<SiteProfile>) {
        guard networkStep > Self.largestStep else { return }
        // The shortest line is to blame, if lengthening it alone is enough.
        if let h = homes.indices.min(by: { homes[$0].lineL_mH < homes[$1].lineL_mH }),
            let least = least(\.homes[h].lineL_mH)
        {
            check.refuse(
                \.homes, item: h, key: "line.L_mH",
                "is too short a line for the 50 µs step of the simulation",
                "lengthen the line to \(plain(least)) mH or raise network.bus_capacitance_uF")
        } else if let least = least(\.network.cableL_mH) {
            check.refuse(
                key: "network.cable.L_mH", "is too short a cable for the 50 µs step",
                "lengthen it to \(plain(least)) mH or raise bus_capacitance_uF")
        } else if let least = least(\.network.gridL_mH) {
            check.refuse(
                key: "network.grid.L_mH", "is too stiff a grid for the 50 µs step",
                "raise it to \(plain(least)) mH or raise bus_capacitance_uF")
        } else if let least = least(\.network.busCapacitance_uF) {
            check.refuse(
                key: "network.bus_capacitance_uF", "is too little for lines this short",
                "raise it to \(plain(least)) µF or lengthen the lines")
        } else {
            check.refuse(
                \.homes, "has lines too short for the 50 µs step of the simulation",
                "lengthen the lines (line.L_mH) and raise network.bus_capacitance_uF")
        }
    }

    /// The least value of one figure, to 2 digits, with which the step suffices; nil where none up
    /// to a hundredfold does.
    private func least(_ path: WritableKeyPath<SiteProfile, Double>) -> Double? {
        var site = self
        func suffices(_ value: Double) -> Bool {
            site[keyPath: path] = value
            return site.networkStep <= Self.largestStep
        }
        let now = self[keyPath: path]
        guard suffices(now * 100) else { return nil }
        var (low, high) = (now, now * 100)
        for _ in 0..<20 {
            let middle = (low * high).squareRoot()
            if suffices(middle) { high = middle } else { low = middle }
        }
        var unit = 1.0
        while high / unit >= 100 { unit *= 10 }
        while high / unit < 10 { unit /= 10 }
        // A whole number of units, as decimals are written.
        let digits = (high / unit).rounded(.up)
        return unit >= 1 ? digits * unit : digits / (1 / unit).rounded()
    }
}
