import Blocks
import Quantities

@testable import Control

/// Small numbers at random, the same for ever (SplitMix64; Steele, Lea and Flood 2014).
struct Dice {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
    /// 0 ..< n.
    mutating func below(_ n: UInt64) -> UInt64 { next() % n }
    mutating func oneIn(_ n: UInt64) -> Bool { below(n) == 0 }
    /// −1 ..< 1.
    mutating func unit() -> Double { Double(Int64(bitPattern: next())) * 0x1p-63 }
}

/// A controller on a table: two sources of waveforms, relays that follow their coils, battery
/// figures, and a person who changes one thing at a time. Not a plant: nothing here reacts but
/// contacts, and the bus, which is the grid's while the switch is closed, else that of the
/// neighbours where there are any, else what the inverter forms.
struct TestBench {
    struct Side {
        var voltage_V = 0.0
        var frequency_Hz = 50.0
        var turns = 0.0
    }
    enum ContactHabit: Equatable { case follows, says(Bool), deaf }

    var controller: Controller
    var grid = Side()
    /// What neighbours make on the bus, and what is on it.
    var neighbours = Side()
    private(set) var bus = Side()
    /// Power through the connection, W into the bus, unity power factor.
    var power_W = 0.0
    var scalars: [ScalarChannel: Float] = [
        .batteryVoltage: 400, .batteryCurrent: 0, .batteryTemperature: 25, .stateOfCharge: 0.8,
        .linkVoltage: 0, .dcBusVoltage: 48, .converterCurrent: 5,
    ]
    /// Pre-charge brings the link to the battery's voltage.
    var precharges = true
    var habits: [Contact: ContactHabit] = [:]
    var stale: Set<UInt8> = []
    var frozen: Set<UInt8> = []
    var scaled: [UInt8: Double] = [:]
    /// Samples that reach the controller in a tick.
    var blockLength = TestSite.samples
    var wish = Setpoints.fallback
    /// A wish is renewed each tick, a second long, unless this is false.
    var renews = true
    private(set) var sample = Sample()
    private(set) var record = Record()
    private(set) var now: UInt64 = 0
    private var relays: [[Bool]]
    private var dice = Dice(1)
    private let travel = 30

    init(_ settings: ControllerSettings) {
        controller = Controller(settings)
        relays = Array(repeating: Array(repeating: false, count: travel), count: 8)
        for c in ScalarChannel.allCases { sample[c].age = 0 }
        for c in 0..<WaveChannel.count { sample.waves[c].age = 0 }
        sample.blockLength = TestSite.samples
    }

    /// One tick, or, with `passed` above 1, the last of several of which the controller sees none
    /// but the last.
    mutating func turn(passed: UInt64 = 1) {
        for _ in 0..<passed { step() }
        if renews && wish.expires != Tick(.max) { wish.expires = Tick(now + 1000) }
        controller.tick(sample, wanting: wish, into: &record)
    }

    private mutating func step() {
        now += 1
        sample.tick = Tick(now)
        sample.blockLength = blockLength
        moveContacts()
        let command = record.command
        let isTied = relays[0][0]
        for k in 0..<TestSite.samples {
            let dt = 1 / (1000 * Double(TestSite.samples))
            advance(&grid, dt)
            advance(&neighbours, dt)
            if isTied {
                bus = grid
            } else if command.inverter.mode == .form && neighbours.voltage_V < 1 {
                bus.voltage_V = Double(command.inverter.voltage.value)
                bus.frequency_Hz = Double(command.inverter.frequency.value)
                advance(&bus, dt)
            } else {
                bus = neighbours
            }
            let amplitude_A =
                bus.voltage_V > 1 ? power_W / (3 * bus.voltage_V) * 2.0.squareRoot() : 0
            put(0, k, grid.turns, grid.voltage_V * 2.0.squareRoot(), TestSite.voltsPerCount)
            put(3, k, bus.turns, bus.voltage_V * 2.0.squareRoot(), TestSite.voltsPerCount)
            put(6, k, bus.turns, amplitude_A, TestSite.amperesPerCount)
        }
        for c in 0..<UInt8(WaveChannel.count) {
            sample.waves[Int(c)].age =
                stale.contains(c) ? min(sample.waves[Int(c)].age, .max - 1) + 1 : 0
        }
        if precharges && (relays[1][0] || relays[2][0]) {
            scalars[.linkVoltage] = scalars[.batteryVoltage]! - 0.5
        } else if scalars[.linkVoltage]!.isFinite {
            scalars[.linkVoltage]! *= 0.999
        }
        for (channel, value) in scalars {
            if stale.contains(16 + channel.rawValue) {
                sample[channel].age = min(sample[channel].age, .max - 1) + 1
            } else {
                sample[channel] = Scalar(raw: value, age: 0)
            }
        }
    }

    private func advance(_ side: inout Side, _ dt: Double) {
        side.turns += side.frequency_Hz * dt
        side.turns -= side.turns.rounded(.down)
    }

    private mutating func put(
        _ first: Int, _ k: Int, _ turns: Double, _ amplitude: Double, _ perCount: Float
    ) {
        for phase in 0..<3 {
            let c = first + phase
            let noise = dice.unit() * 2
            if frozen.contains(UInt8(c)) || stale.contains(UInt8(c)) { continue }
            let angle = (turns - Double(phase) / 3) * 2 * Double.pi
            let value = amplitude * cosineSine(radians: angle).cos * (scaled[UInt8(c)] ?? 1)
            let count = (value / Double(perCount) + noise).rounded()
            sample.waves[c].counts[k] = Int32(min(max(count, -40_000), 40_000))
        }
    }

    private mutating func moveContacts() {
        let outputs = record.command.outputs
        for c in Contact.allCases {
            let k = Int(c.rawValue)
            // A channel's ready line is the inverter's own.
            let coil =
                c == .inverterReady ? outputs[Output.inverterEnable] : outputs.bits & 1 << k != 0
            relays[k].removeFirst()
            relays[k].append(coil)
            switch habits[c] ?? .follows {
            case .follows: sample.contacts[c] = relays[k][0]
            case .says(let lie): sample.contacts[c] = lie
            case .deaf: break
            }
            sample.deafContacts[c] = habits[c] == .deaf
        }
    }
}
