import Control
import Wire

// How each payload is laid out; the tables of the format page are checked against these.

/// What stands before the turns of a batch.
struct TurnsHead: Equatable {
    static let byteCount = 28
    static let code: UInt8 = 1
    var count: UInt16
    var number: UInt64
    var firstTick: Tick
    var lastTick: Tick

    func write(into bytes: inout ByteWriter) {
        bytes.put(Self.code)
        bytes.put(UInt8(0))
        bytes.put(count)
        bytes.put(number)
        bytes.put(firstTick.count)
        bytes.put(lastTick.count)
    }
    static func read(from bytes: inout ByteReader) -> TurnsHead? {
        guard bytes.take(UInt8.self) == code else { return nil }
        _ = bytes.take(UInt8.self)
        let head = TurnsHead(
            count: bytes.take(), number: bytes.take(), firstTick: Tick(bytes.take()),
            lastTick: Tick(bytes.take()))
        return bytes.isSound ? head : nil
    }
}

extension KeptState {
    static let headCount = 28
    static func writeHead(
        layout: StateLayout, turn: UInt64, tick: Tick, into bytes: inout ByteWriter
    ) {
        bytes.put(layout.fingerprint)
        bytes.put(layout.size)
        bytes.put(turn)
        bytes.put(tick.count)
    }
    static func read(from bytes: inout ByteReader) -> KeptState? {
        let fingerprint: UInt64 = bytes.take()
        let size: UInt32 = bytes.take()
        let turn: UInt64 = bytes.take()
        let tick = Tick(bytes.take())
        guard bytes.isSound else { return nil }
        return KeptState(
            turn: turn, tick: tick, layout: StateLayout(size: size, fingerprint: fingerprint),
            image: Array(bytes.takeBytes(bytes.left)))
    }
}

extension KeptRecord {
    static let byteCount = 17 + Record.byteCount
    func write(fields: UInt64, into bytes: inout ByteWriter) {
        bytes.put(fields)
        bytes.put(number)
        bytes.put(reason.rawValue)
        _ = record.write(into: &bytes)
    }
    /// - Returns: nil where the record was laid out by another program.
    static func read(fields: UInt64, from bytes: inout ByteReader) -> KeptRecord? {
        guard bytes.take(UInt64.self) == fields else { return nil }
        let number: UInt64 = bytes.take()
        let reason = Reason(rawValue: bytes.take())
        guard let record = Record.read(from: &bytes) else { return nil }
        return KeptRecord(number: number, reason: reason, record: record)
    }
}

extension Gap {
    static let byteCount = 17
    func write(into bytes: inout ByteWriter) {
        bytes.put(reason.rawValue)
        bytes.put(first)
        bytes.put(turns)
    }
    static func read(from bytes: inout ByteReader) -> Gap? {
        guard let reason = Reason(rawValue: bytes.take()) else { return nil }
        let gap = Gap(reason: reason, first: bytes.take(), turns: bytes.take())
        return bytes.isSound ? gap : nil
    }
}

extension Note {
    static let headCount = 17
    func write(into bytes: inout ByteWriter) {
        bytes.put(kind.rawValue)
        bytes.put(tick.count)
        bytes.put(wall_ns)
        for byte in text.utf8.prefix(Self.mostText) { bytes.put(byte) }
    }
    static func read(from bytes: inout ByteReader) -> Note? {
        let kind = Kind(rawValue: bytes.take()) ?? .remark
        let tick = Tick(bytes.take())
        let wall: Int64 = bytes.take()
        guard bytes.isSound else { return nil }
        return Note(
            kind, tick: tick, wall_ns: wall,
            text: String(decoding: bytes.takeBytes(bytes.left), as: UTF8.self))
    }
}

extension SettingsText {
    static let partHead = 12
    /// Bytes of the texts in one frame, and of all together.
    static let partBytes = 32_768
    public static let mostBytes = 512 * 1024

    static func bytes(of texts: [SettingsText]) -> [UInt8] {
        var bytes: [UInt8] = []
        func put(_ text: String) {
            var count = text.utf8.count
            while count >= 0x80 {
                bytes.append(UInt8(count & 0x7F) | 0x80)
                count >>= 7
            }
            bytes.append(UInt8(count))
            bytes.append(contentsOf: text.utf8)
        }
        for text in texts {
            put(text.name)
            put(text.text)
        }
        return bytes
    }
    static func texts(of bytes: UnsafeRawBufferPointer) -> [SettingsText]? {
        var reader = ByteReader(bytes)
        func take() -> String {
            let count = reader.takeVariable()
            return String(
                decoding: reader.takeBytes(count > 1 << 30 ? -1 : Int(count)), as: UTF8.self)
        }
        var texts: [SettingsText] = []
        while reader.left > 0 && reader.isSound {
            texts.append(SettingsText(name: take(), text: take()))
        }
        return reader.isSound ? texts : nil
    }
    /// FNV-1a.
    static func digest(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// A piece of the settings.
struct SettingsPart {
    var digest: UInt64
    var part: UInt16
    var parts: UInt16
    var bytes: [UInt8]

    static func writeHead(
        digest: UInt64, part: Int, of parts: Int, into bytes: inout ByteWriter
    ) {
        bytes.put(digest)
        bytes.put(UInt16(part))
        bytes.put(UInt16(parts))
    }
    static func read(from bytes: inout ByteReader) -> SettingsPart? {
        let digest: UInt64 = bytes.take()
        let part: UInt16 = bytes.take()
        let parts: UInt16 = bytes.take()
        guard bytes.isSound, part < parts else { return nil }
        return SettingsPart(
            digest: digest, part: part, parts: parts, bytes: Array(bytes.takeBytes(bytes.left)))
    }
}
