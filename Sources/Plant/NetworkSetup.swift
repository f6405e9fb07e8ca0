import Blocks

extension NetworkCore {
    init(_ d: ACNetworkDescription, _ fidelity: Fidelity, _ seed: UInt64) {
        nodes = d.nodes.count
        formers = d.formers.count
        followers = d.followers.count
        loads = d.loads.count
        let own = d.branches.count
        branches = own + (d.grid == nil ? 0 : 2)
        gridNode = d.grid?.node ?? -1
        gridBranch = d.grid == nil ? -1 : own
        othersBranch = d.grid == nil ? -1 : own + 1
        if case .phasor = fidelity { isPhasor = true } else { isPhasor = false }
        let h = fidelity.step_s
        precondition(nodes > 0 && h > 0)
        node = .allocate(capacity: nodes)
        branch = .allocate(capacity: branches)
        former = .allocate(capacity: formers)
        follower = .allocate(capacity: followers)
        load = .allocate(capacity: loads)
        clock = .allocate(capacity: 1)
        grid = .allocate(capacity: 1)
        let states = nodes + 2 + branches + formers * FormerUnit.width
        func zeros(_ n: Int) -> UnsafeMutablePointer<Complex> {
            let p = UnsafeMutablePointer<Complex>.allocate(capacity: n)
            p.initialize(repeating: Complex(), count: n)
            return p
        }
        x = zeros(states)
        stage = zeros(states)
        slope = zeros(states)
        total = zeros(states)
        injected = zeros(nodes + 2)
        sum = zeros(nodes + 2)
        earlier = zeros(nodes)
        inverse = zeros(nodes * nodes)
        work = zeros(2 * nodes * nodes)
        frequency_Hz = .allocate(capacity: nodes)
        frequency_Hz.initialize(repeating: 0, count: nodes)
        clock.initialize(
            to: NetworkClock(
                h: h, nominal_Hz: d.nominalFrequency_Hz, omega: 2 * .pi * d.nominalFrequency_Hz,
                peak_V: d.nominalPhaseVoltage_V * 2.0.squareRoot()))
        clock.pointee.stride = max(1, Int((1e-3 / h).rounded()))
        fill(d, seed)
    }

    private func fill(_ d: ACNetworkDescription, _ seed: UInt64) {
        let known = 0..<nodes
        let h = clock.pointee.h
        func gain(_ lag_s: Double) -> Double { lag_s > 0 ? 1 - exponential(-h / lag_s) : 1 }
        for (n, e) in d.nodes.enumerated() {
            precondition(
                isPhasor || e.capacitance_F > 0 || e.R_ohm < .infinity,
                "a node needs a capacitance or a resistance to ground")
            (node + n).initialize(
                to: NodeUnit(capacitance_F: e.capacitance_F, own_S: 1 / e.R_ohm))
        }
        for (b, e) in d.branches.enumerated() {
            precondition(known.contains(e.from) && e.to.map(known.contains) ?? true)
            precondition(e.L_H > 0, "a branch needs an inductance: its current is a state")
            (branch + b).initialize(
                to: BranchUnit(
                    from: e.from, to: e.to ?? ground, R_ohm: e.R_ohm, L_H: e.L_H,
                    isClosed: e.isClosed))
        }
        for (k, e) in d.formers.enumerated() {
            precondition(known.contains(e.node))
            (former + k).initialize(to: FormerUnit(e, clock.pointee))
            state(k)[6] = Complex(1, 0)
        }
        let peak = clock.pointee.peak_V
        for (k, e) in d.followers.enumerated() {
            precondition(known.contains(e.node))
            (follower + k).initialize(
                to: FollowerUnit(
                    node: e.node, filter: gain(e.voltageFilter_s), lag: gain(e.currentLag_s),
                    limit_A: e.overload * e.rating_VA / (1.5 * peak), cutOut_V: e.cutOut_pu * peak,
                    cutOutHigh_V: e.cutOutHigh_pu * peak, rise: 1 / max(e.ramp_s, 1e-6),
                    trail_s: e.voltageFilter_s + e.currentLag_s))
        }
        for (k, e) in d.loads.enumerated() {
            precondition(known.contains(e.node))
            (load + k).initialize(
                to: LoadUnit(
                    node: e.node, demand: Complex(e.drawing_W, e.drawing_var),
                    impedance: e.impedance, constantCurrent: e.current, lag: gain(e.lag_s),
                    speedLag: gain(e.speedLag_s ?? 0), isMachine: e.speedLag_s != nil))
            _ = load[k].answerDirect(to: Complex(peak, 0), peak)
        }
        var random = Random(seed: seed).fork("grid")
        grid.initialize(to: GridSource(peak_V: peak, frequency_Hz: d.nominalFrequency_Hz))
        guard let g = d.grid else { return }
        precondition(known.contains(g.node) && g.L_H > 0)
        grid.pointee.isPresent = g.isPresent
        let angle = g.phase_deg ?? 360 * random.unit()
        grid.pointee.theta = GridSource.wrapped(angle)
        (branch + gridBranch).initialize(
            to: BranchUnit(
                from: source, to: g.node, R_ohm: g.R_ohm, L_H: g.L_H, isClosed: g.isPresent))
        (branch + othersBranch).initialize(
            to: BranchUnit(from: g.node, to: ground, R_ohm: 0, L_H: 1, isClosed: false))
        apply(.others(drawing_W: g.others_W, drawing_var: g.others_var))
    }

    func apply(_ change: GridChange) {
        let g = grid
        g.pointee.isStale = true
        switch change {
        case .frequency_Hz(let f):
            g.pointee.frequency_Hz = f
            g.pointee.ramp_Hz_s = 0
        case .ramp_Hz_per_s(let rate, let until):
            // Towards its end, whichever way that is.
            g.pointee.ramp_Hz_s = until < g.pointee.frequency_Hz ? -abs(rate) : abs(rate)
            g.pointee.rampEnd_Hz = until
        case .voltage_pu(let m, let jump):
            g.pointee.magnitude = m
            g.pointee.theta = GridSource.wrapped(g.pointee.theta * 180 / .pi + jump)
        case .negativeSequence_pu(let m, let phase):
            g.pointee.negative = Complex(m, phase * .pi / 180)
        case .phases_pu(let a, let b, let c):
            // 2/3·(va + e^j120°·vb + e^-j120°·vc) with magnitudes a, b, c: what turns forwards is
            // their mean, what turns backwards a + b·e^-j120° + c·e^j120°, over three.
            g.pointee.magnitude = (a + b + c) / 3
            let x = (a - 0.5 * (b + c)) / 3
            let y = 0.8660254037844386 * (c - b) / 3
            let phase = Double(Blocks.angle(x: Float(x), y: Float(y)).degrees)
            let size = (x * x + y * y).squareRoot()
            g.pointee.negative = Complex(size < 1e-9 ? 0 : size, phase * .pi / 180)
        case .harmonic(let order, let m, let phase):
            let a = Complex(m, phase * .pi / 180)
            switch order {
            case 5: g.pointee.fifth = a
            case 7: g.pointee.seventh = a
            case 11: g.pointee.eleventh = a
            default: preconditionFailure("harmonics 5, 7 and 11 are modelled")
            }
        case .loss:
            g.pointee.isPresent = false
            set(branch: gridBranch, closed: false)
        case .restoration(let phase):
            g.pointee.isPresent = true
            if let phase { g.pointee.theta = GridSource.wrapped(phase) }
            set(branch: gridBranch, closed: true)
        case .fault(let r): node[gridNode].fault_S = 1 / r
        case .clearance: node[gridNode].fault_S = 0
        case .impedance(let r, let l):
            branch[gridBranch].R_ohm = r
            branch[gridBranch].L_H = l
        case .others(let w, let reactive):
            // The reactive part is a winding with X/R = 10, so that its DC offset dies within cycles.
            let u2 = 1.5 * clock.pointee.peak_V * clock.pointee.peak_V
            let B = max(0, reactive) / u2
            let G = max(0, w / u2 - B / 10)
            node[gridNode].own_S += G - g.pointee.others_S
            g.pointee.others_S = G
            set(branch: othersBranch, closed: B > 0)
            if B > 0 {
                let X = 1 / (1.01 * B)
                branch[othersBranch].L_H = X / clock.pointee.omega
                branch[othersBranch].R_ohm = X / 10
            }
        }
        g.pointee.isPure =
            g.pointee.negative.x == 0 && g.pointee.fifth.x == 0 && g.pointee.seventh.x == 0
            && g.pointee.eleventh.x == 0
        clock.pointee.isStale = true
    }
}
