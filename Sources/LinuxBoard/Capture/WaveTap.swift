import Control

/// The tick's end of a ring: hands over what has come since the last tick, oldest first, never more
/// than a block holds and never across a gap, and says how old it is.
///
/// Whatever waits longer than a capture's own rhythm explains is skipped and counted as lost: old
/// samples must not pass for new ones.
struct WaveTap {
    private let ring: WaveRing
    /// Column of each wave channel; nil: not wired.
    private let columns: [(channel: Int, column: Int)]
    private let most: Int
    private let keep: Int
    private let period_ns: Int64
    private var age = UInt16.max

    /// - Parameters:
    ///   - block: rows that come together.
    ///   - samplesPerTick: rows in a tick, in the mean.
    init(
        _ ring: WaveRing, _ wires: [Wiring.WaveWire], block: Int, samplesPerTick: Int,
        period_ns: Int64
    ) {
        self.ring = ring
        columns = wires.map { (Int($0.channel.rawValue), $0.column) }
        keep = block + 2 * samplesPerTick
        // 20 ms beyond that: a tick that comes so late finds its samples still.
        most = min(
            ring.capacity, keep + max(blockLimit, Int(20_000_000 / period_ns) * samplesPerTick))
        self.period_ns = period_ns
    }

    mutating func fill(_ sample: inout Sample, now_ns: Int64, elapsed: UInt32) {
        var lost: UInt64 = 0
        var waiting = ring.waiting
        if waiting > most {
            let skipped = waiting - keep
            for k in 0..<skipped { lost += 1 + UInt64(ring.gap(k)) }
            ring.release(skipped)
            waiting = keep
        }
        var length = 0
        var newest_ns: Int64 = 0
        while length < min(waiting, blockLimit) {
            let gap = ring.gap(length)
            if gap > 0 && length > 0 { break }
            lost += UInt64(gap)
            for (channel, column) in columns {
                sample.waves[channel].counts[length] = ring.count(length, column)
            }
            newest_ns = ring.arrival_ns(length)
            length += 1
        }
        ring.release(length)
        if length > 0 {
            age = UInt16(min(max(0, now_ns - newest_ns) / period_ns, 0xFFFF))
        } else if age < .max {
            age = UInt16(min(UInt32(age) + min(elapsed, 0xFFFF), 0xFFFF))
        }
        for (channel, _) in columns { sample.waves[channel].age = age }
        sample.blockLength = length
        sample.lostSamples = Int(min(lost, WaveRing.everything))
    }
}
