struct DCLine: BitwiseCopyable {
    /// Bus it leaves, or −1 − source; bus it enters.
    var from, to: Int
    var R_ohm, L_H, precharge_ohm: Double
    var path: DCPath
    var oneWay = false
    /// Now: 1/L and R/L, or 1/R of a line without inertia.
    var inverseL = 0.0
    var decay = 0.0
    var conductance_S = 0.0
}

struct DCEmf: BitwiseCopyable {
    var isBattery: Bool
    /// Open-circuit or no-load voltage.
    var volts: Double
    /// Battery: R1, C1. Converter: droop, 1/tau.
    var first, second: Double
}

struct DCPanelUnit: BitwiseCopyable {
    var bus: Int
    var isDiode: Bool
    var photo_A, saturation_A, nVt_V, Rs_ohm: Double
}

struct DCLoadUnit: BitwiseCopyable {
    var bus: Int
    var conductance_S, drawing_W, floor_V: Double
}

/// Flat buffers of a DC network. State: bus voltages, cable currents, source currents, inner voltages.
struct DCCore {
    let buses, cables, sources, panels, loads: Int
    let h: Double
    let clock: UnsafeMutablePointer<Int>
    let inverseC: UnsafeMutablePointer<Double>
    let line: UnsafeMutablePointer<DCLine>
    let source: UnsafeMutablePointer<DCEmf>
    let panel: UnsafeMutablePointer<DCPanelUnit>
    let load: UnsafeMutablePointer<DCLoadUnit>
    let x, stage, slope, total: UnsafeMutablePointer<Double>

    var lines: Int { cables + sources }
    var inner: Int { buses + cables + sources }
    var count: Int { inner + sources }

    init(_ d: DCNetworkDescription, _ h: Double) {
        self.h = h
        buses = d.buses.count
        cables = d.cables.count
        sources = d.sources.count
        panels = d.panels.count
        loads = d.loads.count
        clock = .allocate(capacity: 1)
        clock.initialize(to: 0)
        inverseC = .allocate(capacity: buses)
        line = .allocate(capacity: cables + sources)
        source = .allocate(capacity: sources)
        panel = .allocate(capacity: panels)
        load = .allocate(capacity: loads)
        let n = buses + cables + 2 * sources
        func zeros() -> UnsafeMutablePointer<Double> {
            let p = UnsafeMutablePointer<Double>.allocate(capacity: n)
            p.initialize(repeating: 0, count: n)
            return p
        }
        x = zeros()
        stage = zeros()
        slope = zeros()
        total = zeros()
        fill(d)
    }

    private func fill(_ d: DCNetworkDescription) {
        let known = 0..<buses
        for (n, b) in d.buses.enumerated() {
            precondition(b.capacitance_F > 0)
            (inverseC + n).initialize(to: 1 / b.capacitance_F)
            x[n] = b.start_V
        }
        for (k, c) in d.cables.enumerated() {
            precondition(known.contains(c.from) && known.contains(c.to) && c.R_ohm > 0)
            (line + k).initialize(
                to: DCLine(
                    from: c.from, to: c.to, R_ohm: c.R_ohm, L_H: c.L_H,
                    precharge_ohm: c.precharge_ohm, path: c.path))
        }
        for (k, s) in d.sources.enumerated() {
            precondition(known.contains(s.bus) && s.R_ohm > 0)
            var l = DCLine(
                from: -1 - k, to: s.bus, R_ohm: s.R_ohm, L_H: s.L_H,
                precharge_ohm: s.precharge_ohm, path: s.path)
            switch s.kind {
            case .battery(let ocv, let r, let c):
                (source + k).initialize(
                    to: DCEmf(isBattery: true, volts: ocv, first: r, second: c))
            case .droop(let v0, let droop, let tau, let oneWay):
                (source + k).initialize(
                    to: DCEmf(isBattery: false, volts: v0, first: droop, second: 1 / tau))
                x[inner + k] = s.start_V
                l.oneWay = oneWay
            }
            (line + cables + k).initialize(to: l)
        }
        for k in 0..<lines { set(line: k, line[k].path) }
        for (k, p) in d.panels.enumerated() {
            precondition(known.contains(p.bus))
            var unit = DCPanelUnit(
                bus: p.bus, isDiode: false, photo_A: 0, saturation_A: 0, nVt_V: 1, Rs_ohm: 0)
            switch p.kind {
            case .current(let a): unit.photo_A = a
            case .diode(let photo, let saturation, let nVt, let rs):
                unit = DCPanelUnit(
                    bus: p.bus, isDiode: true, photo_A: photo, saturation_A: saturation,
                    nVt_V: nVt, Rs_ohm: rs)
            }
            (panel + k).initialize(to: unit)
        }
        for (k, l) in d.loads.enumerated() {
            precondition(known.contains(l.bus))
            (load + k).initialize(
                to: DCLoadUnit(
                    bus: l.bus, conductance_S: 1 / l.R_ohm, drawing_W: l.drawing_W,
                    floor_V: l.floor_V))
        }
    }

    func free() {
        clock.deallocate()
        inverseC.deallocate()
        line.deallocate()
        source.deallocate()
        panel.deallocate()
        load.deallocate()
        for p in [x, stage, slope, total] { p.deallocate() }
    }

    func set(line k: Int, _ path: DCPath) {
        line[k].path = path
        let l = line[k]
        let r = path == .precharge ? l.R_ohm + l.precharge_ohm : l.R_ohm
        let inert = path != .open && h * r < 1.5 * l.L_H
        line[k].inverseL = inert ? 1 / l.L_H : 0
        line[k].decay = inert ? r / l.L_H : 0
        line[k].conductance_S = path == .open || inert ? 0 : 1 / r
        if path == .open { x[buses + k] = 0 }
    }

    /// Single-diode current at terminal voltage `v`, by Newton from the short-circuit side, where the
    /// function is concave and the iteration monotone.
    func current(panel k: Int, at v: Double) -> Double {
        let p = panel[k]
        if !p.isDiode { return p.photo_A }
        if p.photo_A <= 0 { return 0 }
        // Below zero current the blocking diode holds.
        if p.photo_A <= p.saturation_A * (exponential(v / p.nVt_V) - 1) { return 0 }
        var i = p.photo_A
        for _ in 0..<60 {
            let e = p.saturation_A * exponential((v + i * p.Rs_ohm) / p.nVt_V)
            let move = (p.photo_A - e + p.saturation_A - i) / (e * p.Rs_ohm / p.nVt_V + 1)
            i += move
            if move.magnitude < 1e-12 * p.photo_A { break }
        }
        return max(0, i)
    }

    func current(load k: Int, at v: Double) -> Double {
        let l = load[k]
        // At the floor and above P/v; below, P·v/floor², which meets it there.
        let held = l.drawing_W * (v >= l.floor_V ? 1 / v : v / (l.floor_V * l.floor_V))
        return -(v * l.conductance_S + held)
    }

    func step() {
        derive(x)
        for i in 0..<count {
            total[i] = slope[i]
            stage[i] = x[i] + 0.5 * h * slope[i]
        }
        derive(stage)
        for i in 0..<count {
            total[i] += 2 * slope[i]
            stage[i] = x[i] + 0.5 * h * slope[i]
        }
        derive(stage)
        for i in 0..<count {
            total[i] += 2 * slope[i]
            stage[i] = x[i] + h * slope[i]
        }
        derive(stage)
        for i in 0..<count { x[i] += h / 6 * (total[i] + slope[i]) }
        for k in 0..<lines {
            let i = x[buses + k]
            if line[k].oneWay, i < 0 { x[buses + k] = 0 }
            if line[k].inverseL == 0 { x[buses + k] = line[k].conductance_S * across(k, x) }
        }
        clock.pointee &+= 1
    }

    /// Voltage that drives line `k`.
    @inline(__always) private func across(_ k: Int, _ y: UnsafeMutablePointer<Double>) -> Double {
        let l = line[k]
        if l.from >= 0 { return y[l.from] - y[l.to] }
        let s = -1 - l.from
        return (source[s].isBattery ? source[s].volts - y[inner + s] : y[inner + s]) - y[l.to]
    }

    private func derive(_ y: UnsafeMutablePointer<Double>) {
        for n in 0..<buses { slope[n] = 0 }
        for k in 0..<lines {
            let v = across(k, y)
            if line[k].inverseL == 0 { y[buses + k] = line[k].conductance_S * v }
            let i = y[buses + k]
            let rate = line[k].inverseL * v - line[k].decay * i
            slope[buses + k] = line[k].oneWay && i <= 0 && rate < 0 ? 0 : rate
            if line[k].from >= 0 { slope[line[k].from] -= i }
            slope[line[k].to] += i
        }
        for k in 0..<sources {
            let i = y[buses + cables + k]
            let s = source[k]
            slope[inner + k] =
                s.isBattery
                ? (i - y[inner + k] / s.first) / s.second
                : (s.volts - s.first * i - y[inner + k]) * s.second
        }
        for k in 0..<panels { slope[panel[k].bus] += current(panel: k, at: y[panel[k].bus]) }
        for k in 0..<loads { slope[load[k].bus] += current(load: k, at: y[load[k].bus]) }
        for n in 0..<buses { slope[n] *= inverseC[n] }
    }
}
