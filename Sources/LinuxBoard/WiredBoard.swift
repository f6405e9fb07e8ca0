import Control
import HAL

/// A board of real chips. The tick copies what the bus threads published, with its age, and posts
/// what it wants; it never waits for any of them.
public struct WiredBoard: Board, ~Copyable {
    private let wiring: Wiring
    private let readings: ReadingTable
    private let wishes: WishTable
    private let pulse: Pulse
    private let buses: [BusThread]
    private let lines: [LineThread]
    private let capture: CaptureThread?
    private var tap: WaveTap?
    private let period_ns: Int64
    private let contactAge: UInt16
    private var ages: ReadingAges
    private var coulombs: CoulombCounter?
    private var last: (tick: Tick, at_ns: Int64)?
    private let levelSlots: [Int]
    private var levels: [UInt32]
    private var levelAges: [UInt16]
    private var wanted: [UInt32]
    private var isBeating = false

    /// Starts the threads. Outputs are at rest until the first `act`, or as `initial` has them: then
    /// their lines are requested at rest and driven within the same turn of their thread: 0.1 ms later on
    /// a chip of the board, some milliseconds on a bridge.
    ///
    /// - Parameters:
    ///   - period_s: of the tick.
    ///   - buses, lines: not yet started, over these tables.
    ///   - capture: of waveforms, into its ring; not yet started.
    ///   - initial: what a controller that goes on had asked for last.
    public init(
        _ wiring: Wiring, period_s: Double, readings: ReadingTable, wishes: WishTable,
        pulse: Pulse, buses: [BusThread], lines: [LineThread],
        capture: (thread: CaptureThread, ring: WaveRing)? = nil, initial: Command = Command()
    ) {
        precondition(readings.count == wiring.readingSlots && wishes.count == wiring.wishSlots)
        self.wiring = wiring
        self.readings = readings
        self.wishes = wishes
        self.pulse = pulse
        self.buses = buses
        self.lines = lines
        self.capture = capture?.thread
        period_ns = Int64(period_s * 1e9)
        tap = capture.map {
            WaveTap(
                $0.ring, wiring.waves, block: wiring.waveBlock,
                samplesPerTick: wiring.samplesPerTick, period_ns: Int64(period_s * 1e9))
        }
        contactAge = UInt16(min(max(2, wiring.contactAge_s / period_s), 0xFFFF))
        ages = ReadingAges(count: wiring.readingSlots, period_ns: period_ns)
        coulombs = wiring.coulombs
        levelSlots = Set(wiring.contacts.map(\.slot)).sorted()
        levels = Array(repeating: 0, count: wiring.readingSlots)
        levelAges = Array(repeating: .max, count: wiring.readingSlots)
        wanted = Array(repeating: 0, count: wiring.wishSlots)
        post(initial)
        if initial != Command() {
            isBeating = initial.outputs[Output.heartbeat]
            pulse.turn(now_ns: monotonic_ns(), believes: true)
        }
        for bus in buses { bus.start() }
        for line in lines { line.start() }
        self.capture?.start()
    }

    public mutating func sample(at now: Tick, into sample: inout Sample) throws(BoardFault) {
        let at_ns = monotonic_ns()
        let elapsed = UInt32(truncatingIfNeeded: last.map { min(now.since($0.tick), 0xFFFF) } ?? 0)
        let elapsed_ns = last.map { at_ns - $0.at_ns } ?? 0
        last = (now, at_ns)
        sample.tick = now
        sample.blockLength = 0
        sample.lostSamples = 0
        tap?.fill(&sample, now_ns: at_ns, elapsed: elapsed)
        for wire in wiring.scalars {
            let (bits, age) = ages.newest(wire.slot, of: readings, now_ns: at_ns, elapsed: elapsed)
            sample[wire.channel] = Scalar(raw: Float(bitPattern: bits), age: age)
        }
        if coulombs != nil {
            let current = sample[.batteryCurrent]
            coulombs!.count(
                raw: current.age < contactAge ? current.raw : .nan, elapsed_ns: elapsed_ns)
            sample[.stateOfCharge] = Scalar(raw: coulombs!.charge, age: current.age)
        }
        listen(&sample, at_ns: at_ns, elapsed: elapsed)
    }

    private mutating func listen(_ sample: inout Sample, at_ns: Int64, elapsed: UInt32) {
        var heard = LineSet(), deaf = LineSet()
        for slot in levelSlots {
            (levels[slot], levelAges[slot]) =
                ages.newest(slot, of: readings, now_ns: at_ns, elapsed: elapsed)
        }
        for wire in wiring.contacts {
            let level = levels[wire.slot] >> UInt32(wire.bit) & 1 != 0
            heard[wire.contact] = level != wire.isInverted
            if levelAges[wire.slot] > contactAge { deaf[wire.contact] = true }
        }
        sample.contacts = heard
        sample.deafContacts = deaf
    }

    public mutating func act(_ command: Command) throws(BoardFault) {
        let beat = command.outputs[Output.heartbeat]
        pulse.turn(now_ns: monotonic_ns(), believes: beat != isBeating)
        isBeating = beat
        post(command)
    }

    /// Lets go of every output at once. The threads carry it out; one that hangs in a driver does so
    /// when the driver answers, and the watchdog relay behind the heartbeat does not wait for it.
    public mutating func makeSafe() {
        pulse.end()
        post(Command())
    }

    private mutating func post(_ command: Command) {
        for k in wanted.indices { wanted[k] = 0 }
        for wire in wiring.outputs {
            let on =
                switch wire.driver {
                case .output(let output): command.outputs[output]
                case .converter: command.converter.isOn
                }
            if on != wire.isInverted { wanted[wire.slot] |= 1 << UInt32(wire.bit) }
        }
        for wire in wiring.references {
            let value = command[wire.figure] * wire.gain + wire.offset
            let held = value >= wire.range.lowerBound ? value : wire.range.lowerBound
            wanted[wire.slot] = min(held, wire.range.upperBound).bitPattern
        }
        for k in wanted.indices { wishes[k] = wanted[k] }
    }

    /// Brings every output to rest and ends the threads.
    ///
    /// - Returns: false where a bus did not answer in time and its outputs are not proved.
    public mutating func shutDown(within seconds: Double = 1) -> Bool {
        makeSafe()
        var all = true
        for line in lines { all = line.stop(within: seconds) && all }
        for bus in buses { all = bus.stop(within: seconds) && all }
        // It drives nothing: nobody waits for it to prove anything.
        _ = capture?.stop(within: seconds)
        return all
    }
}

extension Command {
    fileprivate subscript(_ figure: Wiring.Figure) -> Float {
        switch figure {
        case .converterVoltage: converter.voltage.value
        case .converterMostOut: converter.mostOut.value
        case .converterMostIn: converter.mostIn.value
        case .inverterFrequency: inverter.frequency.value
        case .inverterVoltage: inverter.voltage.value
        case .inverterActive: inverter.active.value
        case .inverterReactive: inverter.reactive.value
        case .renewables: renewables
        case .charging: charging
        }
    }
}
