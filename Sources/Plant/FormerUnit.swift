import Blocks

/// A grid-forming inverter as the solvers see it. Everything turns with the network's frame: both
/// loops treat the two axes alike, so a rotor (cos δ, sin δ) replaces every Park transform.
struct FormerUnit: BitwiseCopyable {
    enum Running: UInt8, BitwiseCopyable { case off, follow, form, virtualSynchronous }

    /// State: capacitor voltage, filter current, output current, bridge voltage after the delay,
    /// voltage integral (A; while following: filtered voltage, V), current integral (V), rotor,
    /// filtered (P, Q), (ω, E) (while following: ω is the integral of the phase-locked loop).
    static let width = 9

    var node: Int
    var loops: VoltageCurrentLoops<Double>
    var inverseLf, decayF, inverseCf, inverseLc, decayC: Double
    var Rf, Rc, Lc: Double
    var virtual: VirtualImpedance<Double>
    var delay, powerFilter: Double
    var swing: VirtualSynchronous
    var isVirtualSynchronous: Bool
    var rated_A, shortTime_A, budget_A2s: Double
    var link_V, linkMinimum_V: Double
    var slewV_s, slewW_s: Double

    var running = Running.off
    var command = FormerCommand(mode: .off)
    /// Limits in force: current and bridge voltage, peak.
    var limit_A: Double
    var bridgeLimit_V: Double
    /// i²t spent above the continuous rating.
    var heat_A2s = 0.0
    var isDerated = false
    var isLimiting = false
    /// Slewed power references and, from them, the admittance that draws them.
    var reference = Complex()
    var admittance = Complex()
    /// Phasor: factor on the coupling impedance while the current limit holds.
    var stretch = 1.0
    /// Phasor: admittance behind which its voltage stands, and the exact gains of a step of the
    /// power filter, the swing and the voltage droop.
    var norton = Complex()
    var powerGain, swingGain, voltageGain: Double

    init(_ d: GridFormer, _ clock: NetworkClock) {
        node = d.node
        let wv = d.voltageLoop_rad_s
        let wi = d.currentLoop_rad_s
        loops = VoltageCurrentLoops(
            Lf_H: d.Lf_H, Cf_F: d.Cf_F, feedForward: d.feedForward,
            kpv: 2.0.squareRoot() * wv * d.Cf_F, kiv: wv * wv * d.Cf_F,
            kpi: wi * d.Lf_H, kii: wi * d.Rf_ohm)
        inverseLf = 1 / d.Lf_H
        decayF = d.Rf_ohm / d.Lf_H
        inverseCf = 1 / d.Cf_F
        inverseLc = 1 / d.Lc_H
        decayC = d.Rc_ohm / d.Lc_H
        Rf = d.Rf_ohm
        Rc = d.Rc_ohm
        Lc = d.Lc_H
        virtual = d.virtual
        delay = d.delay_rad_s
        powerFilter = d.powerFilter_rad_s
        switch d.primary {
        case .virtualSynchronous(let v):
            swing = v
            isVirtualSynchronous = true
        case .commanded:
            swing = VirtualSynchronous(
                J_kgm2: 1, D_Nms: 1, reference_W: 0, Dq_V_per_var: 0, wq_rad_s: 1, Eset_V: 0)
            isVirtualSynchronous = false
        }
        powerGain = 1 - exponential(-d.powerFilter_rad_s * clock.h)
        swingGain = 1 - exponential(-swing.D_Nms / swing.J_kgm2 * clock.h)
        voltageGain = 1 - exponential(-swing.wq_rad_s * clock.h)
        rated_A = d.rated_A
        shortTime_A = d.shortTime_A
        budget_A2s = (d.shortTime_A * d.shortTime_A - d.rated_A * d.rated_A) * d.shortTime_s
        link_V = d.link_V
        linkMinimum_V = d.linkMinimum_V
        limit_A = d.shortTime_A
        bridgeLimit_V = d.link_V / 3.0.squareRoot()
        slewV_s = d.slew_pu_s * clock.peak_V
        slewW_s = d.slew_pu_s * 1.5 * clock.peak_V * d.rated_A
    }

    /// What it should be doing now, with its link as it is.
    var wanted: Running {
        if link_V < linkMinimum_V { return .off }
        switch command.mode {
        case .off: return .off
        case .follow: return isVirtualSynchronous ? .virtualSynchronous : .follow
        case .form: return isVirtualSynchronous ? .virtualSynchronous : .form
        }
    }

    /// Reference power × 2/3 / |v|², conjugated: times v it is the current that carries it.
    func admittance(carrying s: Complex, at v: Complex, floor: Double) -> Complex {
        conjugate(s) * (1 / (1.5 * max(square(v), floor * floor)))
    }

    /// Spends or gives back the short-time rating.
    mutating func rate(_ i: Complex, _ h: Double) {
        let over = square(i) - rated_A * rated_A
        if over <= 0, heat_A2s == 0 { return }
        heat_A2s = max(0, heat_A2s + over * h)
        if heat_A2s >= budget_A2s { isDerated = true }
        if heat_A2s < 0.5 * budget_A2s { isDerated = false }
        heat_A2s = min(heat_A2s, budget_A2s)
        limit_A = isDerated ? rated_A : shortTime_A
    }
}

extension NetworkCore {
    /// Brings a former into the mode it is commanded to be in, without a bump.
    func settle(former k: Int) {
        let f = former[k]
        let to = f.wanted
        guard to != f.running else { return }
        let s = state(k)
        let omega = clock.pointee.omega
        let dead = 0.1 * clock.pointee.peak_V
        former[k].running = to
        clock.pointee.isStale = true
        switch (f.running, to) {
        case (_, .off):
            for j in 0..<FormerUnit.width { s[j] = Complex() }
            s[6] = Complex(1, 0)
            former[k].heat_A2s = f.heat_A2s
            former[k].isLimiting = false
        case (.off, .virtualSynchronous):
            start(
                k,
                voltage: f.swing.Eset_V
                    * direction(x[f.node], least: dead, otherwise: Complex(1, 0)))
            s[1] = Complex()
            s[4] = Complex()
            s[5] = Complex()
            s[3] = s[0]
            s[8] = Complex(omega, f.swing.Eset_V)
        case (.off, .follow), (.off, .form):
            // Synchronised before the disconnect closes: the capacitor meets a live node at its
            // voltage, a dead one at zero.
            let live = square(x[f.node]) > dead * dead
            start(k, voltage: live ? x[f.node] : Complex())
            if to == .follow { s[4] = s[0] }
            former[k].reference = Complex()
        case (.form, .follow), (.virtualSynchronous, .follow):
            // The filtered voltage is the voltage; the references carry the present current.
            s[4] = s[0]
            s[6] = direction(s[0], least: dead, otherwise: s[6])
            let carried = isPhasor ? s[2] : s[1] - s[8].x * f.loops.Cf_F * quarterTurn(s[0])
            former[k].reference = power(s[0], carried)
        case (.follow, _), (.form, .virtualSynchronous), (.virtualSynchronous, .form):
            // The voltage reference (behind the virtual impedance) is the voltage; the integral
            // carries the present current.
            let inner = s[0] + f.virtual.drop(s[2], omega: s[8].x)
            s[6] = direction(inner, least: dead, otherwise: s[6])
            let v = square(inner).squareRoot()
            let lead = s[8].x * f.loops.Cf_F * quarterTurn(s[0])
            let e = v * s[6] - inner
            s[4] = s[1] - f.loops.feedForward * s[2] - lead - f.loops.kpv * e
            s[8].y = v
        case (.form, .form), (.virtualSynchronous, .virtualSynchronous): break
        }
        let v = to == .follow ? s[4] : s[0]
        former[k].admittance = f.admittance(
            carrying: former[k].reference, at: v, floor: 3 * dead)
    }

    /// A running capacitor at `v` that delivers nothing.
    private func start(_ k: Int, voltage v: Complex) {
        let s = state(k)
        let f = former[k]
        let omega = clock.pointee.omega
        let i = omega * f.loops.Cf_F * quarterTurn(v)
        s[0] = v
        s[1] = i
        s[2] = Complex()
        s[3] = v + f.Rf * i + omega * f.loops.Lf_H * quarterTurn(i)
        s[4] = Complex()
        s[5] = f.Rf * i
        s[6] = direction(v, least: 1e-9, otherwise: Complex(1, 0))
        s[7] = Complex()
        s[8] = Complex(omega, square(v).squareRoot())
    }
}
