import BoardProfile
import Control
import Quantities

/// Looks at a board whose outputs are at rest until everything its decisions rest on has been sound
/// for as long as asked, and says what is not.
public struct SelfTest {
    private var calibrator: Calibrator
    private var readings = Readings()
    private let needs: ChannelSet
    private let fitted: ChannelSet
    private let contacts: LineSet
    private let enough: UInt32
    /// Ticks for which nothing was found.
    private var sound: UInt32 = 0
    private var blind = ChannelSet()
    private var closed = LineSet()
    private var deaf = LineSet()

    /// - Parameters:
    ///   - controller: of these settings, for what it needs.
    ///   - contacts: whose feedback is wired.
    ///   - seconds: for which all must be sound, more than 0.
    public init(
        _ settings: ControllerSettings, _ controller: borrowing Controller, contacts: LineSet,
        seconds: Double
    ) {
        calibrator = Calibrator(
            waves: settings.waves, scalars: settings.scalars, rate: settings.rate,
            chipPhase: settings.chipPhase)
        needs = controller.needs
        fitted = settings.fitted
        self.contacts = contacts
        enough = max(1, settings.rate.ticks(Seconds(Float(seconds))))
    }

    /// One tick's sample, taken with every output at rest.
    public mutating func see(_ sample: Sample) {
        calibrator.calibrate(sample, into: &readings)
        blind = readings.blind & fitted
        deaf = LineSet(bits: sample.deafContacts.bits & contacts.bits)
        closed = LineSet(bits: sample.contacts.bits & contacts.bits & ~deaf.bits)
        let isSound =
            !blind.meets(needs) && closed.bits & Self.live.bits == 0
            && !ChannelSet(bits: UInt64(deaf.bits) << 48).meets(needs)
        sound = isSound ? min(sound &+ 1, 1 << 30) : 0
    }

    /// Everything was sound for long enough: the controller may begin.
    public var isPassed: Bool { sound >= enough }

    /// What keeps it from beginning, for people; empty once all is sound.
    public var findings: [String] {
        words(blind & needs, deaf) + closedWords(closed.bits & Self.live.bits)
    }
    /// What is not sound and nothing rests on: told, and begun without.
    public var remarks: [String] {
        words(ChannelSet(bits: blind.bits & ~needs.bits), LineSet())
            + closedWords(closed.bits & ~Self.live.bits)
    }

    /// Contacts that join a source to something: closed at rest, one is welded or closed by hand. A load
    /// that is bridged, or an inverter that is ready, keeps nobody from beginning.
    private static let live: LineSet = {
        var set = LineSet()
        for contact in [Contact.islandingSwitch, .preCharge, .mainContactor] { set[contact] = true }
        return set
    }()

    private func closedWords(_ bits: UInt16) -> [String] {
        let set = LineSet(bits: bits)
        return Contact.allCases.filter { set[$0] && $0 != .inverterReady }.map {
            "\($0.key) is closed although its coil is at rest"
        }
    }

    private func words(_ blind: ChannelSet, _ deaf: LineSet) -> [String] {
        WaveChannel.allCases.filter { blind.meets(.wave($0)) }.map {
            "\($0.key) cannot be believed"
        }
            + ScalarChannel.allCases.filter { blind.meets(.scalar($0)) }.map {
                "\($0.key) cannot be believed"
            }
            + Contact.allCases.filter { deaf[$0] && needs.meets(.contact($0)) }.map {
                "\($0.key)'s auxiliary contact cannot be heard"
            }
    }
}
