import Control
import Quantities

/// Reads what `TurnEncoder` wrote, from where that began.
public struct TurnDecoder: Sendable {
    private var memory = TurnMemory()

    public init() {}

    /// - Returns: false where bytes are missing or mean nothing; `turn` is then not to be used, nor is
    ///   this decoder.
    public mutating func decode(from bytes: inout ByteReader, into turn: inout KeptTurn) -> Bool {
        turn = memory.turn
        var input = BitReader(bytes)
        let step = input.takeFlag() ? input.takeNumberSigned() : 1
        turn.sample.tick.count &+= UInt64(bitPattern: step)
        turn.hadLetGo = input.takeFlag()
        take(&turn.wish, step, &input)
        let changed = take(&turn.sample, step, &input)
        take(&turn.command, &input)
        turn.digest = UInt32(input.take(32))
        bytes = input.bytes
        guard bytes.isSound else { return false }
        memory.advance(to: turn, changed: changed)
        return true
    }

    private func take(_ wish: inout Setpoints, _ step: Int64, _ input: inout BitReader) {
        guard input.takeFlag() else { return }
        guard input.takeFlag() else {
            wish.expires.count &+= UInt64(bitPattern: step)
            return
        }
        wish.expires.count &+= UInt64(bitPattern: input.takeNumberSigned())
        let flags = input.take(5)
        wish.connect = flags & 1 != 0
        wish.island = flags & 2 != 0
        wish.acknowledge = flags & 4 != 0
        wish.tied = flags & 8 != 0
        wish.guarded = flags & 16 != 0
        _ = take(&wish.frequencyBias.value, &input)
        _ = take(&wish.voltageBias.value, &input)
        _ = take(&wish.active.value, &input)
        _ = take(&wish.reactive.value, &input)
    }

    private func take(_ sample: inout Sample, _ step: Int64, _ input: inout BitReader) -> UInt32 {
        let growth = TurnMemory.growth(step)
        if input.takeFlag() {
            sample.blockLength = Int(truncatingIfNeeded: input.takeNumberSigned())
            sample.lostSamples = Int(truncatingIfNeeded: input.takeNumberSigned())
        }
        if input.takeFlag() {
            sample.contacts = LineSet(bits: UInt16(input.take(16)))
            sample.deafContacts = LineSet(bits: UInt16(input.take(16)))
        }
        let n = TurnMemory.samples(sample.blockLength)
        var changed: UInt32 = 0
        for c in 0..<9 {
            let isChanged = takeWave(&sample.waves[c], c, n, &input)
            if isChanged { changed |= 1 << UInt32(c) }
            sample.waves[c].age = memory.age(
                c, before: sample.waves[c].age, isChanged: isChanged, growth: growth)
        }
        for c in 0..<20 {
            let isChanged = take(&sample.scalars[c].raw, &input)
            sample.scalars[c].age = memory.age(
                9 &+ c, before: sample.scalars[c].age, isChanged: isChanged, growth: growth)
        }
        guard input.takeFlag() else { return changed }
        for c in 0..<29 where input.takeFlag() {
            let age = input.takeNumber()
            if age > 0xFFFF { input.reject() }
            if c < 9 {
                sample.waves[c].age = UInt16(truncatingIfNeeded: age)
            } else {
                sample.scalars[c &- 9].age = UInt16(truncatingIfNeeded: age)
            }
        }
        return changed
    }

    private func take(_ command: inout Command, _ input: inout BitReader) {
        command.outputs[Output.heartbeat] = !command.outputs[Output.heartbeat]
        if input.takeFlag() { command.outputs.bits = UInt16(input.take(16)) }
        guard input.takeFlag() else { return }
        if let mode = InverterMode(rawValue: UInt8(input.take(2))) {
            command.inverter.mode = mode
        } else {
            input.reject()
        }
        command.converter.isOn = input.takeFlag()
        var numbers = CommandNumbers(command)
        for k in 0..<9 { _ = take(&numbers.values[k], &input) }
        numbers.fill(&command)
    }

    private func take(_ value: inout Float, _ input: inout BitReader) -> Bool {
        guard input.takeFlag() else { return false }
        if let before = whole(value), input.takeFlag() {
            value = Float(Int64(before) &+ input.takeNumberSigned())
            return true
        }
        let moved = UInt32(truncatingIfNeeded: input.takeNumberSigned())
        value = Float(bitPattern: value.bitPattern &+ moved)
        return true
    }

    private func takeWave(
        _ wave: inout Wave, _ c: Int, _ n: Int, _ input: inout BitReader
    ) -> Bool {
        guard input.takeFlag() else { return false }
        if input.takeFlag() {
            for k in 0..<20 {
                wave.counts[k] = Int32(bitPattern: UInt32(truncatingIfNeeded: input.take(32)))
            }
            return true
        }
        let order = Int(input.take(2))
        let width = Int(input.take(6))
        if width > 32 {
            input.reject()
            return true
        }
        var x = Int64(memory.tails[3 &* c])
        var y = Int64(memory.tails[3 &* c &+ 1])
        var z = Int64(memory.tails[3 &* c &+ 2])
        for k in 0..<n {
            let value = Int32(
                truncatingIfNeeded: unfolded(input.take(width)) &+ predicted(order, x, y, z))
            wave.counts[k] = value
            (x, y, z) = (Int64(value), x, y)
        }
        return true
    }
}
