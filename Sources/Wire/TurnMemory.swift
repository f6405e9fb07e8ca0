import Control

/// What both ends of the turn code remember of the turns before.
struct TurnMemory: Sendable, BitwiseCopyable {
    var turn = KeptTurn()
    /// The newest three counts of every wave, newest first: what the next are predicted from.
    var tails = InlineArray<27, Int32>(repeating: 0)
    /// Channels that were of age 0 twice in a row, waves from bit 0, scalars from bit 9: they will be
    /// again, even where their value does not change.
    var steady: UInt32 = 0

    /// Samples of a block that means anything.
    static func samples(_ blockLength: Int) -> Int { max(0, min(blockLength, blockLimit)) }

    /// Ticks that ages grow by.
    static func growth(_ step: Int64) -> UInt32 { UInt32(max(1, min(step, 0xFFFF))) }

    /// The age that a channel's reading should have: 0 where it is new, and more where it is not.
    @inline(__always)
    func age(_ channel: Int, before: UInt16, isChanged: Bool, growth: UInt32) -> UInt16 {
        if isChanged || steady & (1 << UInt32(channel)) != 0 { return 0 }
        return UInt16(min(UInt32(before) &+ growth, 0xFFFF))
    }

    /// Takes note of a turn that was coded. `changed`: waves whose counts are others than before.
    mutating func advance(to next: KeptTurn, changed: UInt32) {
        var fresh: UInt32 = 0
        let n = Self.samples(next.sample.blockLength)
        for c in 0..<9 {
            if turn.sample.waves[c].age == 0 && next.sample.waves[c].age == 0 {
                fresh |= 1 << UInt32(c)
            }
            guard changed & (1 << UInt32(c)) != 0 else { continue }
            let wave = next.sample.waves[c]
            for k in max(0, n - 3)..<n {
                tails[3 * c + 2] = tails[3 * c + 1]
                tails[3 * c + 1] = tails[3 * c]
                tails[3 * c] = wave.counts[k]
            }
        }
        for c in 0..<20 where turn.sample.scalars[c].age == 0 && next.sample.scalars[c].age == 0 {
            fresh |= 1 << UInt32(9 + c)
        }
        steady = fresh
        turn = next
    }
}

/// Predicts a count from the three before it, by a line, a parabola or less. `order` 0 ... 3.
@inline(__always)
func predicted(_ order: Int, _ a: Int64, _ b: Int64, _ c: Int64) -> Int64 {
    switch order {
    case 0: 0
    case 1: a
    case 2: 2 &* a &- b
    default: 3 &* (a &- b) &+ c
    }
}

/// A float whose value is a whole number below 2^24 with one spelling, as counts of a converter are.
@inline(__always)
func whole(_ value: Float) -> Int32? {
    // NaN is refused here too.
    guard value > -16_777_216, value < 16_777_216 else { return nil }
    let n = Int32(value)
    guard Float(n).bitPattern == value.bitPattern else { return nil }
    return n
}
