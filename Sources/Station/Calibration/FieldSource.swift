import BoardProfile
import Calibration
import Control
import HAL
import LinuxBoard
import Loop
import Switchboard

/// A real board at rest, read for its calibration: the same threads, chips and meters as when it is
/// controlled, and not one output driven. The heartbeat is silent, so a watchdog relay is open too.
public final class FieldSource: RawSource {
    public let channels: [Calibrated]
    private let site: SiteProfile
    private let nominals: [Calibrated: Nominal]
    private let settings: ControllerSettings
    private let guarded: [Contact]
    private var rest: Rest
    private var sample = Sample()
    private var cycles: CycleReader?
    private var pacer: Pacer
    private let origin_ns: Int64
    private var ages: [ScalarChannel: UInt16] = [:]
    private var warmth: Double?
    private var finite: [ScalarChannel: Double] = [:]
    private let log = BoardLog()

    /// Buses and lines are opened within this time, or something is missing.
    private static let patience_s = 3.0

    /// A board that is not copied, in a class.
    private struct Rest: ~Copyable {
        var board: WiredBoard
    }

    /// Starts the board's threads.
    ///
    /// - Parameter switchboard: of `site`, without refusals.
    /// - Returns: nil where the site has no hardware, or nothing that is read by a meter.
    public init?(_ site: SiteProfile, _ switchboard: Switchboard, doors: Doors) {
        guard let settings = site.hardwareSettings(), switchboard.refusals.isEmpty else {
            return nil
        }
        let all = switchboard.nominals(of: site)
        channels = all.map(\.channel)
        guard !channels.isEmpty else { return nil }
        nominals = Dictionary(uniqueKeysWithValues: all.map { ($0.channel, $0.nominal) })
        (self.site, self.settings) = (site, settings)
        let outputs = Set(site.hardware!.lines.compactMap(\.output))
        guarded = [.islandingSwitch, .preCharge, .mainContactor].filter { outputs.contains($0.key) }
        pacer = Pacer(perSecond: site.rate_Hz)
        origin_ns = Pacer.now_ns()
        rest = Rest(board: switchboard.board(rate_Hz: site.rate_Hz, doors: doors, log: log))
        let waves = all.compactMap { channel, nominal -> (WaveChannel, Nominal, scale: Double)? in
            guard case .wave(let c) = channel else { return nil }
            let isCurrent = c.rawValue >= WaveChannel.currentA.rawValue
            let current = Double(settings.nominalCurrent.value)
            return (c, nominal, scale: isCurrent ? current : site.voltage_V)
        }
        if let converter = site.hardware!.capturing, !waves.isEmpty {
            cycles = CycleReader(waves, rate_Hz: converter.rate_Hz, nominal_Hz: site.frequency_Hz)
        }
    }

    public func nominal(_ channel: Calibrated) -> Nominal { nominals[channel] ?? Nominal() }
    public var time_s: Double { Double(Pacer.now_ns() - origin_ns) * 1e-9 }
    public var temperature_degC: Double? { warmth }

    /// Ends the threads. False where an output is not proved at rest.
    public func end() -> Bool { rest.board.shutDown() }

    /// What was lost and found since the last call: for people.
    public func news() -> [String] { log.drain().0.map { "\($0.part): \($0.text)" } }

    public var outputsAreAtRest: String {
        let names = guarded.map(\.key).joined(separator: ", ")
        return names.isEmpty
            ? "no output is driven"
            : "no output is driven; open by their own contacts: \(names)"
    }

    /// A contact that is closed although nobody drives it, or that cannot be heard once the board has
    /// had time to begin: nothing is calibrated beside it.
    private func proveRest() throws(SourceFault) {
        for contact in guarded where sample.deafContacts[contact] && time_s > Self.patience_s {
            throw SourceFault(
                "\(contact.key)'s auxiliary contact cannot be read: it is not proved open",
                "`skerry check --probe` says what is missing; nothing is calibrated beside it")
        }
        for contact in guarded
        where sample.contacts[contact] && !sample.deafContacts[contact] {
            throw SourceFault(
                "\(contact.key) is closed although its coil is at rest: welded, or closed by hand",
                "open it and see why; nothing is calibrated on a live site without its contacts open"
            )
        }
    }

    public func gather(_ seconds: Double) throws(SourceFault) -> [Calibrated: [RawReading]] {
        var found: [Calibrated: [RawReading]] = [:]
        let ticks = max(1, Int((min(max(seconds, 0.01), 10) * site.rate_Hz).rounded()))
        for _ in 0..<ticks {
            let now = pacer.next()
            do throws(BoardFault) { try rest.board.sample(at: now, into: &sample) } catch {
                throw SourceFault("the board \(error.words)", "`skerry probe` says what is there")
            }
            let at_s = time_s
            readScalars(at_s, &found)
            for (channel, reading) in cycles?.take(sample, at_s: at_s) ?? [] {
                found[channel, default: []].append(reading)
            }
        }
        try proveRest()
        return found
    }

    /// A reading is new when it is no older than the one before it was.
    private func readScalars(_ at_s: Double, _ found: inout [Calibrated: [RawReading]]) {
        for case .scalar(let c) in channels {
            let reading = sample[c]
            defer { ages[c] = reading.age }
            let before = ages[c] ?? .max
            guard reading.age < .max, before == .max || reading.age <= before else { continue }
            // A chip that says of its own accord that it has no number is at an end, or torn off.
            let isValid = reading.raw.isFinite
            if isValid { finite[c] = Double(reading.raw) }
            let age_s = Double(reading.age) / site.rate_Hz
            found[.scalar(c), default: []].append(
                RawReading(
                    raw: finite[c] ?? 0, time_s: at_s - age_s,
                    isSaturated: !isValid))
            if c == .boardTemperature && isValid {
                warmth = Double(settings.scalars[Int(c.rawValue)].value(of: reading.raw))
            }
        }
    }
}
