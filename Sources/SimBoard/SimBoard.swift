import Control
import HAL
import Plant

/// How a simulated board is fitted.
public struct SimBoardDescription: Sendable {
    public var waves: [WaveChannel: SensorModel]
    public var scalars: [ScalarChannel: SensorModel]
    /// Samples of each waveform in a tick, 0 ... 20.
    public var samplesPerTick: Int
    public var ticksPerSecond: Double
    /// Commands reach the plant this many ticks late, 0 ... 15.
    public var commandDelay: Int
    public init(
        waves: [WaveChannel: SensorModel] = [:], scalars: [ScalarChannel: SensorModel] = [:],
        samplesPerTick: Int, ticksPerSecond: Double, commandDelay: Int = 1
    ) {
        precondition(commandDelay >= 0 && commandDelay <= 15)
        precondition(samplesPerTick >= 0 && samplesPerTick <= blockLimit)
        self.waves = waves
        self.scalars = scalars
        self.samplesPerTick = samplesPerTick
        self.ticksPerSecond = ticksPerSecond
        self.commandDelay = commandDelay
    }
}

/// A board over a simulated plant: sensors that quantise, drift, stick and lie, outputs that come
/// late. Everything it does follows from its seed.
public struct SimBoard: Board, ~Copyable {
    public let port: any PlantPort
    public let description: SimBoardDescription
    private var waveSensors: InlineArray<9, Sensor?>
    private var scalarSensors: InlineArray<20, Sensor?>
    private var truth: TrueWaves
    private var random: Random
    private var queue: InlineArray<16, Command>
    private var head = 0
    private let dt_s: Double
    /// Ticks that have passed at this sample and at the one before.
    private var ticks: UInt64 = 0
    private var before: UInt64 = 0
    /// Every call throws this while set: a driver that fails at run time.
    public var driverFault: BoardFault?

    public init(_ description: SimBoardDescription, port: any PlantPort, random: Random) {
        self.port = port
        self.description = description
        self.random = random
        dt_s = 1 / description.ticksPerSecond
        waveSensors = InlineArray(repeating: nil)
        scalarSensors = InlineArray(repeating: nil)
        for (c, model) in description.waves { waveSensors[Int(c.rawValue)] = Sensor(model) }
        for (c, model) in description.scalars { scalarSensors[Int(c.rawValue)] = Sensor(model) }
        truth = InlineArray(repeating: InlineArray(repeating: 0))
        queue = InlineArray(repeating: Command())
    }

    public mutating func sample(at now: Tick, into sample: inout Sample) throws(BoardFault) {
        if let driverFault { throw driverFault }
        let passed = UInt16(truncatingIfNeeded: min(max(now.since(sample.tick), 1), 0xFFFF))
        sample.tick = now
        sample.blockLength = description.samplesPerTick
        before = ticks
        ticks &+= UInt64(passed)
        if description.samplesPerTick > 0 { readWaves(into: &sample, passed) }
        readScalars(into: &sample, passed)
        sample.contacts = port.contacts
        sample.deafContacts = port.deafContacts
    }

    private mutating func readWaves(into sample: inout Sample, _ passed: UInt16) {
        let count = description.samplesPerTick
        port.read(waves: &truth, count: count)
        let step = dt_s / Double(count)
        for c in 0..<9 where waveSensors[c] != nil {
            var source = c
            switch waveSensors[c]!.fault {
            case .drop, .nan:
                sample.waves[c].age = UInt16(
                    min(UInt32(sample.waves[c].age) + UInt32(passed), 0xFFFF))
                continue
            case .swap(let other): source = min(Int(other), 8)
            default: break
            }
            for k in 0..<count {
                let raw = waveSensors[c]!.read(truth[source][k], dt_s: step, random: &random)
                sample.waves[c].counts[k] = Int32(raw.clamped(-2_147_483_000, 2_147_483_000))
            }
            sample.waves[c].age = 0
        }
    }

    private mutating func readScalars(into sample: inout Sample, _ passed: UInt16) {
        for c in 0..<ScalarChannel.count where scalarSensors[c] != nil {
            let every = UInt64(scalarSensors[c]!.model.every)
            var dropped = false
            var source = c
            switch scalarSensors[c]!.fault {
            case .drop: dropped = true
            case .swap(let other): source = min(Int(other), ScalarChannel.count - 1)
            default: break
            }
            // Published at tick 1 and every so many after it, missed ticks counted.
            let isDue = (ticks &+ every &- 1) / every != (before &+ every &- 1) / every
            if dropped || !isDue {
                sample.scalars[c].age =
                    UInt16(min(UInt32(sample.scalars[c].age) + UInt32(passed), 0xFFFF))
                continue
            }
            let channel = ScalarChannel(rawValue: UInt8(source))!
            let raw = scalarSensors[c]!.read(
                port.read(channel), dt_s: dt_s * Double(every), random: &random)
            sample.scalars[c] = Scalar(raw: Float(raw), age: 0)
        }
    }

    public mutating func act(_ command: Command) throws(BoardFault) {
        if let driverFault { throw driverFault }
        head = (head + 1) & 15
        queue[head] = command
        port.apply(queue[(head - description.commandDelay) & 15])
    }

    public mutating func makeSafe() {
        queue = InlineArray(repeating: Command())
        port.apply(Command())
    }

    /// Lays a fault on a place, or clears it with nil. False where the board has no such sensor.
    @discardableResult
    public mutating func fault(_ place: FaultPlace, _ sensor: SensorFault?) -> Bool {
        switch place {
        case .wave(let c):
            guard waveSensors[Int(c.rawValue)] != nil else { return false }
            // What was swapped is swapped back on both sides.
            if case .swap(let other)? = waveSensors[Int(c.rawValue)]!.fault, Int(other) < 9,
                waveSensors[Int(other)]?.fault == .swap(with: c.rawValue)
            {
                waveSensors[Int(other)]!.fault = nil
            }
            waveSensors[Int(c.rawValue)]!.fault = sensor
            if case .swap(let other)? = sensor, Int(other) < 9, waveSensors[Int(other)] != nil {
                waveSensors[Int(other)]!.fault = .swap(with: c.rawValue)
            }
            return true
        case .scalar(let c):
            guard scalarSensors[Int(c.rawValue)] != nil else { return false }
            if case .swap(let other)? = scalarSensors[Int(c.rawValue)]!.fault,
                Int(other) < ScalarChannel.count,
                scalarSensors[Int(other)]?.fault == .swap(with: c.rawValue)
            {
                scalarSensors[Int(other)]!.fault = nil
            }
            scalarSensors[Int(c.rawValue)]!.fault = sensor
            if case .swap(let other)? = sensor, Int(other) < ScalarChannel.count,
                scalarSensors[Int(other)] != nil
            {
                scalarSensors[Int(other)]!.fault = .swap(with: c.rawValue)
            }
            return true
        case .relay: return false
        }
    }
    /// Lays a fault on a relay, or clears it with nil.
    public func fault(relay: Contact, _ fault: RelayFault?) { port.fault(relay, fault) }
}

extension Double {
    fileprivate func clamped(_ low: Double, _ high: Double) -> Double {
        self >= low ? (self <= high ? self : high) : low
    }
}
