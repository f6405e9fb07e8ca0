import Blocks
import Control
import Plant

/// A village running: the network, and the slow parts of each home. One object, shared by the
/// boards of all homes and of the point of common coupling; stepped by whoever owns the time.
///
/// Nodes: 0 the grid's stub, 1 the village bus, 2 + h the homes.
/// Branches: 0 stub to bus with the islanding switch, 1 + h bus to home h.
public final class Microgrid {
    public let description: MicrogridDescription
    public let network: ACNetwork
    public private(set) var homes: [HomePlant]
    public private(set) var islandingSwitch: Relay
    public let ticksPerSecond: Double
    private let steps: Int
    /// Vectors of the tick that has passed, sample by sample: for each site its voltage and
    /// current; the stub's voltage; and cosine and sine of the frame.
    private var voltages: [[SIMD2<Double>]]
    private var currents: [[SIMD2<Double>]]
    private var stub: [SIMD2<Double>]
    private var frame: [SIMD2<Double>]
    public let samplesPerTick: Int
    private let nominalPeak_V: Double

    /// - Parameters:
    ///   - fidelity: waveform steps must divide a tick; a phasor step is a tick.
    ///   - samplesPerTick: 0 ... 20; in waveform fidelity it must divide the steps of a tick.
    public init(
        _ d: MicrogridDescription, ticksPerSecond: Double, samplesPerTick: Int,
        fidelity: Fidelity, random: Random
    ) {
        description = d
        self.ticksPerSecond = ticksPerSecond
        self.samplesPerTick = samplesPerTick
        steps = max(1, Int((1 / ticksPerSecond / fidelity.step_s).rounded()))
        precondition(
            abs(Double(steps) * fidelity.step_s * ticksPerSecond - 1) < 1e-9,
            "a tick must be a whole number of plant steps")
        precondition(
            fidelity.isPhasor || samplesPerTick == 0 || steps % samplesPerTick == 0,
            "samples must fall on plant steps")
        var seeds = random.fork("network")
        network = ACNetwork(Self.network(d), fidelity: fidelity, seed: seeds.next())
        homes = d.homes.indices.map {
            HomePlant(d.homes[$0], index: $0, random: random.fork("home \(d.homes[$0].name)"))
        }
        islandingSwitch = Relay(
            close_s: d.switchClose_s, open_s: d.switchOpen_s, random: random.fork("switch"))
        let none = [SIMD2<Double>](repeating: .zero, count: max(samplesPerTick, 1))
        voltages = Array(repeating: none, count: d.homes.count + 1)
        currents = voltages
        stub = none
        frame = none
        nominalPeak_V = d.nominalVoltage_V * 2.0.squareRoot()
        network.set(switch: 0, closed: false)
    }

    private static func network(_ d: MicrogridDescription) -> ACNetworkDescription {
        var n = ACNetworkDescription(
            nominalFrequency_Hz: d.nominalFrequency_Hz, nominalPhaseVoltage_V: d.nominalVoltage_V)
        n.nodes = [
            ACNode(capacitance_F: d.busCapacitance_F), ACNode(capacitance_F: d.busCapacitance_F),
        ]
        n.branches = [ACBranch(from: 0, to: 1, R_ohm: d.cableR_ohm, L_H: d.cableL_H)]
        n.grid = ACGrid(
            node: 0, R_ohm: d.gridR_ohm, L_H: d.gridL_H, others_W: d.others_W,
            others_var: d.others_var)
        for (h, home) in d.homes.enumerated() {
            n.nodes.append(ACNode(capacitance_F: 6e-6))
            n.branches.append(
                ACBranch(from: 1, to: 2 + h, R_ohm: home.lineR_ohm, L_H: home.lineL_H))
            var former = GridFormer(node: 2 + h, primary: .commanded)
            let ratedPeak = home.rating_VA / (3 * d.nominalVoltage_V) * 2.0.squareRoot()
            former.rated_A = ratedPeak * 1.1
            former.shortTime_A = ratedPeak * 2
            former.shortTime_s = 2
            // Choke of about 8 % of the base impedance; filter scaled from case A's 10 kVA.
            let base = 3 * d.nominalVoltage_V * d.nominalVoltage_V / home.rating_VA
            former.Lc_H = 0.08 * base / (2 * Double.pi * d.nominalFrequency_Hz)
            former.Rc_ohm = 0.01 * base
            former.link_V = 0
            n.formers.append(former)
            n.followers.append(GridFollower(node: 2 + h, rating_VA: max(home.pv_W, 1)))
            n.followers.append(GridFollower(node: 2 + h, rating_VA: max(home.wind_W, 1)))
            n.followers.append(GridFollower(node: 2 + h, rating_VA: max(home.ev_W, 1)))
            // Electronics, people's mixed loads, and a compressor.
            n.loads.append(ACLoad(node: 2 + h, drawing_W: 0, impedance: 0.4, current: 0.2))
            n.loads.append(ACLoad(node: 2 + h, drawing_W: 0, impedance: 0.6, current: 0.2))
            n.loads.append(ACLoad(node: 2 + h, drawing_W: 0, impedance: 1, speedLag_s: 0.3))
        }
        return n
    }

    /// Passes one tick: slow parts, then the network with a look at each sample.
    public func tick() {
        let dt = 1 / ticksPerSecond
        islandingSwitch.step(dt_s: dt)
        network.set(switch: 0, closed: islandingSwitch.isConducting)
        for h in homes.indices { homes[h].step(dt_s: dt, on: network) }
        if network.fidelity.isPhasor {
            network.advance(by: dt)
            for k in 0..<samplesPerTick {
                look(k, back_s: dt * Double(samplesPerTick - 1 - k) / Double(samplesPerTick))
            }
        } else {
            let every = samplesPerTick > 0 ? steps / samplesPerTick : steps + 1
            for s in 1...steps {
                network.step()
                if s % every == 0 { look(s / every - 1, back_s: 0) }
            }
        }
    }

    private func look(_ k: Int, back_s: Double) {
        let turns = network.frameTurns - back_s * description.nominalFrequency_Hz
        let (c, s) = cosineSine(radians: 2 * Double.pi * turns)
        frame[k] = SIMD2(c, s)
        stub[k] = network.voltage(node: 0)
        voltages[0][k] = network.voltage(node: 1)
        currents[0][k] = network.current(branch: 0)
        for h in homes.indices {
            voltages[1 + h][k] = network.voltage(node: 2 + h)
            currents[1 + h][k] = network.current(former: h)
        }
    }

    /// Waveforms of the tick that has passed, at site 0 (coupling) or 1 + h (home h).
    func read(site: Int, into waves: inout TrueWaves, count: Int) {
        for k in 0..<min(count, samplesPerTick) {
            let c = frame[k].x, s = frame[k].y
            Self.spread(voltages[site][k], c, s, into: &waves, first: 3, k)
            Self.spread(currents[site][k], c, s, into: &waves, first: 6, k)
            if site == 0 { Self.spread(stub[k], c, s, into: &waves, first: 0, k) }
        }
    }
    /// A vector of the turning frame as three phase values.
    private static func spread(
        _ v: SIMD2<Double>, _ c: Double, _ s: Double, into waves: inout TrueWaves, first: Int,
        _ k: Int
    ) {
        let a = v.x * c - v.y * s
        let b = v.x * s + v.y * c
        waves[first][k] = a
        waves[first + 1][k] = -0.5 * a + 0.8660254037844386 * b
        waves[first + 2][k] = -0.5 * a - 0.8660254037844386 * b
    }

    /// What the switch is told, and what is wrong with it.
    func command(switchClosed: Bool) { islandingSwitch.coil = switchClosed }
    func fault(switch fault: RelayFault?) { islandingSwitch.lay(fault) }
    func command(home h: Int, _ command: Command) { homes[h].command(command, on: network) }
    func fault(home h: Int, _ relay: Contact, _ fault: RelayFault?) {
        homes[h].lay(fault, on: relay)
    }
    /// Changes what weather and people ask for at a home.
    public func set(_ conditions: HomeConditions, home h: Int) { homes[h].conditions = conditions }

    /// Angle of the stub's voltage against the bus's, degrees: what really is across the switch.
    public var trueAngleAcross_deg: Double {
        let a = network.voltage(node: 0), b = network.voltage(node: 1)
        let x = a.x * b.x + a.y * b.y, y = a.y * b.x - a.x * b.y
        return Double(angle(x: Float(x), y: Float(y)).degrees)
    }
    /// Phase RMS at a node.
    public func rms(node: Int) -> Double {
        let v = network.voltage(node: node)
        return ((v.x * v.x + v.y * v.y) / 2).squareRoot()
    }
    public func isSound(node: Int) -> Bool { rms(node: node) > description.nominalVoltage_V * 0.7 }
}

extension Fidelity {
    var isPhasor: Bool {
        if case .phasor = self { true } else { false }
    }
}
