import Blocks

extension NetworkCore {
    /// One quasi-static step: the network is solved for the present source voltages, then the slow
    /// states (powers, frequencies, angles) move, each lag by its exact exponential.
    func stepPhasor() {
        let h = clock.pointee.h
        if gridBranch >= 0 { refreshSource() }
        for k in 0..<formers { refreshPhasor(former: k, h) }
        for k in 0..<followers {
            follower[k].voltage = x[follower[k].node]
            _ = follower[k].admittance(at: follower[k].voltage, h)  // the ramp moves once per step
        }
        for k in 0..<loads where load[k].answerDirect(to: x[load[k].node], clock.pointee.peak_V) {
            clock.pointee.isStale = true
        }
        let omega = meanOmega()
        if (omega - clock.pointee.matrixOmega).magnitude > 2e-5 * omega {
            clock.pointee.isStale = true
        }
        if clock.pointee.isStale { factorise(omega) }
        solve()
        // The current limit lengthens the coupling impedance until the current fits.
        for _ in 0..<8 {
            guard stretchLimited() else { break }
            factorise(omega)
            solve()
        }
        for b in 0..<branches {
            let y = branchAdmittance(b, clock.pointee.matrixOmega)
            x[firstBranch &+ b] = times(y, x[branch[b].from] - x[branch[b].to])
        }
        for k in 0..<formers { move(former: k, h) }
        if gridBranch >= 0 {
            grid.pointee.advance(h, nominal_Hz: clock.pointee.nominal_Hz)
            grid.pointee.isStale = true
        }
        clock.pointee.step &+= 1
        let stride = clock.pointee.stride
        if clock.pointee.step % stride == 0 { trackFrequency(dt: h * Double(stride)) }
    }

    private func refreshSource() {
        var g = grid.pointee
        if g.isStale {
            g.isPure = true  // the network is solved for the positive sequence alone
            g.now = g.voltage(angle: g.theta, frame: 0)
            grid.pointee.now = g.now
            grid.pointee.isStale = false
        }
        x[source] = g.now
    }

    /// Mean angular frequency of everything that holds a voltage.
    private func meanOmega() -> Double {
        var total = 0.0
        var voices = 0.0
        for k in 0..<formers where former[k].running.holdsVoltage {
            total += state(k)[8].x
            voices += 1
        }
        if gridBranch >= 0, grid.pointee.isPresent {
            total += 2 * .pi * grid.pointee.frequency_Hz
            voices += 1
        }
        return voices > 0 ? total / voices : clock.pointee.omega
    }

    private func branchAdmittance(_ b: Int, _ omega: Double) -> Complex {
        branch[b].isClosed
            ? reciprocal(Complex(branch[b].R_ohm, omega * branch[b].L_H)) : Complex()
    }

    /// Gathers the nodal admittance matrix at `omega` and inverts it (Gauss–Jordan, rows swapped for
    /// the largest pivot). Nodes that no source reaches are dead: left out and held at zero.
    func factorise(_ omega: Double) {
        let n = nodes
        let w = 2 * n
        clock.pointee.isStale = false
        clock.pointee.matrixOmega = omega
        markLive()
        for i in 0..<(n * w) { work[i] = Complex() }
        for i in 0..<n {
            var y = Complex(node[i].own_S + node[i].fault_S, omega * node[i].capacitance_F)
            if !node[i].isLive { y = Complex(1e9, 0) }
            work[i * w + i] += y
            work[i * w + n + i] = Complex(1, 0)
        }
        for l in 0..<loads where node[load[l].node].isLive {
            work[load[l].node * (w + 1)] += load[l].direct
        }
        for b in 0..<branches where branch[b].isClosed {
            let y = branchAdmittance(b, omega)
            let i = branch[b].from
            let j = branch[b].to
            if i < n { work[i * (w + 1)] += y }
            if j < n { work[j * (w + 1)] += y }
            if i < n, j < n {
                work[i * w + j] -= y
                work[j * w + i] -= y
            }
        }
        for k in 0..<formers where former[k].running.holdsVoltage {
            former[k].norton = reciprocal(
                former[k].stretch * former[k].impedance(omega))
            work[former[k].node * (w + 1)] += former[k].norton
        }
        invert(n, w)
    }

    private func invert(_ n: Int, _ w: Int) {
        for i in 0..<n {
            var pivot = i
            for r in (i + 1)..<max(n, i + 1)
            where square(work[r * w + i]) > square(work[pivot * w + i]) { pivot = r }
            if pivot != i {
                for c in 0..<w {
                    let t = work[i * w + c]
                    work[i * w + c] = work[pivot * w + c]
                    work[pivot * w + c] = t
                }
            }
            let inverse = reciprocal(work[i * w + i])
            for c in 0..<w { work[i * w + c] = times(inverse, work[i * w + c]) }
            for r in 0..<n where r != i {
                let factor = work[r * w + i]
                if factor == Complex() { continue }
                for c in i..<w { work[r * w + c] -= times(factor, work[i * w + c]) }
            }
        }
        for i in 0..<n { for j in 0..<n { inverse[i * n + j] = work[i * w + n + j] } }
    }

    /// Floods from the sources through closed branches.
    private func markLive() {
        for i in 0..<nodes { node[i].isLive = false }
        for k in 0..<formers where former[k].running.holdsVoltage {
            node[former[k].node].isLive = true
        }
        var grew = true
        while grew {
            grew = false
            for b in 0..<branches where branch[b].isClosed {
                let i = branch[b].from
                let j = branch[b].to
                let a = i == source || i < nodes && node[i].isLive
                let c = j < nodes && node[j].isLive
                if a, j < nodes, !c {
                    node[j].isLive = true
                    grew = true
                }
                if c, i < nodes, !a {
                    node[i].isLive = true
                    grew = true
                }
            }
        }
    }

    /// Node voltages by fixed-point iteration over what is not linear; at most 16 rounds, damped
    /// after the eighth. Below 0.7 pu a load is an impedance and a follower's current is limited, so
    /// the map is bounded and the last round is always a usable answer.
    private func solve() {
        let n = nodes
        let peak = clock.pointee.peak_V
        let near = 1e-9 * peak * 1e-9 * peak
        for i in 0..<n { sum[i] = Complex() }
        for k in 0..<formers where former[k].running.holdsVoltage {
            sum[former[k].node] += times(former[k].norton, state(k)[3])
        }
        if gridBranch >= 0 {
            sum[gridNode] += times(
                branchAdmittance(gridBranch, clock.pointee.matrixOmega), x[source])
        }
        for i in 0..<n { if !node[i].isLive { x[i] = Complex() } }
        for round in 1...16 {
            clock.pointee.iterations = round
            for i in 0..<n { injected[i] = sum[i] }
            for k in 0..<followers where node[follower[k].node].isLive {
                let u = x[follower[k].node]
                follower[k].current = times(follower[k].steadyAdmittance(at: u), u)
                injected[follower[k].node] += follower[k].current
            }
            for k in 0..<loads where node[load[k].node].isLive {
                let u = x[load[k].node]
                load[k].current = times(load[k].restAdmittance(at: u, peak_V: peak), u)
                injected[load[k].node] -= load[k].current
            }
            for k in 0..<formers where former[k].running == .follow {
                let at = former[k].node
                guard node[at].isLive else {
                    state(k)[2] = Complex()
                    continue
                }
                var i = times(
                    former[k].admittance(
                        carrying: former[k].reference, at: x[at], floor: 0.3 * peak), x[at])
                let most = former[k].limit_A
                former[k].isLimiting = square(i) > most * most
                if former[k].isLimiting { i *= most / square(i).squareRoot() }
                state(k)[2] = i
                injected[at] += i
            }
            var moved = 0.0
            let share = round > 8 ? 0.5 : 1.0
            for i in 0..<n {
                var u = Complex()
                for j in 0..<n { u += times(inverse[i &* n &+ j], injected[j]) }
                if !node[i].isLive { u = Complex() }
                moved = max(moved, square(u - x[i]))
                stage[i] = u
            }
            for i in 0..<n { x[i] += share * (stage[i] - x[i]) }
            if moved < near { break }
        }
        for k in 0..<formers where former[k].running.holdsVoltage {
            let s = state(k)
            let u = x[former[k].node]
            s[2] = times(former[k].norton, s[3] - u)
            s[0] = u + times(Complex(former[k].Rc, clock.pointee.matrixOmega * former[k].Lc), s[2])
        }
    }

    /// Adapts the stretch of each former to its limit. Answers true if the matrix must follow.
    private func stretchLimited() -> Bool {
        var changed = false
        for k in 0..<formers where former[k].running.holdsVoltage {
            let i = square(state(k)[2]).squareRoot()
            let old = former[k].stretch
            let wanted = min(1e4, max(1, old * i / former[k].limit_A))
            former[k].isLimiting = wanted > 1
            if (wanted - old).magnitude > 1e-3 * old {
                former[k].stretch = wanted
                changed = true
            }
        }
        return changed
    }

    private func refreshPhasor(former k: Int, _ h: Double) {
        let kind = former[k].running
        if kind == .off { return }
        refresh(former: k, h)
        let s = state(k)
        if kind.holdsVoltage { s[3] = s[8].y * s[6] }
        if kind == .follow {
            s[0] = x[former[k].node]
            s[4] = s[0]
            s[6] = direction(s[0], least: 1e-6, otherwise: s[6])
            s[8] = Complex(
                frequency_Hz[former[k].node] > 0
                    ? 2 * .pi * frequency_Hz[former[k].node] : clock.pointee.omega, 0)
        }
    }

    /// Moves the slow states of one former over `h`.
    private func move(former k: Int, _ h: Double) {
        let kind = former[k].running
        if kind == .off { return }
        let s = state(k)
        s[1] = s[2] + s[8].x * former[k].loops.Cf_F * quarterTurn(s[0])
        let earlier = s[7]
        s[7] += former[k].powerGain * (power(s[0], s[2]) - s[7])
        let mean = 0.5 * (earlier + s[7])
        if kind == .follow { return }
        let before = s[8].x
        if kind == .virtualSynchronous {
            let m = former[k].swing
            let goal = clock.pointee.omega + (m.reference_W - mean.x) / (before * m.D_Nms)
            s[8].x += former[k].swingGain * (goal - before)
            let E = m.Eset_V + m.Dq_V_per_var * (m.reference_var - mean.y)
            s[8].y += former[k].voltageGain * (E - s[8].y)
        }
        let turn = (0.5 * (before + s[8].x) - clock.pointee.omega) * h
        let (c, d) = cosineSine(radians: turn)
        s[6] = times(s[6], Complex(c, d))
    }
}

extension FormerUnit {
    /// Coupling and virtual impedance together: what stands between its phasor and the node.
    func impedance(_ omega: Double) -> Complex {
        Complex(Rc + virtual.R_ohm, omega * (Lc + virtual.L_H))
    }
}

extension FormerUnit.Running {
    @inline(__always) var holdsVoltage: Bool { self == .form || self == .virtualSynchronous }
}

extension FollowerUnit {
    /// As `admittance(at:_:)` with the ramp where it is.
    @inline(__always) func steadyAdmittance(at u: Complex) -> Complex {
        let magnitude = max(square(u), 0.01 * cutOut_V * cutOut_V)
        if ramp == 0 { return Complex() }
        let s = ramp * demand
        let most = 1.5 * limit_A
        let size = square(s)
        var y = conjugate(s) * (1 / (1.5 * magnitude))
        if size > most * most * magnitude { y *= most * (magnitude / size).squareRoot() }
        return y
    }
}

extension LoadUnit {
    /// The part that stands in the admittance matrix.
    var direct: Complex { Complex(conductance_S, isMachine ? admittance.y : susceptance_S) }

    /// Refreshes that part. Answers true if the matrix must follow.
    mutating func answerDirect(to u: Complex, _ peak_V: Double) -> Bool {
        let was = direct
        _ = answer(to: u, peak_V: peak_V)
        susceptance_S = -demand.y * impedance / (1.5 * peak_V * peak_V)
        let change = direct - was
        return square(change) > 1e-10 * square(was)
    }

    /// Everything else as an admittance at `u`.
    @inline(__always) func restAdmittance(at u: Complex, peak_V: Double) -> Complex {
        let rest = 1 - impedance - constantCurrent
        if isMachine || (rest == 0 && constantCurrent == 0) { return Complex() }
        let base = conjugate(demand) * (1 / (1.5 * peak_V * peak_V))
        let held = max(0.49, square(u) / (peak_V * peak_V))
        return base
            * (rest / held + (constantCurrent == 0 ? 0 : constantCurrent / held.squareRoot()))
    }
}
