import Blocks

extension NetworkCore {
    /// One RK4 step. Followers, loads and references move once per step and are held through it;
    /// capacitors, inductors, loops and rotors are integrated.
    func stepWaveform() {
        let h = clock.pointee.h
        prepare(h)
        if clock.pointee.isStale { gather() }
        let first = nodes &+ 2
        let end = count
        if gridBranch >= 0 { stepSource(h) } else { derive(at: x) }
        let half = Complex(repeating: 0.5 * h)
        for i in 0..<nodes { stage[i] = x[i] + half * slope[i] }
        for i in first..<end {
            let k = slope[i]
            total[i] = k
            stage[i] = x[i] + half * k
        }
        for i in 0..<nodes { total[i] = slope[i] }
        if gridBranch >= 0 { stage[source] = total[source] }
        derive(at: stage)
        advance(half, end)
        derive(at: stage)
        advance(Complex(repeating: h), end)
        if gridBranch >= 0 { stage[source] = x[source] }
        derive(at: stage)
        let sixth = Complex(repeating: h / 6)
        for i in 0..<nodes { x[i] += sixth * (total[i] + slope[i]) }
        for i in first..<end { x[i] += sixth * (total[i] + slope[i]) }
        finish(h)
    }

    /// The source's voltage at the start, the middle and the end of the step. The end is kept in
    /// `x`, the middle in `total` (neither is integrated); the first derivative is taken here,
    /// while `x` still holds the start.
    @inline(never) private func stepSource(_ h: Double) {
        let hz = clock.pointee.nominal_Hz
        let frame = clock.pointee.frame
        var g = grid.pointee
        if g.isStale { g.now = g.voltage(angle: g.theta, frame: frame) }
        g.isStale = false
        x[source] = g.now
        derive(at: x)
        let middle = g.angle(0.5 * h, nominal_Hz: hz)
        total[source] = g.voltage(angle: middle, frame: frame + 0.5 * h * hz)
        g.advance(h, nominal_Hz: hz)
        g.now = g.voltage(angle: g.theta, frame: frame + h * hz)
        x[source] = g.now
        grid.pointee = g
    }

    @inline(__always) private func advance(_ h: Complex, _ end: Int) {
        let two = Complex(repeating: 2)
        for i in 0..<nodes {
            let k = slope[i]
            total[i] += two * k
            stage[i] = x[i] + h * k
        }
        for i in (nodes &+ 2)..<end {
            let k = slope[i]
            total[i] += two * k
            stage[i] = x[i] + h * k
        }
    }

    /// Derivatives of every state at `y`; algebraic node voltages are written into `y`.
    @inline(__always) func derive(at y: UnsafeMutablePointer<Complex>) {
        let omega = clock.pointee.omega
        for n in 0..<(nodes &+ 2) { sum[n] = injected[n] }
        let current = y + firstBranch
        for b in 0..<branches {
            let i = current[b]
            sum[branch[b].from] -= i
            sum[branch[b].to] += i
        }
        let formerState = y + firstFormer
        for k in 0..<formers { sum[former[k].node] += formerState[k &* FormerUnit.width &+ 2] }
        for n in 0..<nodes {
            let c = node[n].inverseC
            if c == 0 {
                y[n] = node[n].resistance_ohm * sum[n]
                slope[n] = Complex()
            } else {
                let u = y[n]
                slope[n] = c * (sum[n] - node[n].conductance_S * u) - omega * quarterTurn(u)
            }
        }
        let slopeB = slope + firstBranch
        for b in 0..<branches {
            let i = current[b]
            let across = y[branch[b].from] - y[branch[b].to]
            slopeB[b] = branch[b].inverseL * across - branch[b].decay * i - omega * quarterTurn(i)
        }
        let slopeF = slope + firstFormer
        for k in 0..<formers {
            derive(
                former + k, at: formerState + k &* FormerUnit.width,
                into: slopeF + k &* FormerUnit.width, node: y[former[k].node], omega)
        }
    }

    /// Derivatives of one former; see `FormerUnit.width` for the order of its states.
    @inline(__always) private func derive(
        _ f: UnsafeMutablePointer<FormerUnit>, at s: UnsafeMutablePointer<Complex>,
        into d: UnsafeMutablePointer<Complex>, node u: Complex, _ nominal: Double
    ) {
        if f.pointee.running == .off {
            for j in 0..<FormerUnit.width { d[j] = Complex() }
            return
        }
        let v = s[0]
        let i = s[1]
        let g = s[2]
        let b = s[3]
        let rotor = s[6]
        let loops = f.pointee.loops
        let pq = power(v, g)
        d[7] = f.pointee.powerFilter * (pq - s[7])
        var omega = s[8].x
        let wanted: (reference: Complex, rate: Complex, limited: Bool)
        if f.pointee.running == .follow {
            // Quadrature voltage over nominal turns the phase-locked loop: ωn 100 rad/s, ζ 0.7.
            let filtered = s[4]
            let error = (rotor.x * v.y - rotor.y * v.x) / clock.pointee.peak_V
            d[8] = Complex(1e4 * error, 0)
            omega += 140 * error
            let slip = omega - nominal
            d[4] = 500 * (v - filtered) + slip * quarterTurn(filtered)
            // The filtered voltage damps the filter's resonance as a conductance kpv would.
            let carried = times(f.pointee.admittance, filtered)
            wanted = loops.current(
                reference: filtered, voltage: v, output: Complex(), omega: omega,
                integral: carried, limit: f.pointee.limit_A)
        } else {
            let E = s[8].y
            wanted = loops.current(
                reference: E * rotor - f.pointee.virtual.drop(g, omega: omega), voltage: v,
                output: g, omega: omega,
                integral: s[4], limit: f.pointee.limit_A)
            d[4] = wanted.rate + (omega - nominal) * quarterTurn(s[4])
            if f.pointee.running == .virtualSynchronous {
                let m = f.pointee.swing
                let torque = (m.reference_W - s[7].x) / omega - m.D_Nms * (omega - nominal)
                d[8] = Complex(
                    torque / m.J_kgm2,
                    m.wq_rad_s * (m.Eset_V + m.Dq_V_per_var * (m.reference_var - s[7].y) - E))
            } else {
                d[8] = Complex()
            }
        }
        f.pointee.isLimiting = wanted.limited
        let slip = omega - nominal
        let bridge = loops.bridge(
            reference: wanted.reference, voltage: v, current: i, omega: omega, integral: s[5],
            limit: f.pointee.bridgeLimit_V)
        d[5] = bridge.rate + slip * quarterTurn(s[5])
        d[3] = f.pointee.delay * (bridge.voltage - b) + slip * quarterTurn(b)
        d[6] = slip * quarterTurn(rotor)
        d[0] = f.pointee.inverseCf * (i - g) - nominal * quarterTurn(v)
        d[1] =
            f.pointee.inverseLf * (b - v) - f.pointee.decayF * i - nominal * quarterTurn(i)
        d[2] =
            f.pointee.inverseLc * (v - u) - f.pointee.decayC * g - nominal * quarterTurn(g)
    }

    /// What moves once per step: slewed references, followers, loads.
    @inline(__always) private func prepare(_ h: Double) {
        for k in 0..<formers { refresh(former: k, h) }
        if followers &+ loads == 0 { return }
        for n in 0..<nodes { injected[n] = Complex() }
        for k in 0..<followers { refresh(follower + k, h) }
        var moved = false
        for k in 0..<loads where refresh(load + k, h) { moved = true }
        if moved, !clock.pointee.isStale { gatherConductances() }
    }

    @inline(__always) func refresh(former k: Int, _ h: Double) {
        let f = former + k
        let s = state(k)
        switch f.pointee.running {
        case .off: return
        case .virtualSynchronous: break
        case .form:
            let wanted = f.pointee.command.voltage_V * 1.4142135623730951
            let most = f.pointee.slewV_s * h
            s[8] = Complex(
                2 * .pi * f.pointee.command.frequency_Hz,
                s[8].y + max(-most, min(most, wanted - s[8].y)))
        case .follow:
            let c = f.pointee.command
            let most = f.pointee.slewW_s * h
            let gap = Complex(c.activePower_W, c.reactivePower_var) - f.pointee.reference
            f.pointee.reference += gap.clamped(
                lowerBound: Complex(repeating: -most), upperBound: Complex(repeating: most))
            f.pointee.admittance = f.pointee.admittance(
                carrying: f.pointee.reference, at: s[4], floor: 0.3 * clock.pointee.peak_V)
            let omega = clock.pointee.omega
            s[8].x = max(0.9 * omega, min(1.1 * omega, s[8].x))
        }
        f.pointee.rate(s[1], h)
        let r = s[6]
        s[6] = r * (1.5 - 0.5 * square(r))  // back to length one: first-order Newton
    }

    @inline(__always) private func refresh(_ f: UnsafeMutablePointer<FollowerUnit>, _ h: Double) {
        let u = f.pointee.voltage + f.pointee.filter * (x[f.pointee.node] - f.pointee.voltage)
        f.pointee.voltage = u
        var target = times(f.pointee.admittance(at: u, h), u)
        // Its phase-locked loop knows the frequency: no angle is lost to the lags.
        let hz = frequency_Hz[f.pointee.node]
        if hz > 0 {
            let angle = 2 * .pi * (hz - clock.pointee.nominal_Hz) * f.pointee.trail_s
            target += angle * quarterTurn(target)
        }
        f.pointee.current += f.pointee.lag * (target - f.pointee.current)
        injected[f.pointee.node] += f.pointee.current
    }

    /// Answers true if its direct conductance moved.
    @inline(__always) private func refresh(
        _ l: UnsafeMutablePointer<LoadUnit>, _ h: Double
    ) -> Bool {
        let u = x[l.pointee.node]
        let moved = l.pointee.answer(to: u, peak_V: clock.pointee.peak_V)
        if l.pointee.admittance == Complex(), l.pointee.current == Complex() { return moved }
        let target = times(l.pointee.admittance, u)
        l.pointee.current += l.pointee.lag * (target - l.pointee.current)
        injected[l.pointee.node] -= l.pointee.current
        return moved
    }

    /// Voltages of the algebraic nodes for the currents in `x`.
    @inline(__always) func settleAlgebraic() {
        for n in 0..<(nodes &+ 2) { sum[n] = injected[n] }
        let current = x + firstBranch
        for b in 0..<branches {
            sum[branch[b].from] -= current[b]
            sum[branch[b].to] += current[b]
        }
        for k in 0..<formers { sum[former[k].node] += state(k)[2] }
        for n in 0..<nodes where node[n].inverseC == 0 { x[n] = node[n].resistance_ohm * sum[n] }
    }

    /// Ends a step: algebraic voltages of the new state, time, frequencies.
    @inline(__always) private func finish(_ h: Double) {
        if clock.pointee.hasAlgebraic { settleAlgebraic() }
        clock.pointee.step &+= 1
        let stride = clock.pointee.stride
        if clock.pointee.step % stride == 0 { trackFrequency(dt: h * Double(stride)) }
    }
}

extension FollowerUnit {
    /// The admittance that carries what is asked at filtered voltage `u`: current limit, cut-out and
    /// return ramp included.
    @inline(__always) mutating func admittance(at u: Complex, _ h: Double) -> Complex {
        let magnitude = square(u)
        guard isEnabled, magnitude > cutOut_V * cutOut_V, magnitude < cutOutHigh_V * cutOutHigh_V
        else {
            ramp = 0
            return Complex()
        }
        ramp = min(1, ramp + rise * h)
        let s = ramp * demand
        let most = 1.5 * limit_A  // |S| over |u|
        let size = square(s)
        var y = conjugate(s) * (1 / (1.5 * magnitude))
        if size > most * most * magnitude { y *= most * (magnitude / size).squareRoot() }
        return y
    }
}

extension LoadUnit {
    /// Refreshes the admittances for voltage `u`. Answers true if the direct conductance changed.
    @inline(__always) mutating func answer(to u: Complex, peak_V: Double) -> Bool {
        let pu2 = square(u) / (peak_V * peak_V)
        let base = conjugate(demand) * (1 / (1.5 * peak_V * peak_V))
        if isMachine {
            // Creeps towards constant power; not below 0.7 pu, where it would stall.
            let target = base * (1 / max(0.49, pu2))
            let y = admittance + Complex(conductance_S, 0)
            let next = y + speedLag * (target - y)
            admittance = Complex(0, next.y)
            let moved = conductance_S != next.x
            conductance_S = next.x
            return moved
        }
        let conductance = base.x * impedance
        let moved = conductance != conductance_S
        conductance_S = conductance
        let held = max(0.49, pu2)
        let rest = 1 - impedance - constantCurrent
        var lagged = base * (rest / held) + Complex(0, base.y * impedance)
        if constantCurrent != 0 { lagged += base * (constantCurrent / held.squareRoot()) }
        admittance = lagged
        return moved
    }
}
