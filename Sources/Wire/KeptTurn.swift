import Control
import Quantities

/// A turn as it is kept: what the controller was given, what it commanded, and a digest of the whole
/// record, so that a life lived again can be held against all of it.
public struct KeptTurn: Sendable, BitwiseCopyable {
    public var sample: Sample
    public var wish: Setpoints
    /// Before this turn the controller was told that the board had let go (`Controller.letGo`).
    public var hadLetGo: Bool
    public var command: Command
    /// Of the record: see ``RecordDigest``.
    public var digest: UInt32

    /// What a coder remembers before its first turn.
    public init() {
        sample = Sample()
        wish = Setpoints()
        hadLetGo = false
        command = Command()
        digest = 0
    }
    public init(sample: Sample, wish: Setpoints, hadLetGo: Bool, record: Record) {
        self.sample = sample
        self.wish = wish
        self.hadLetGo = hadLetGo
        command = record.command
        digest = record.digest
    }
}

extension KeptTurn {
    /// Bit for bit the same, NaN too.
    public func isSame(as other: KeptTurn) -> Bool {
        guard hadLetGo == other.hadLetGo, digest == other.digest, sample.tick == other.sample.tick,
            sample.blockLength == other.sample.blockLength,
            sample.lostSamples == other.sample.lostSamples,
            sample.contacts == other.sample.contacts,
            sample.deafContacts == other.sample.deafContacts,
            command.outputs == other.command.outputs,
            CommandNumbers(command).isSame(as: CommandNumbers(other.command)),
            wish.expires == other.wish.expires, flags(wish) == flags(other.wish)
        else { return false }
        for c in 0..<9 {
            let (a, b) = (sample.waves[c], other.sample.waves[c])
            var differing = UInt32(a.age ^ b.age)
            for k in 0..<20 { differing |= UInt32(bitPattern: a.counts[k] ^ b.counts[k]) }
            if differing != 0 { return false }
        }
        for c in 0..<20 {
            let (a, b) = (sample.scalars[c], other.sample.scalars[c])
            guard a.age == b.age, a.raw.bitPattern == b.raw.bitPattern else { return false }
        }
        return wish.frequencyBias.value.bitPattern == other.wish.frequencyBias.value.bitPattern
            && wish.voltageBias.value.bitPattern == other.wish.voltageBias.value.bitPattern
            && wish.active.value.bitPattern == other.wish.active.value.bitPattern
            && wish.reactive.value.bitPattern == other.wish.reactive.value.bitPattern
    }
}

/// The bits of all fields of a record as one number: two records whose digests agree agree in every
/// field but for one chance in 2^32.
public struct RecordDigest: FieldVisitor {
    private var state: UInt64 = 0x243F_6A88_85A3_08D3
    public init() {}
    public var value: UInt32 { UInt32(truncatingIfNeeded: state ^ (state >> 32)) }

    @inline(__always)
    private mutating func mix(_ bits: UInt64) {
        // Knuth's multiplier (2^64 over the golden ratio), folded so that high bits come down.
        state = (state ^ bits) &* 0x9E37_79B9_7F4A_7C15
        state ^= state >> 29
    }
    public mutating func visit(_ name: StaticString, _ value: inout Float) {
        mix(UInt64(value.bitPattern))
    }
    public mutating func visit(_ name: StaticString, _ value: inout Bool) { mix(value ? 1 : 0) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt8) { mix(UInt64(value)) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt16) { mix(UInt64(value)) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt32) { mix(UInt64(value)) }
    public mutating func visit(_ name: StaticString, _ value: inout UInt64) { mix(value) }
    public mutating func visit(_ name: StaticString, _ value: inout Int64) {
        mix(UInt64(bitPattern: value))
    }
    public mutating func enter(_ name: StaticString) {}
    public mutating func leave() {}
    public mutating func reject() {}
}

extension Record {
    /// See ``RecordDigest``.
    public var digest: UInt32 {
        var digest = RecordDigest()
        var copy = self
        copy.visit(&digest)
        return digest.value
    }
}
