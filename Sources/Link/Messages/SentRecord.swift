import Control
import Wire

/// A record as a client gets it.
public struct SentRecord: Sendable {
    public static let byteCount = 9 + Record.byteCount

    /// Of the loop since the server began, from 0; turns the loop skipped have none.
    public var turn: UInt64
    /// It was due by the subscription's `every`.
    public var isDue: Bool
    /// Something happened at it, see `Happenings`.
    public var isEvent: Bool
    public var record: Record

    public init(turn: UInt64, isDue: Bool, isEvent: Bool, record: Record) {
        self.turn = turn
        self.isDue = isDue
        self.isEvent = isEvent
        self.record = record
    }
    static func reasons(isDue: Bool, isEvent: Bool) -> UInt8 { (isDue ? 1 : 0) | (isEvent ? 2 : 0) }

    /// Writes a body without its reasons, which are another for each client.
    static func write(_ record: borrowing Record, turn: UInt64, into bytes: inout ByteWriter) {
        bytes.put(turn)
        bytes.put(UInt8(0))
        _ = record.write(into: &bytes)
    }
    static func read(_ bytes: inout ByteReader) -> SentRecord? {
        let turn: UInt64 = bytes.take()
        let reasons: UInt8 = bytes.take()
        guard reasons <= 3, let record = Record.read(from: &bytes) else { return nil }
        return SentRecord(
            turn: turn, isDue: reasons & 1 != 0, isEvent: reasons & 2 != 0, record: record)
    }
}

/// What a client did not get since the last record or `lost` frame.
public struct Losses: Equatable, Sendable {
    public static let byteCount = 16

    /// Records that were wanted and not sent: the client read too slowly, or the server came too late.
    public var records: UInt64
    /// Turns the server itself never saw. Whether something happened at them nobody knows; those that
    /// were due are counted in `records` too.
    public var unseenTurns: UInt64

    public init(records: UInt64 = 0, unseenTurns: UInt64 = 0) {
        self.records = records
        self.unseenTurns = unseenTurns
    }
    func write(into bytes: inout ByteWriter) {
        bytes.put(records)
        bytes.put(unseenTurns)
    }
    static func read(_ bytes: inout ByteReader) -> Losses? {
        let losses = Losses(records: bytes.take(), unseenTurns: bytes.take())
        return bytes.isSound ? losses : nil
    }
}
