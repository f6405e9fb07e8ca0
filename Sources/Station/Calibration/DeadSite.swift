import BoardProfile
import Control
import Quantities

/// Proves both sides of one contact dead by what the board measures of them: a slow channel, or the
/// crests of its waveforms. The controller's own judgement says which readings may be believed; what
/// may not, or is not measured, is not dead.
struct DeadSite {
    private enum Means {
        case scalar(ScalarChannel)
        case waves([WaveChannel])
    }
    private struct Side {
        var means: Means
        /// Dead below this: V, RMS where the side alternates.
        var below: Float
    }
    /// What a waveform did in one window of ticks.
    private struct Window {
        var samples = 0
        var isBlind = false
        var crests = InlineArray<9, Float>(repeating: 0)
    }
    private let sides: [Side]
    private var calibrator: Calibrator
    private var readings = Readings()
    private var current = Window(), before = Window()
    private var ticks: UInt32 = 0
    /// 0.1 s: five cycles at 50 Hz; the crest of each is in it.
    private let span: UInt32
    private let expected: Int

    /// - Parameter settings: of the board's controller, calibrated or not.
    init(_ contact: Contact, _ site: SiteProfile, _ settings: ControllerSettings) {
        // 10 V: what a sensor's offset feigns across a fuse that is out is less.
        let low = Float(0.1 * site.voltage_V)
        let phases = settings.phases
        func side(_ rms: ScalarChannel, _ trio: [WaveChannel]) -> Side {
            let fitted = settings.fitted
            let waves = Array(trio.prefix(phases))
            let isWaves =
                !fitted.meets(.scalar(rms)) && waves.allSatisfy { fitted.meets(.wave($0)) }
            return Side(means: isWaves ? .waves(waves) : .scalar(rms), below: low)
        }
        sides =
            contact == .islandingSwitch
            ? [
                side(.gridRMS, [.gridA, .gridB, .gridC]),
                side(.busRMS, [.busA, .busB, .busC]),
            ]
            : [
                Side(means: .scalar(.batteryVoltage), below: 10),
                Side(means: .scalar(.linkVoltage), below: 10),
            ]
        calibrator = Calibrator(
            waves: settings.waves, scalars: settings.scalars, rate: settings.rate,
            chipPhase: settings.chipPhase)
        span = settings.rate.ticks(Seconds(0.1))
        if case .waveform(let perTick, _) = settings.frontEnd {
            expected = perTick * Int(span)
        } else {
            expected = 0
        }
    }

    /// Looks at one tick's sample; every tick, in their order.
    mutating func see(_ sample: Sample) {
        calibrator.calibrate(sample, into: &readings)
        if ticks >= span {
            (before, current, ticks) = (current, Window(), 0)
        }
        ticks += 1
        let length = max(0, min(sample.blockLength, blockLimit))
        current.samples += length
        if readings.blind.meets(.gridVoltages | .busVoltages) || sample.lostSamples > 0 {
            current.isBlind = true
        }
        for c in 0..<9 {
            for k in 0..<length {
                current.crests[c] = max(current.crests[c], readings.waves[c][k].magnitude)
            }
        }
    }

    /// Nil where both sides are proved dead; else the channel that is not, and what it reads: V, RMS;
    /// nil where it cannot be read.
    func objection() -> (key: String, value_V: Float?)? {
        for side in sides {
            switch side.means {
            case .scalar(let channel):
                let value = readings[channel]
                let isSeen = !readings.blind.meets(.scalar(channel)) && value.isFinite
                guard isSeen, value.magnitude < side.below else {
                    return (channel.key, isSeen ? value : nil)
                }
            case .waves(let channels):
                // A whole window, of which no more than a fifth of the samples came late.
                let isSeen =
                    !before.isBlind && !current.isBlind && before.samples * 5 >= expected * 4
                for channel in channels {
                    let c = Int(channel.rawValue)
                    let rms = max(before.crests[c], current.crests[c]) * Float(0.5).squareRoot()
                    guard isSeen, rms < side.below else { return (channel.key, isSeen ? rms : nil) }
                }
            }
        }
        return nil
    }
}
