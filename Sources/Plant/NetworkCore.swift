import Blocks

/// A node as the solvers see it.
struct NodeUnit: BitwiseCopyable {
    var capacitance_F: Double
    /// Conductance of the busbar itself.
    var own_S: Double
    /// Conductance of a short circuit here, 0 if none.
    var fault_S = 0.0
    /// Total conductance now, its inverse, and 1/C (0: algebraic).
    var conductance_S = 0.0
    var resistance_ohm = 0.0
    var inverseC = 0.0
    /// Phasor: some source reaches this node.
    var isLive = true
}

/// A branch. Open: both factors zero, so that its current, once chopped, stays zero.
struct BranchUnit: BitwiseCopyable {
    var from: Int
    var to: Int
    var R_ohm: Double
    var L_H: Double
    var isClosed: Bool
    var inverseL = 0.0
    var decay = 0.0
}

struct LoadUnit: BitwiseCopyable {
    var node: Int
    /// Drawn at nominal voltage.
    var demand: Complex
    var impedance: Double
    var constantCurrent: Double
    var lag: Double
    var speedLag: Double
    var isMachine: Bool
    /// Admittance of the lagged part (or of the machine), conductance of the direct part.
    var admittance = Complex()
    var conductance_S = 0.0
    /// Phasor: the constant-impedance reactive part.
    var susceptance_S = 0.0
    /// Lagged current, into the load.
    var current = Complex()
}

struct FollowerUnit: BitwiseCopyable {
    var node: Int
    var filter: Double
    var lag: Double
    var limit_A: Double
    var cutOut_V: Double
    var cutOutHigh_V: Double
    var rise: Double
    /// Both lags together: what the current would trail by, times Δω, away from nominal frequency.
    var trail_s: Double
    var demand = Complex()
    var isEnabled = false
    /// 0 ... 1 along the return ramp.
    var ramp = 0.0
    var voltage = Complex()
    /// Into the node.
    var current = Complex()
}

/// Time, and what the whole network shares.
struct NetworkClock: BitwiseCopyable {
    var step: Int = 0
    var h: Double
    var nominal_Hz: Double
    var omega: Double
    /// Nominal phase voltage, peak.
    var peak_V: Double
    /// The admittances changed since they were last gathered.
    var isStale = true
    /// Phasor: the frequency the matrix was made for, rad/s.
    var matrixOmega = 0.0
    /// Waveform: some node voltage is no state.
    var hasAlgebraic = false
    /// Steps between two looks at the frequencies.
    var stride = 1
    /// Fixed-point iterations of the last phasor step.
    var iterations = 0
    /// Frame angle at the start of the step, turns, 0 ..< 1.
    var frame: Double {
        let turns = Double(step) * (h * nominal_Hz)
        return turns - turns.rounded(.down)
    }
}

/// Flat buffers of one network. Owned by `ACNetwork`; copied freely, it is only pointers.
///
/// State vector: node voltages, the ground and the grid source (both given, not integrated), branch
/// currents, then nine entries per former (see `FormerUnit`).
struct NetworkCore {
    let nodes, branches, formers, followers, loads: Int
    let gridNode: Int
    /// Index of the grid's branch and of the other customers' inductance; −1 without a grid.
    let gridBranch, othersBranch: Int
    let isPhasor: Bool

    let node: UnsafeMutablePointer<NodeUnit>
    let branch: UnsafeMutablePointer<BranchUnit>
    let former: UnsafeMutablePointer<FormerUnit>
    let follower: UnsafeMutablePointer<FollowerUnit>
    let load: UnsafeMutablePointer<LoadUnit>
    let clock: UnsafeMutablePointer<NetworkClock>
    let grid: UnsafeMutablePointer<GridSource>

    /// State, stage state, stage derivative, weighted sum of derivatives.
    let x, stage, slope, total: UnsafeMutablePointer<Complex>
    /// Injected by followers and loads, held through a step; and the sum of currents into a node.
    let injected, sum: UnsafeMutablePointer<Complex>
    /// Node voltages 1 ms (or one step) ago, and frequencies from them.
    let earlier: UnsafeMutablePointer<Complex>
    let frequency_Hz: UnsafeMutablePointer<Double>
    /// Phasor: inverse of the admittance matrix, and work space (nodes × 2·nodes).
    let inverse, work: UnsafeMutablePointer<Complex>

    var ground: Int { nodes }
    var source: Int { nodes + 1 }
    var firstBranch: Int { nodes + 2 }
    var firstFormer: Int { nodes + 2 + branches }
    var count: Int { firstFormer + formers * FormerUnit.width }
    @inline(__always) func state(_ k: Int) -> UnsafeMutablePointer<Complex> {
        x + (firstFormer &+ k &* FormerUnit.width)
    }

    func free() {
        node.deallocate()
        branch.deallocate()
        former.deallocate()
        follower.deallocate()
        load.deallocate()
        clock.deallocate()
        grid.deallocate()
        for p in [x, stage, slope, total, injected, sum, earlier, inverse, work] {
            p.deallocate()
        }
        frequency_Hz.deallocate()
    }

    /// Opens or closes a branch; its current is chopped.
    func set(branch b: Int, closed: Bool) {
        guard branch[b].isClosed != closed else { return }
        branch[b].isClosed = closed
        if !closed { x[firstBranch + b] = Complex() }
        clock.pointee.isStale = true
    }

    /// Gathers switch positions and conductances into what the waveform solver reads.
    func gather() {
        clock.pointee.isStale = false
        for b in 0..<branches {
            let closed = branch[b].isClosed
            branch[b].inverseL = closed ? 1 / branch[b].L_H : 0
            branch[b].decay = closed ? branch[b].R_ohm / branch[b].L_H : 0
        }
        gatherConductances()
    }

    func gatherConductances() {
        clock.pointee.hasAlgebraic = false
        let h = clock.pointee.h
        for n in 0..<nodes { node[n].conductance_S = node[n].own_S + node[n].fault_S }
        for l in 0..<loads { node[load[l].node].conductance_S += load[l].conductance_S }
        for n in 0..<nodes {
            let g = node[n].conductance_S
            let c = node[n].capacitance_F
            let isState = c > 0 && h * g < 1.5 * c
            node[n].inverseC = isState ? 1 / c : 0
            if !isState {
                node[n].resistance_ohm = g > 0 ? 1 / g : 1e9
                clock.pointee.hasAlgebraic = true
            }
        }
    }

    /// Frequencies of the node voltages over the last `dt` seconds, through a 5 ms low-pass.
    func trackFrequency(dt: Double) {
        let dead = 0.05 * clock.pointee.peak_V
        let gain = dt < 5e-3 ? dt / 5e-3 : 1
        for n in 0..<nodes {
            let a = earlier[n]
            let b = x[n]
            if square(b) > dead * dead, square(a) > dead * dead {
                let turned = times(b, conjugate(a))
                let f = clock.pointee.nominal_Hz + angle(turned) / (2 * .pi * dt)
                let old = frequency_Hz[n]
                frequency_Hz[n] = old == 0 ? f : old + gain * (f - old)
            } else {
                frequency_Hz[n] = 0
            }
            earlier[n] = b
        }
    }

    /// Argument of a vector, −π ... π, by one Newton step from the single-precision angle.
    func angle(_ a: Complex) -> Double {
        let scale = 1 / (square(a).squareRoot() + 1e-300)
        let u = a * scale
        let first = Double(Blocks.angle(x: Float(u.x), y: Float(u.y)).signed) * 2 * .pi
        let (c, s) = cosineSine(radians: first)
        return first + (u.y * c - u.x * s)
    }
}
