import Blocks
import Quantities

/// A running three-phase network. See `ACNetworkDescription` for the parts.
///
/// All vectors are space vectors in a frame that turns at nominal frequency: x is α and y is β of
/// that frame, the length is the peak of the phase quantity. That is exact for three wires and
/// symmetrical parts, whatever the sources do. Same description, fidelity and seed: same bits.
public final class ACNetwork {
    let core: NetworkCore
    public let description: ACNetworkDescription
    public let fidelity: Fidelity

    public init(_ description: ACNetworkDescription, fidelity: Fidelity, seed: UInt64) {
        self.description = description
        self.fidelity = fidelity
        core = NetworkCore(description, fidelity, seed)
        for k in 0..<core.formers where core.former[k].isVirtualSynchronous {
            core.former[k].command.mode = .form
            core.settle(former: k)
        }
    }
    deinit { core.free() }

    /// Seconds since the start.
    public var time_s: Double { Double(core.clock.pointee.step) * core.clock.pointee.h }
    /// Angle of the frame's d axis against phase a now, turns, 0 ..< 1.
    public var frameTurns: Double { core.clock.pointee.frame }
    /// The same as a binary angle.
    public var frameAngle: Turns {
        Turns(raw: UInt32(truncatingIfNeeded: UInt64(frameTurns * 4_294_967_296)))
    }

    /// One step of the fidelity's length.
    public func step() {
        if core.isPhasor { core.stepPhasor() } else { core.stepWaveform() }
    }
    /// The nearest whole number of steps to `seconds`.
    public func advance(by seconds: Double) {
        let steps = Int((seconds / core.clock.pointee.h).rounded())
        if core.isPhasor {
            for _ in 0..<steps { core.stepPhasor() }
        } else {
            for _ in 0..<steps { core.stepWaveform() }
        }
    }

    /// The phase quantities behind a vector, now.
    public func phases(of v: SIMD2<Double>) -> Phases<Double> {
        let (c, s) = cosineSine(radians: 2 * .pi * frameTurns)
        return inverseClarke(inversePark(v, cos: c, sin: s))
    }
}

// What can be seen.
extension ACNetwork {
    public func voltage(node n: Int) -> SIMD2<Double> {
        precondition(n >= 0 && n < core.nodes)
        return core.x[n]
    }
    /// From `from` to `to`.
    public func current(branch b: Int) -> SIMD2<Double> {
        precondition(b >= 0 && b < description.branches.count)
        return core.x[core.firstBranch + b]
    }
    /// Into the node.
    public func current(former k: Int) -> SIMD2<Double> { state(k)[2] }
    /// Across the filter capacitor, this side of the disconnect.
    public func capacitorVoltage(former k: Int) -> SIMD2<Double> { state(k)[0] }
    /// Into the node.
    public func current(follower k: Int) -> SIMD2<Double> {
        precondition(k >= 0 && k < core.followers)
        return core.follower[k].current
    }
    /// Into the node: of a load that draws power, against the voltage.
    public func current(load k: Int) -> SIMD2<Double> {
        precondition(k >= 0 && k < core.loads)
        let l = core.load[k]
        let direct = core.isPhasor ? l.direct : Complex(l.conductance_S, 0)
        return -(times(direct, core.x[l.node]) + l.current)
    }
    /// From the utility into the stub node.
    public var gridCurrent: SIMD2<Double> {
        core.gridBranch < 0 ? Complex() : core.x[core.firstBranch + core.gridBranch]
    }
    /// Behind the upstream impedance; turns on after a loss.
    public var gridVoltage: SIMD2<Double> {
        core.gridBranch < 0 ? Complex() : core.grid.pointee.now
    }

    /// Angle of the source against the frame, 0 ..< 2π.
    public var gridAngle_rad: Double { core.grid.pointee.theta }

    /// Of the node's voltage over the last millisecond, filtered by 5 ms; 0 while it is dead.
    public func frequency(node n: Int) -> Double {
        precondition(n >= 0 && n < core.nodes)
        return core.frequency_Hz[n]
    }
    /// Of the inverter's own phase, Hz.
    public func frequency(former k: Int) -> Double { state(k)[8].x / (2 * .pi) }
    /// Its voltage reference, V peak.
    public func reference_V(former k: Int) -> Double { state(k)[8].y }
    /// Its phase against the frame as a unit vector.
    public func rotor(former k: Int) -> SIMD2<Double> { state(k)[6] }
    /// Active and reactive power out of the filter capacitor, this instant.
    public func power(former k: Int) -> (P_W: Double, Q_var: Double) {
        let s = Blocks.power(state(k)[0], state(k)[2])
        return (s.x, s.y)
    }
    /// What its bridge takes from the DC link, this instant: output, filter loss and, in waveform
    /// fidelity, the change of stored energy. Semiconductor loss is not modelled.
    public func bridgePower_W(former k: Int) -> Double {
        let s = state(k)
        if core.isPhasor {
            return Blocks.power(s[0], s[2]).x + 1.5 * core.former[k].Rf * square(s[1])
        }
        return Blocks.power(s[3], s[1]).x
    }
    /// The same through the inverter's own power filter: what its droop acts on.
    public func filteredPower(former k: Int) -> (P_W: Double, Q_var: Double) {
        (state(k)[7].x, state(k)[7].y)
    }
    public func power(follower k: Int) -> (P_W: Double, Q_var: Double) {
        let s = Blocks.power(core.x[core.follower[k].node], current(follower: k))
        return (s.x, s.y)
    }
    /// Into the node: negative while it draws.
    public func power(load k: Int) -> (P_W: Double, Q_var: Double) {
        let s = Blocks.power(core.x[core.load[k].node], current(load: k))
        return (s.x, s.y)
    }
    /// Into the stub node.
    public var gridPower: (P_W: Double, Q_var: Double) {
        guard core.gridBranch >= 0 else { return (0, 0) }
        let s = Blocks.power(core.x[core.gridNode], gridCurrent)
        return (s.x, s.y)
    }
    /// Its current reference is held back by the limit.
    public func isLimiting(former k: Int) -> Bool {
        precondition(k >= 0 && k < core.formers)
        return core.former[k].isLimiting
    }
    /// Gates on and disconnect closed.
    public func isRunning(former k: Int) -> Bool {
        precondition(k >= 0 && k < core.formers)
        return core.former[k].running != .off
    }
    /// FNV-1a over the bits of every state: equal for equal histories.
    public var fingerprint: UInt64 {
        var h: UInt64 = 0xcbf2_9ce4_8422_2325
        for i in 0..<core.count {
            for d in [core.x[i].x, core.x[i].y] {
                h = (h ^ d.bitPattern) &* 0x100_0000_01b3
            }
        }
        return h
    }
    func state(_ k: Int) -> UnsafeMutablePointer<Complex> {
        precondition(k >= 0 && k < core.formers)
        return core.state(k)
    }
}

// What can be done.
extension ACNetwork {
    /// Commands a former; a virtual synchronous one only heeds `off` and not `off`.
    public func command(former k: Int, _ command: FormerCommand) {
        precondition(k >= 0 && k < core.formers)
        core.former[k].command = command
        core.settle(former: k)
    }
    /// The voltage its DC link has now. Below its minimum the inverter is off.
    public func set(former k: Int, link_V: Double) {
        precondition(k >= 0 && k < core.formers)
        core.former[k].link_V = link_V
        core.former[k].bridgeLimit_V = link_V / 3.0.squareRoot()
        core.settle(former: k)
    }
    /// References of a virtual synchronous machine.
    public func set(former k: Int, swing: VirtualSynchronous) {
        precondition(k >= 0 && k < core.formers && core.former[k].isVirtualSynchronous)
        core.former[k].swing = swing
    }
    /// Power into the node: a charger's is negative.
    public func command(follower k: Int, P_W: Double, Q_var: Double = 0, enabled: Bool = true) {
        precondition(k >= 0 && k < core.followers)
        core.follower[k].demand = Complex(P_W, Q_var)
        core.follower[k].isEnabled = enabled
    }
    /// What a load draws at nominal voltage, positive while it consumes.
    public func set(load k: Int, drawing_W: Double, drawing_var: Double = 0) {
        precondition(k >= 0 && k < core.loads)
        core.load[k].demand = Complex(drawing_W, drawing_var)
    }
    public func set(switch b: Int, closed: Bool) {
        precondition(b >= 0 && b < description.branches.count)
        core.set(branch: b, closed: closed)
    }
    /// Something happens to the utility.
    public func set(grid change: GridChange) {
        precondition(core.gridBranch >= 0, "this network has no grid")
        core.apply(change)
    }
    /// A short circuit of `R_ohm` per phase at a node; nil clears it.
    public func set(node n: Int, fault_ohm: Double?) {
        precondition(n >= 0 && n < core.nodes)
        core.node[n].fault_S = fault_ohm.map { 1 / $0 } ?? 0
        core.clock.pointee.isStale = true
    }
}
