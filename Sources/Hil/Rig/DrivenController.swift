import BoardProfile
import Control
import Plant
import Quantities
import Words

/// How waveforms become counts.
enum Quantisation: Equatable, Sendable {
    /// By the channel's own converter, with noise of this standard deviation.
    case channel(noise_counts: Double)
    /// By one of 23 bits, without noise.
    case ideal
}

/// One controller as it runs on a board, its board a partner's words. It is not changed in any way: this
/// makes its samples and takes its records.
final class DrivenController {
    let name: String
    let kind: String
    /// Names of its stages, in order.
    private(set) var stages: [String]
    private(set) var settings: ControllerSettings
    private(set) var record = Record()
    private(set) var sample = Sample()
    var wish = Setpoints()
    var waves: [WaveDrive]
    var scalars: [ScalarDrive]
    var contacts: [ContactDrive]
    /// As the board's files say, before converters are refined.
    private var told: ControllerSettings
    private var controller: Controller
    private var trios: [TrioSynthesis?]
    private var random: Random
    private var watch: HappenedWatch
    let samplesPerTick: Int

    init(
        _ name: String, kind: String, stages: [String], _ told: ControllerSettings,
        travel: Travel, _ quantisation: Quantisation, random: Random
    ) {
        var settings = told
        if quantisation == .ideal { settings.refineConverters() }
        self.name = name
        self.kind = kind
        self.stages = stages
        self.settings = settings
        self.told = told
        self.random = random
        controller = Controller(settings)
        watch = HappenedWatch(stages: stages)
        if case .waveform(let samples, _) = settings.frontEnd {
            samplesPerTick = samples
        } else {
            samplesPerTick = 0
        }
        let f = Double(settings.nominalFrequency.value)
        waves = (0..<WaveChannel.count).map { k in
            // b lags a by a third of a turn, c by two thirds.
            WaveDrive(frequency_Hz: f, angle_turns: [0, -1.0 / 3, 1.0 / 3][k % 3])
        }
        scalars = Array(repeating: ScalarDrive(), count: ScalarChannel.count)
        contacts = Contact.allCases.map { travel.drive(of: $0, settings.rate) }
        var noise = 0.0
        if case .channel(let counts) = quantisation { noise = counts }
        let (samples, s) = (samplesPerTick, settings)
        trios = (0..<3).map { trio in
            let channels = (0..<3).map { s.waves[3 * trio + $0] }
            guard samples > 0, channels.contains(where: \.isFitted) else { return nil }
            return TrioSynthesis(
                channels.map { Converter($0) }, samples: samples, noise_counts: noise)
        }
    }

    /// Takes over what a running controller can be told anew: stages, the window to enter service, and
    /// what a grid code asks of a DER.
    ///
    /// - Returns: whether that is all that differs.
    func adopt(_ told: ControllerSettings, stages: [String]) -> Bool {
        let isWhole = told.differsOnlyInWhatIsAdopted(from: self.told)
        controller.adopt(told)
        settings.takeWhatIsAdopted(from: told)
        self.told.takeWhatIsAdopted(from: told)
        self.stages = stages
        watch.rename(stages: stages)
        return isWhole
    }

    /// One tick: what its sensors say, then what it makes of that.
    func tick(
        _ now: Tick, _ k: Int, _ share: TickShare, tick_s: Double
    ) {
        sample.tick = now
        sample.blockLength = samplesPerTick
        if samplesPerTick > 0 {
            for trio in 0..<3 where trios[trio] != nil { synthesise(trio, share, tick_s: tick_s) }
            for w in 0..<WaveChannel.count { play(w, k) }
        }
        for c in 0..<ScalarChannel.count where settings.scalars[c].isFitted {
            scalars[c].read(into: &sample.scalars[c], settings.scalars[c], share)
        }
        let outputs = record.command.outputs
        for contact in Contact.allCases {
            let n = Int(contact.rawValue)
            contacts[n].step(coil: outputs.bits & (1 << UInt16(n)) != 0)
            sample.contacts[contact] = contacts[n].isClosed
            sample.deafContacts[contact] = contacts[n].source == .deaf
        }
        controller.tick(sample, wanting: wish, into: &record)
    }

    /// What happened in the tick just made.
    func happened() -> [Happened] { watch.see(record) }

    /// What it commanded is let go, and it knows.
    func letGo() {
        controller.letGo()
        record.command = Command()
    }

    func endStep() {
        for w in waves.indices { waves[w].endStep() }
        for c in scalars.indices { scalars[c].endStep() }
    }

    private func synthesise(_ trio: Int, _ share: TickShare, tick_s: Double) {
        var speaking = 0
        for p in 0..<3 {
            let w = 3 * trio + p
            // The bus has turned on already; its start is what the current shares.
            let bus = trio == 2 ? (busStart[p], waves[3 + p].from, waves[3 + p].to) : nil
            if trio == 1 { busStart[p] = waves[w].turns }
            let (magnitude, start, turns) = waves[w].turn(share, tick_s: tick_s, with: bus)
            let speaks = waves[w].source == .phasor
            speaking += speaks ? 1 : 0
            trios[trio]!.crest[p] = speaks ? magnitude * 2.0.squareRoot() : 0
            trios[trio]!.start[p] = start
            trios[trio]!.turns[p] = turns
        }
        guard speaking > 0 else { return }
        guard speaking < 3 else {
            trios[trio]!.write(into: &sample, first: 3 * trio, random: &random)
            return
        }
        // A sensor that is silent says what it last said.
        let before = sample
        trios[trio]!.write(into: &sample, first: 3 * trio, random: &random)
        for p in 0..<3 where waves[3 * trio + p].source != .phasor {
            sample.waves[3 * trio + p] = before.waves[3 * trio + p]
        }
    }
    private var busStart = [0.0, 0.0, 0.0]

    /// Ages, and samples that a partner gave.
    private func play(_ w: Int, _ k: Int) {
        guard settings.waves[w].isFitted else { return }
        let from = k * samplesPerTick
        switch waves[w].source {
        case .silent:
            if sample.waves[w].age < .max { sample.waves[w].age += 1 }
            return
        case .phasor: break
        case .samples(let samples):
            let converter = Converter(settings.waves[w])
            for n in 0..<samplesPerTick {
                sample.waves[w].counts[n] = converter.count(Double(samples[from + n]))
            }
        case .counts(let counts):
            for n in 0..<samplesPerTick { sample.waves[w].counts[n] = counts[from + n] }
        }
        sample.waves[w].age = 0
    }
}

/// Travel times of a board's contacts, seconds.
struct Travel: Equatable, Sendable {
    var switchClose_s = 0.05
    var switchOpen_s = 0.03

    func drive(of contact: Contact, _ rate: TickRate) -> ContactDrive {
        func drive(_ close_s: Double, _ open_s: Double) -> ContactDrive {
            ContactDrive(
                closing: rate.ticks(Seconds(Float(close_s))),
                opening: rate.ticks(Seconds(Float(open_s))))
        }
        return switch contact {
        case .islandingSwitch: drive(switchClose_s, switchOpen_s)
        case .mainContactor: drive(0.05, 0.03)
        case .preCharge, .inverterReady, .load0, .load1, .load2, .load3: drive(0.02, 0.02)
        }
    }
}

extension ControllerSettings {
    /// Puts the finest converters that `Float` can count exactly, 23 bits, in the place of a board's. They
    /// have no noise, so their counts may well repeat.
    mutating func refineConverters() {
        for w in 0..<WaveChannel.count where waves[w].isFitted {
            let span = max(waves[w].highest.magnitude, waves[w].lowest.magnitude) + 1.5
            guard span.isFinite, span >= 1 else { continue }
            var factor: Float = 1
            while span * factor * 2 <= 8_388_608 { factor *= 2 }
            waves[w].gain /= factor
            waves[w].offset *= factor
            waves[w].lowest = (waves[w].lowest - 0.5) * factor + 0.5
            waves[w].highest = (waves[w].highest + 1.5) * factor - 1.5
            waves[w].stuckAfter = 0
        }
    }
}
