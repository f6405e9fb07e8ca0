import Wire

/// How a black box is kept.
public struct BlackBoxSettings: Equatable, Sendable {
    /// Bytes of the ring's file; whole segments of them are used.
    public var ringBytes: Int64 = 512 << 20
    /// 2^16 ... 2^20, a power of two. A ring that is there keeps its own.
    public var segmentBytes = 256 << 10
    /// No power loss takes more than the newest seconds, 0.2 ... 60, and what the disk itself needs for
    /// one write.
    public var age_s = 1.0
    /// Between states to live again from, 1 ... 600.
    public var checkpointEvery_s = 10.0
    /// Wear: beyond it turns are left out; records and captures go on. At least 1 GB.
    public var bytesPerDay: Int64 = 8_000_000_000
    /// Seconds that a capture keeps before and after a trip or transition, 0 ... 60.
    public var before_s = 5.0
    public var after_s = 5.0
    /// A capture that trips keep open ends here all the same, and the next begins.
    public var longestCapture_s = 60.0
    /// The oldest captures give way to the newest: in number, and in bytes.
    public var mostCaptures = 100
    public var captureBytes: Int64 = 256 << 20
    /// Memory for what the disk has not taken yet and captures look back on, 2^18 ... 2^26.
    public var memoryBytes = 2 << 20

    public init() {}

    /// What is wrong, by key and with the remedy; empty where nothing is.
    public var problems: [(key: String, text: String)] {
        var found: [(key: String, text: String)] = []
        func need(_ isRight: Bool, _ key: String, _ value: Any, _ remedy: String) {
            if !isRight { found.append((key, "\(key) is \(value): \(remedy)")) }
        }
        let isPower = segmentBytes > 0 && segmentBytes & (segmentBytes - 1) == 0
        need(
            isPower && segmentBytes >= 1 << 16 && segmentBytes <= 1 << 20, "segment_bytes",
            segmentBytes, "write 65536, 131072, 262144, 524288 or 1048576")
        need(
            ringBytes >= Int64(segmentBytes) * 4 && ringBytes <= 1 << 44, "ring_bytes", ringBytes,
            "write at least four segments")
        need(age_s >= 0.2 && age_s <= 60, "age_s", age_s, "write 0.2 ... 60")
        need(
            checkpointEvery_s >= 1 && checkpointEvery_s <= 600, "checkpoint_every_s",
            checkpointEvery_s, "write 1 ... 600")
        need(
            bytesPerDay >= 1_000_000_000, "bytes_per_day", bytesPerDay,
            "write 1000000000 or more: records alone need 0.4 GB")
        need(before_s >= 0 && before_s <= 60, "before_s", before_s, "write 0 ... 60")
        need(after_s >= 0 && after_s <= 60, "after_s", after_s, "write 0 ... 60")
        need(
            longestCapture_s >= before_s + after_s && longestCapture_s <= 3600,
            "longest_capture_s", longestCapture_s, "write at least before_s and after_s together")
        need(
            mostCaptures >= 1 && mostCaptures <= 100_000, "captures", mostCaptures,
            "write 1 or more")
        need(captureBytes >= 1 << 20, "capture_bytes", captureBytes, "write 1048576 or more")
        need(
            memoryBytes >= 1 << 18 && memoryBytes <= 1 << 26, "memory_bytes", memoryBytes,
            "write 262144 ... 67108864")
        return found
    }
}

/// What every segment says of the run it belongs to.
struct RunIdentity {
    var ticksPerSecond: Float
    var boot: BootID
    var fields: UInt64
    var layout: StateLayout
    /// The texts, laid out, and their digest.
    var settings: [UInt8]
    var digest: UInt64
}

/// Both clocks at one moment.
public struct Clocks: Equatable, Sendable {
    /// CLOCK_MONOTONIC and CLOCK_REALTIME in ns.
    public var monotonic_ns: Int64
    public var wall_ns: Int64
    public init(monotonic_ns: Int64, wall_ns: Int64) {
        self.monotonic_ns = monotonic_ns
        self.wall_ns = wall_ns
    }
}
