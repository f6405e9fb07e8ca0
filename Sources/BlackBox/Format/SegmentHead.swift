import Control
import Wire

/// The first frame of a segment: whose it is, and when it began.
public struct SegmentHead: Equatable, Sendable {
    public static let byteCount = 96
    public static let format: UInt16 = 1
    public enum Purpose: UInt8, Sendable {
        case ring = 0
        case capture = 1
    }
    public var purpose = Purpose.ring
    /// Settings stand in this segment.
    public var hasSettings = false
    /// In ``rates``.
    public var ticksPerSecond: Float = 1
    /// The number of the next turn, and the tick of the newest turn before it, when the segment began.
    public var firstTurn: UInt64 = 0
    public var tick = Tick(0)
    /// CLOCK_MONOTONIC and CLOCK_REALTIME in ns then; the first counts from the boot that `boot` names.
    public var monotonic_ns: Int64 = 0
    public var wall_ns: Int64 = 0
    public var boot = BootID()
    /// Of the settings of the run: see ``SettingsText/digest(_:)``.
    public var settings: UInt64 = 0
    /// How the recording program lays out records (`FieldDigest`) and its controller's state.
    public var fields: UInt64 = 0
    public var layout = StateLayout(size: 0, fingerprint: 0)
    /// The segment that holds the newest checkpoint before this one; all ones where there is none.
    public var checkpointSegment = UInt32.max

    public init() {}

    /// What a loop may turn at; a head that says otherwise is none.
    static let rates: ClosedRange<Float> = 1...100_000

    func write(into bytes: inout ByteWriter) {
        bytes.put(Self.format)
        bytes.put(purpose.rawValue)
        bytes.put(UInt8(hasSettings ? 1 : 0))
        bytes.put(ticksPerSecond)
        bytes.put(firstTurn)
        bytes.put(tick.count)
        bytes.put(monotonic_ns)
        bytes.put(wall_ns)
        bytes.put(boot.high)
        bytes.put(boot.low)
        bytes.put(settings)
        bytes.put(fields)
        bytes.put(layout.fingerprint)
        bytes.put(layout.size)
        bytes.put(checkpointSegment)
        bytes.put(UInt64(0))
    }
    /// - Returns: nil where the format is another or bytes mean nothing.
    static func read(from bytes: inout ByteReader) -> SegmentHead? {
        var head = SegmentHead()
        guard bytes.take(UInt16.self) == format, let purpose = Purpose(rawValue: bytes.take())
        else { return nil }
        head.purpose = purpose
        head.hasSettings = bytes.take(UInt8.self) == 1
        head.ticksPerSecond = bytes.takeFloat()
        head.firstTurn = bytes.take()
        head.tick = Tick(bytes.take())
        head.monotonic_ns = bytes.take()
        head.wall_ns = bytes.take()
        head.boot = BootID(high: bytes.take(), low: bytes.take())
        head.settings = bytes.take()
        head.fields = bytes.take()
        head.layout.fingerprint = bytes.take()
        head.layout.size = bytes.take()
        head.checkpointSegment = bytes.take()
        _ = bytes.take(UInt64.self)
        return bytes.isSound && rates.contains(head.ticksPerSecond) ? head : nil
    }
}

/// Which boot of the machine: `/proc/sys/kernel/random/boot_id`. Zero where it is unknown.
public struct BootID: Equatable, Sendable {
    public var high: UInt64
    public var low: UInt64
    public init(high: UInt64 = 0, low: UInt64 = 0) {
        self.high = high
        self.low = low
    }
    /// Reads the 32 hexadecimal digits of a UUID; other characters are passed over.
    public init(text: some Sequence<UInt8>) {
        var digits: [UInt64] = []
        for byte in text {
            switch byte {
            case 48...57: digits.append(UInt64(byte - 48))
            case 97...102: digits.append(UInt64(byte - 87))
            case 65...70: digits.append(UInt64(byte - 55))
            default: break
            }
        }
        self.init()
        guard digits.count == 32 else { return }
        for k in 0..<16 {
            high = high << 4 | digits[k]
            low = low << 4 | digits[16 + k]
        }
    }
}
