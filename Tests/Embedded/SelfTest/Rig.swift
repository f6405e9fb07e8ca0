import Control
import Quantities

/// A controller among relays that follow their coils, a grid that follows its script, and a bus that
/// is the grid's or what the controller itself makes. Integers but for what the controller commands.
struct Rig {
    var controller: Controller
    var grid = Side()
    private(set) var bus = Side()
    /// Through the connection, thousandths of an ampere a phase, in phase with the bus.
    var current_mA: Int64 = 0
    /// The battery's temperature in tenths of a degree, and what its driver says instead, if anything.
    var temperature_dC: Int64 = 250
    var nonsense: Float?
    /// Channels that are not heard for now, as bits of a `ChannelSet`.
    var unheard: UInt64 = 0
    var wish = Setpoints.fallback
    private(set) var record = Record()
    private(set) var digest = RecordHash()
    private(set) var seen = Coverage()

    private let samples: Int
    private var sample = Sample()
    private var now: UInt64 = 0
    private var coils = InlineArray<32, UInt16>(repeating: 0)
    private var dice = Dice(state: 1)
    private var link_mV: Int64 = 0
    private var dc_mV: Int64 = 0

    /// `samples` in a tick; 0 for sites without waveforms.
    init(_ settings: ControllerSettings, samples: Int) {
        controller = Controller(settings)
        self.samples = samples
    }

    /// One tick, or the last of several, of which the controller sees none but the last.
    mutating func turn(passed: Int = 1) {
        for _ in 0..<passed { step() }
        if wish.expires != Tick(.max) { wish.expires = Tick(now + 1000) }
        controller.tick(sample, wanting: wish, into: &record)
        digest.add(record)
        seen.note(record)
    }

    /// So many ticks nobody lived through.
    mutating func leap(_ ticks: UInt64) { now += ticks }

    /// The sample that is next is one of a converter with its own clock: as many as there are.
    mutating func bring(_ count: Int, lost: Int) {
        sample.lostSamples = lost
        brought = count
    }
    private var brought: Int?

    private mutating func step() {
        now += 1
        sample.tick = Tick(now)
        moveContacts()
        chooseBus()
        let count = brought ?? samples
        sample.blockLength = count
        for k in 0..<count { put(k) }
        if samples == 0 {
            grid.advance(samples_Hz: 1000)
            bus.advance(samples_Hz: 1000)
        }
        for c in 0..<WaveChannel.count {
            let isHeard = unheard & (1 << UInt64(c)) == 0
            sample.waves[c].age = isHeard ? 0 : min(sample.waves[c].age, .max - 1) + 1
        }
        moveBattery()
        readChips()
    }

    private mutating func moveContacts() {
        let at = Int(now & 31)
        sample.contacts = LineSet(bits: coils[(at + 2) & 31])
        coils[at] = record.command.outputs.bits & 0xFF
    }

    private mutating func chooseBus() {
        let inverter = record.command.inverter
        if sample.contacts[Contact.islandingSwitch] {
            bus = grid
        } else if inverter.mode == .form {
            bus.voltage_mV = thousandths(inverter.voltage.value)
            bus.frequency_mHz = thousandths(inverter.frequency.value)
        } else {
            bus.voltage_mV = 0
        }
    }

    private mutating func put(_ k: Int) {
        grid.advance(samples_Hz: Int64(1000 * samples))
        bus.advance(samples_Hz: Int64(1000 * samples))
        for phase in 0..<3 {
            let lag = third &* UInt32(phase)
            sample.waves[phase].counts[k] =
                grid.counts(rms: grid.voltage_mV, perCount: 50, lag: lag) + dice.noise()
            sample.waves[3 + phase].counts[k] =
                bus.counts(rms: bus.voltage_mV, perCount: 50, lag: lag) + dice.noise()
            let current = bus.voltage_mV > 0 ? current_mA : 0
            sample.waves[6 + phase].counts[k] =
                bus.counts(rms: current, perCount: 2, lag: lag) + dice.noise()
        }
    }

    private mutating func moveBattery() {
        let isOnLink =
            sample.contacts[Contact.preCharge] || sample.contacts[Contact.mainContactor]
        if isOnLink {
            link_mV += (400_000 - link_mV) / 64
            if 400_000 - link_mV < 900 { link_mV = 399_500 }
        } else {
            link_mV -= link_mV / 256
        }
        let converter = record.command.converter
        dc_mV = converter.isOn ? thousandths(converter.voltage.value) : dc_mV - dc_mV / 128
        hear(.batteryVoltage, 400_000 + Int64(dice.noise()))
        hear(.batteryCurrent, Int64(dice.noise()))
        hear(.stateOfCharge, 800 + Int64(dice.noise()))
        hear(.linkVoltage, link_mV + Int64(dice.noise()))
        hear(.dcBusVoltage, dc_mV + Int64(dice.noise()))
        hear(.converterCurrent, current_mA + Int64(dice.noise()))
        hear(.batteryTemperature, 100 * temperature_dC + Int64(dice.noise()))
        if let nonsense { sample[.batteryTemperature].raw = nonsense }
    }

    private mutating func readChips() {
        guard samples == 0 else { return }
        let power = 3 * bus.voltage_mV / 1000 * current_mA
        hear(.gridRMS, grid.voltage_mV + 10 * Int64(dice.noise()))
        hear(.gridFrequency, grid.voltage_mV > 0 ? grid.frequency_mHz : 0)
        hear(.busRMS, bus.voltage_mV + 10 * Int64(dice.noise()))
        hear(.busFrequency, bus.voltage_mV > 0 ? bus.frequency_mHz : 0)
        hear(.busCurrent, current_mA)
        hear(.busActive, power)
        hear(.busReactive, power / 10)
        let across = Int32(bitPattern: grid.phase &- bus.phase)
        hear(.angleAcross, (Int64(across) * 360_000) >> 32)
    }

    private mutating func hear(_ channel: ScalarChannel, _ thousandths: Int64) {
        if unheard & (1 << (16 + UInt64(channel.rawValue))) == 0 {
            sample[channel] = Scalar(raw: Float(thousandths) * 0.001, age: 0)
        } else {
            sample[channel].age = min(sample[channel].age, .max - 1) + 1
        }
    }
}

/// A commanded figure in thousandths, as an integer; what is no number, or absurd, is nil.
func thousandths(_ value: Float) -> Int64 {
    value.magnitude < 1e6 ? Int64(value * 1000) : 0
}
