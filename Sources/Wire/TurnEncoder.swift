import Control
import Quantities

/// Writes consecutive turns as what differs from turn to turn. Exact: every bit comes back.
///
/// A coder begins with nothing remembered; a reader must begin where it began. The table of bits is in
/// the format page of `BlackBox`.
public struct TurnEncoder: Sendable {
    /// No turn takes more; see the format page for the sum.
    public static let mostBytes = 1024
    private var memory = TurnMemory()

    public init() {}

    /// - Returns: false where fewer than ``mostBytes`` are left in `bytes`; nothing was written then.
    public mutating func encode(_ turn: KeptTurn, into bytes: inout ByteWriter) -> Bool {
        guard bytes.left >= Self.mostBytes else { return false }
        var out = BitWriter(bytes)
        let step = Int64(
            bitPattern: turn.sample.tick.count &- memory.turn.sample.tick.count)
        out.put(step != 1)
        if step != 1 { out.putNumber(signed: step) }
        out.put(turn.hadLetGo)
        put(turn.wish, step, &out)
        let changed = put(turn.sample, step, &out)
        put(turn.command, &out)
        out.put(UInt64(turn.digest), 32)
        bytes = out.finish()
        memory.advance(to: turn, changed: changed)
        return true
    }

    private func put(_ wish: Setpoints, _ step: Int64, _ out: inout BitWriter) {
        let old = memory.turn.wish
        let moved = Int64(bitPattern: wish.expires.count &- old.expires.count)
        let sameBits =
            flags(wish) == flags(old)
            && wish.frequencyBias.value.bitPattern == old.frequencyBias.value.bitPattern
            && wish.voltageBias.value.bitPattern == old.voltageBias.value.bitPattern
            && wish.active.value.bitPattern == old.active.value.bitPattern
            && wish.reactive.value.bitPattern == old.reactive.value.bitPattern
        // As it was; the same, renewed in step with time; another.
        out.put(!(sameBits && moved == 0))
        if sameBits && moved == 0 { return }
        let isRenewed = sameBits && moved == step
        out.put(!isRenewed)
        if isRenewed { return }
        out.putNumber(signed: moved)
        out.put(flags(wish), 5)
        put(wish.frequencyBias.value, old.frequencyBias.value, &out)
        put(wish.voltageBias.value, old.voltageBias.value, &out)
        put(wish.active.value, old.active.value, &out)
        put(wish.reactive.value, old.reactive.value, &out)
    }

    /// - Returns: the waves that changed, one bit each.
    private func put(
        _ sample: Sample, _ step: Int64, _ out: inout BitWriter
    ) -> UInt32 {
        let growth = TurnMemory.growth(step)
        let isOtherBlock =
            sample.blockLength != memory.turn.sample.blockLength
            || sample.lostSamples != memory.turn.sample.lostSamples
        out.put(isOtherBlock)
        if isOtherBlock {
            out.putNumber(signed: Int64(sample.blockLength))
            out.putNumber(signed: Int64(sample.lostSamples))
        }
        let isOtherContact =
            sample.contacts != memory.turn.sample.contacts
            || sample.deafContacts != memory.turn.sample.deafContacts
        out.put(isOtherContact)
        if isOtherContact {
            out.put(UInt64(sample.contacts.bits), 16)
            out.put(UInt64(sample.deafContacts.bits), 16)
        }
        let n = TurnMemory.samples(sample.blockLength)
        var changed: UInt32 = 0
        var odd: UInt32 = 0
        for c in 0..<9 {
            let isChanged = putWave(sample.waves[c], c, n, &out)
            if isChanged { changed |= 1 << UInt32(c) }
            let age = memory.age(
                c, before: memory.turn.sample.waves[c].age, isChanged: isChanged, growth: growth)
            if age != sample.waves[c].age { odd |= 1 << UInt32(c) }
        }
        for c in 0..<20 {
            let old = memory.turn.sample.scalars[c]
            let isChanged = put(sample.scalars[c].raw, old.raw, &out)
            let age = memory.age(
                9 &+ c, before: old.age, isChanged: isChanged, growth: growth)
            if age != sample.scalars[c].age { odd |= 1 << UInt32(9 &+ c) }
        }
        out.put(odd != 0)
        if odd != 0 {
            for c in 0..<29 {
                let isOdd = odd & (1 << UInt32(c)) != 0
                out.put(isOdd)
                if isOdd {
                    out.putNumber(
                        UInt64(c < 9 ? sample.waves[c].age : sample.scalars[c &- 9].age))
                }
            }
        }
        return changed
    }

    private func put(_ command: Command, _ out: inout BitWriter) {
        let old = memory.turn.command
        var expected = old.outputs
        expected[Output.heartbeat] = !expected[Output.heartbeat]
        out.put(command.outputs != expected)
        if command.outputs != expected { out.put(UInt64(command.outputs.bits), 16) }
        let now = CommandNumbers(command)
        let then = CommandNumbers(old)
        out.put(!now.isSame(as: then))
        if now.isSame(as: then) { return }
        out.put(UInt64(command.inverter.mode.rawValue), 2)
        out.put(command.converter.isOn)
        for k in 0..<9 { put(now.values[k], then.values[k], &out) }
    }

    /// One bit where nothing changed; else by how many whole numbers, or by how many of the floats
    /// between the two.
    @discardableResult
    private func put(_ value: Float, _ old: Float, _ out: inout BitWriter) -> Bool {
        let isChanged = value.bitPattern != old.bitPattern
        out.put(isChanged)
        guard isChanged else { return false }
        if let before = whole(old) {
            let now = whole(value)
            out.put(now != nil)
            if let now {
                out.putNumber(signed: Int64(now &- before))
                return true
            }
        }
        out.putNumber(signed: Int64(Int32(bitPattern: value.bitPattern &- old.bitPattern)))
        return true
    }

    private func putWave(
        _ wave: Wave, _ c: Int, _ n: Int, _ out: inout BitWriter
    ) -> Bool {
        var isChanged = false
        var isWhole = false
        let old = memory.turn.sample.waves[c]
        for k in 0..<20 where wave.counts[k] != old.counts[k] {
            isChanged = true
            if k >= n { isWhole = true }
        }
        out.put(isChanged)
        guard isChanged else { return false }
        out.put(isWhole)
        if isWhole {
            // What lies beyond the block changed too: no board does that, and it is kept all the same.
            for k in 0..<20 { out.put(UInt64(UInt32(bitPattern: wave.counts[k])), 32) }
            return true
        }
        var order = 0
        var width = 33
        for candidate in 0..<4 {
            let w = widest(candidate, wave, c, n)
            if w < width { (order, width) = (candidate, w) }
        }
        out.put(UInt64(order), 2)
        out.put(UInt64(width), 6)
        var (x, y, z) = tail(c)
        for k in 0..<n {
            let value = Int64(wave.counts[k])
            out.put(folded(value &- predicted(order, x, y, z)), width)
            (x, y, z) = (value, x, y)
        }
        return true
    }
    private func tail(_ c: Int) -> (Int64, Int64, Int64) {
        (
            Int64(memory.tails[3 &* c]), Int64(memory.tails[3 &* c &+ 1]),
            Int64(memory.tails[3 &* c &+ 2])
        )
    }
    /// Bits of the largest error of prediction. Order 0 never needs more than 32.
    private func widest(_ order: Int, _ wave: Wave, _ c: Int, _ n: Int) -> Int {
        var (x, y, z) = tail(c)
        var all: UInt64 = 0
        for k in 0..<n {
            let value = Int64(wave.counts[k])
            all |= folded(value &- predicted(order, x, y, z))
            (x, y, z) = (value, x, y)
        }
        return 64 &- all.leadingZeroBitCount
    }
}

@inline(__always)
func flags(_ wish: Setpoints) -> UInt64 {
    (wish.connect ? 1 : 0) | (wish.island ? 2 : 0) | (wish.acknowledge ? 4 : 0)
        | (wish.tied ? 8 : 0) | (wish.guarded ? 16 : 0)
}

/// The numbers of a command side by side.
struct CommandNumbers {
    var values: InlineArray<9, Float>
    private let mode: InverterMode
    private let isOn: Bool
    init(_ c: Command) {
        values = [
            c.inverter.frequency.value, c.inverter.voltage.value, c.inverter.active.value,
            c.inverter.reactive.value, c.converter.voltage.value, c.converter.mostOut.value,
            c.converter.mostIn.value, c.renewables, c.charging,
        ]
        mode = c.inverter.mode
        isOn = c.converter.isOn
    }
    func isSame(as other: CommandNumbers) -> Bool {
        guard mode == other.mode, isOn == other.isOn else { return false }
        for k in 0..<9 where values[k].bitPattern != other.values[k].bitPattern { return false }
        return true
    }
    func fill(_ c: inout Command) {
        c.inverter.frequency = Hertz(values[0])
        c.inverter.voltage = Volts(values[1])
        c.inverter.active = Watts(values[2])
        c.inverter.reactive = Vars(values[3])
        c.converter.voltage = Volts(values[4])
        c.converter.mostOut = Amperes(values[5])
        c.converter.mostIn = Amperes(values[6])
        c.renewables = values[7]
        c.charging = values[8]
    }
}
