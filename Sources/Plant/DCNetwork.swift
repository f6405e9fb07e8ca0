/// A running DC network: RK4 over bus voltages, cable currents and the inner states of sources.
///
/// A cable whose R/L is faster than the step can follow (a pre-charge resistor on microhenries) is
/// taken as a plain resistance while that lasts.
public final class DCNetwork {
    public let description: DCNetworkDescription
    public let step_s: Double
    let core: DCCore

    public init(_ description: DCNetworkDescription, step_s: Double = 20e-6) {
        precondition(step_s > 0 && !description.buses.isEmpty)
        self.description = description
        self.step_s = step_s
        core = DCCore(description, step_s)
    }
    deinit { core.free() }

    public var time_s: Double { Double(core.clock.pointee) * step_s }
    public func step() { core.step() }
    /// The nearest whole number of steps to `seconds`.
    public func advance(by seconds: Double) {
        for _ in 0..<Int((seconds / step_s).rounded()) { core.step() }
    }

    public func voltage(bus n: Int) -> Double {
        precondition(n >= 0 && n < core.buses)
        return core.x[n]
    }
    /// From `from` to `to`.
    public func current(cable k: Int) -> Double {
        precondition(k >= 0 && k < core.cables)
        return core.x[core.buses + k]
    }
    /// Into the bus.
    public func current(source k: Int) -> Double { core.x[core.buses + core.cables + checked(k)] }
    /// A battery's R‖C voltage, or a converter's internal voltage.
    public func inner_V(source k: Int) -> Double { core.x[core.inner + checked(k)] }
    /// Into the bus.
    public func current(panel k: Int) -> Double {
        precondition(k >= 0 && k < core.panels)
        return core.current(panel: k, at: core.x[core.panel[k].bus])
    }
    /// Into the bus: negative while it draws.
    public func current(load k: Int) -> Double {
        precondition(k >= 0 && k < core.loads)
        return core.current(load: k, at: core.x[core.load[k].bus])
    }

    public func set(cable k: Int, path: DCPath) {
        precondition(k >= 0 && k < core.cables)
        core.set(line: k, path)
    }
    public func set(source k: Int, path: DCPath) { core.set(line: core.cables + checked(k), path) }
    /// Open-circuit voltage of a battery, or no-load voltage of a converter.
    public func set(source k: Int, volts: Double) { core.source[checked(k)].volts = volts }
    /// Photo current of a string, or the current itself.
    public func set(panel k: Int, amperes: Double) {
        precondition(k >= 0 && k < core.panels)
        core.panel[k].photo_A = amperes
    }
    public func set(load k: Int, R_ohm: Double, drawing_W: Double) {
        precondition(k >= 0 && k < core.loads)
        core.load[k].conductance_S = 1 / R_ohm
        core.load[k].drawing_W = drawing_W
    }
    private func checked(_ k: Int) -> Int {
        precondition(k >= 0 && k < core.sources)
        return k
    }
}
