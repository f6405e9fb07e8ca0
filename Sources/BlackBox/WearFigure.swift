import Control
import Wire

/// What a black box writes in a day, how far back its ring goes, and how long a disk may stall: figures of
/// `skerry check`, worked out from how a board is fitted.
public struct WearFigure: Equatable, Sendable {
    /// Bytes a day if no budget held them back: what is usual, and what nothing can exceed.
    public var typical: Double
    public var worst: Double
    /// The budget of the settings, which holds: beyond it turns are left out.
    public var allowed: Double
    /// Hours of turns that the ring holds.
    public var ringTypical_h: Double
    public var ringWorst_h: Double
    /// Seconds that the disk may stall before a turn is lost.
    public var stallTypical_s: Double
    public var stallWorst_s: Double

    /// - Parameters:
    ///   - waves, samplesPerTick: waveform channels, and the samples of each in a tick.
    ///   - scalars: slow channels.
    public init(
        _ settings: BlackBoxSettings, ticksPerSecond: Double, waves: Int, samplesPerTick: Int,
        scalars: Int
    ) {
        let counts = Double(waves * samplesPerTick)
        // Seen of simulated boards (WearTests): 26 bytes a turn of a DC board, 42 of a meter chip's, 64 to
        // 80 of waveforms of 16 bits whose noise is a count or two: 4 to 5 bits a sample.
        let turn = 12 + 2.5 * Double(scalars) + counts * 5 / 8
        // The format page's sum, of what is fitted.
        let longest = min(
            Double(TurnEncoder.mostBytes),
            145 + 8 * Double(scalars) + counts * 4 + 4 * Double(waves))
        let flushes = 1 / (0.9 * settings.age_s)
        let state = waves > 0 ? 26_200.0 : 2200.0
        let record = Double(FramePlace.taken(KeptRecord.byteCount))
        let often = ticksPerSecond * turn + record + state / settings.checkpointEvery_s
        // Fifty records of changes in a second, and a state whenever a quarter of memory is full.
        let always =
            ticksPerSecond * longest + 51 * record
            + Double(Checkpoint.mostBytes)
            * max(
                1 / settings.checkpointEvery_s,
                ticksPerSecond * longest * 4 / Double(settings.memoryBytes))
        // A frame holds up to 8 kB of turns and costs a head; half a block is filled up at each sync.
        let heads = Double(FramePlace.payloadAt + TurnsHead.byteCount)
        let perDay = 86_400.0
        func whole(_ bytes: Double, _ fill: Double) -> Double {
            (bytes * (1 + heads / 7000) + flushes * (heads + fill)) * perDay
                * (1 + 400 / Double(settings.segmentBytes))
        }
        typical = whole(often, Double(FramePlace.block / 2))
        worst = whole(always, Double(FramePlace.block))
        allowed = Double(settings.bytesPerDay)
        ringTypical_h = Double(settings.ringBytes) / typical * 24
        ringWorst_h = Double(settings.ringBytes) / worst * 24
        stallTypical_s = Double(settings.memoryBytes) / often
        stallWorst_s = Double(settings.memoryBytes) / always
    }

    /// What is written in a day at most, the budget in force: that, an hour's worth at once, and captures
    /// begun in it.
    public var most: Double { min(worst, allowed * (1 + 1 / 24.0)) }

    /// For people.
    public var words: [String] {
        var lines = [
            "writes \(Self.words(bytes: min(typical, allowed))) a day, at most "
                + "\(Self.words(bytes: most)); the ring holds \(Self.words(hours: ringTypical_h))",
            "the disk may stall for \(Self.words(seconds: stallTypical_s)) before a turn is lost",
        ]
        if typical > allowed {
            lines.append(
                "bytes_per_day is \(Self.words(bytes: allowed)), whole recording takes "
                    + "\(Self.words(bytes: typical)): turns will be left out at times")
        }
        return lines
    }
    private static func words(bytes: Double) -> String {
        bytes < 1e9 ? "\(Int((bytes / 1e6).rounded())) MB" : tenths(bytes / 1e9) + " GB"
    }
    private static func words(hours: Double) -> String {
        hours < 1 ? "\(Int((hours * 60).rounded())) min" : tenths(hours) + " h"
    }
    private static func words(seconds: Double) -> String {
        seconds < 10 ? tenths(seconds) + " s" : "\(Int(seconds.rounded())) s"
    }
    private static func tenths(_ x: Double) -> String {
        let n = Int((min(x, 1e12) * 10).rounded())
        return "\(n / 10).\(n % 10)"
    }
}
