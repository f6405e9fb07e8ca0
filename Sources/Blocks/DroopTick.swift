import Quantities

/// One control tick of a droop inverter: powers and their filter, P–f and Q–V droop, virtual
/// impedance, cascaded voltage and current loops with clamps per axis. Forward Euler.
///
/// Generic over the scalar; the phase belongs to the caller, who passes its cosine and sine in and
/// advances it by the answered angular frequency. See `DroopTick` and `DroopTickDouble`.
public struct DroopCascade<Scalar>: Equatable, Sendable
where Scalar: BinaryFloatingPoint & SIMDScalar & Sendable {
    /// W → rad/s, and var → V peak.
    public var frequency, voltage: DroopLaw<Scalar>
    public var powerFilter: LowPass<Scalar>
    public var virtual: VirtualImpedance<Scalar>
    /// Output A, clamped by its limit; output V, clamped likewise.
    public var voltageLoop, currentLoop: ProportionalIntegral<Scalar>
    public var feedForward, Lf_H, Cf_F: Scalar
    /// Half of the DC link, twice: V of bridge per unit of duty.
    public var link_V: Scalar

    /// Filtered three-phase powers, W and var.
    public var active: Scalar = 0
    public var reactive: Scalar = 0
    /// Integrals of the voltage loop (A) and the current loop (V), d and q.
    public var voltageD: Scalar = 0
    public var voltageQ: Scalar = 0
    public var currentD: Scalar = 0
    public var currentQ: Scalar = 0

    @inlinable public init(
        frequency: DroopLaw<Scalar>, voltage: DroopLaw<Scalar>, powerFilter: LowPass<Scalar>,
        virtual: VirtualImpedance<Scalar>, voltageLoop: ProportionalIntegral<Scalar>,
        currentLoop: ProportionalIntegral<Scalar>, feedForward: Scalar, Lf_H: Scalar,
        Cf_F: Scalar, link_V: Scalar
    ) {
        self.frequency = frequency
        self.voltage = voltage
        self.powerFilter = powerFilter
        self.virtual = virtual
        self.voltageLoop = voltageLoop
        self.currentLoop = currentLoop
        self.feedForward = feedForward
        self.Lf_H = Lf_H
        self.Cf_F = Cf_F
        self.link_V = link_V
    }

    /// Capacitor voltages, filter currents and output currents in; duties (0.5 is zero volts) and
    /// the angular frequency (rad/s) out.
    @inlinable @inline(__always) public mutating func callAsFunction(
        voltage v: Phases<Scalar>, filter f: Phases<Scalar>, output o: Phases<Scalar>,
        cos: Scalar, sin: Scalar, dt: Scalar
    ) -> (duty: Phases<Scalar>, omega: Scalar) {
        let v = park(clarke(v), cos: cos, sin: sin)
        let f = park(clarke(f), cos: cos, sin: sin)
        let o = park(clarke(o), cos: cos, sin: sin)
        let s = power(v, o)
        powerFilter.step(s.x, state: &active, dt: dt)
        powerFilter.step(s.y, state: &reactive, dt: dt)
        let omega = frequency(active)
        let drop = virtual.drop(o, omega: omega)
        let xC = omega * Cf_F
        let d = voltageLoop.step(
            error: voltage(reactive) - drop.x - v.x, feedForward: feedForward * o.x - xC * v.y,
            state: &voltageD, dt: dt)
        let q = voltageLoop.step(
            error: -drop.y - v.y, feedForward: feedForward * o.y + xC * v.x,
            state: &voltageQ, dt: dt)
        let xL = omega * Lf_H
        let u = SIMD2(
            currentLoop.step(
                error: d - f.x, feedForward: v.x - xL * f.y, state: &currentD, dt: dt),
            currentLoop.step(
                error: q - f.y, feedForward: v.y + xL * f.x, state: &currentQ, dt: dt))
        let bridge = inverseClarke(inversePark(u, cos: cos, sin: sin))
        let perVolt = 1 / link_V
        return (
            Phases(0.5 + bridge.a * perVolt, 0.5 + bridge.b * perVolt, 0.5 + bridge.c * perVolt),
            omega
        )
    }
}

extension DroopCascade: BitwiseCopyable where Scalar: BitwiseCopyable {}

/// `DroopCascade` in `Float` with its phase as a binary angle: what a board runs.
public struct DroopTick: Equatable, Sendable, BitwiseCopyable {
    public var cascade: DroopCascade<Float>
    public var phase = Turns.zero
    @inlinable public init(_ cascade: DroopCascade<Float>) { self.cascade = cascade }

    /// `dt` seconds since the last tick. A frequency that is not finite leaves the phase alone.
    @inlinable public mutating func tick(
        voltage: Phases<Float>, filter: Phases<Float>, output: Phases<Float>, dt: Float
    ) -> Phases<Float> {
        let (cos, sin) = cosineSine(phase)
        let (duty, omega) = cascade(
            voltage: voltage, filter: filter, output: output, cos: cos, sin: sin, dt: dt)
        let turn = omega * dt * 683_565_275.57643158  // 2^32 / 2π
        if turn.magnitude < 2_147_483_520 {
            phase.raw &+= UInt32(bitPattern: Int32(turn))
        }
        return duty
    }
}

/// `DroopCascade` in `Double` with its phase in radians, 0 ... 2π.
public struct DroopTickDouble: Equatable, Sendable, BitwiseCopyable {
    public var cascade: DroopCascade<Double>
    public var phase_rad = 0.0
    @inlinable public init(_ cascade: DroopCascade<Double>) { self.cascade = cascade }

    @inlinable public mutating func tick(
        voltage: Phases<Double>, filter: Phases<Double>, output: Phases<Double>, dt: Double
    ) -> Phases<Double> {
        let (cos, sin) = cosineSine(radians: phase_rad)
        let (duty, omega) = cascade(
            voltage: voltage, filter: filter, output: output, cos: cos, sin: sin, dt: dt)
        phase_rad += omega * dt
        if phase_rad > 2 * Double.pi { phase_rad -= 2 * Double.pi }
        return duty
    }
}
