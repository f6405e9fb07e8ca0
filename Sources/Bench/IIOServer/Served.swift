/// What an attribute of a served context says, and what a write does to it. A value is one line.
public enum ServedValue: Sendable {
    case fixed(String)
    /// Kept as written, up to 255 bytes; this is what it says at first.
    case stored(String)
    /// Asked anew at each read; nil is answered with EIO.
    case live(@Sendable () -> String?)
    /// As `live`, and `write` answers a write with 0 or an errno.
    case acting(read: @Sendable () -> String?, write: @Sendable (String) -> Int32)
}

public struct ServedAttribute: Sendable {
    public var name: String
    public var value: ServedValue
    public init(_ name: String, _ value: ServedValue) {
        self.name = name
        self.value = value
    }
}

/// How a served channel lies in a scan; see the kernel's `scan_elements/*_type`.
public struct ServedFormat: Equatable, Sendable {
    public var isSigned: Bool
    public var bits: Int
    /// 8, 16, 32 or 64.
    public var storage: Int
    public var shift: Int
    public var isBigEndian: Bool
    public init(
        isSigned: Bool, bits: Int, storage: Int, shift: Int = 0, isBigEndian: Bool = false
    ) {
        precondition([8, 16, 32, 64].contains(storage) && shift >= 0 && bits >= 1)
        precondition(bits + shift <= storage)
        self.isSigned = isSigned
        self.bits = bits
        self.storage = storage
        self.shift = shift
        self.isBigEndian = isBigEndian
    }
    public static let timestamp = ServedFormat(isSigned: true, bits: 64, storage: 64)

    var bytes: Int { storage / 8 }
    /// As iiod's context writes it: capitals where every bit of the storage counts.
    var text: String {
        let sign = isSigned ? "s" : "u"
        return "\(isBigEndian ? "be" : "le"):\(bits == storage ? sign.uppercased() : sign)"
            + "\(bits)/\(storage)>>\(shift)"
    }
}

public struct ServedChannel: Sendable {
    /// `voltage0`, `current1`, `timestamp`.
    public var id: String
    public var name: String
    public var isOutput: Bool
    /// Nil: attributes only.
    public var format: ServedFormat?
    public var attributes: [ServedAttribute]
    public init(
        _ id: String, name: String = "", isOutput: Bool = false, format: ServedFormat? = nil,
        _ attributes: [ServedAttribute] = []
    ) {
        self.id = id
        self.name = name
        self.isOutput = isOutput
        self.format = format
        self.attributes = attributes
    }
    public static let timestamp = ServedChannel("timestamp", format: .timestamp)
}

/// A device, or a trigger: a device without channels whose id begins with `trigger`.
public struct ServedDevice: Sendable {
    /// `iio:device0`, `trigger0`; unlike any other's in its context.
    public var id: String
    public var name: String
    public var label: String
    /// Those with a format first: a channel's place among them is its scan index.
    public var channels: [ServedChannel]
    public var attributes: [ServedAttribute]
    public var debug: [ServedAttribute] = []
    public var buffer: [ServedAttribute] = []
    /// Feeds the scan channels, in their order.
    public var source: (any WaveSource)?
    /// Takes what clients write to the scan channels.
    public var sink: (any WaveSink)?
    /// Cannot be opened without a trigger. A trigger's `sampling_frequency` then divides the
    /// source's rate, and must do so without rest.
    public var needsTrigger = false

    public init(
        _ id: String, name: String, label: String = "", channels: [ServedChannel] = [],
        attributes: [ServedAttribute] = [], source: (any WaveSource)? = nil,
        sink: (any WaveSink)? = nil
    ) {
        self.id = id
        self.name = name
        self.label = label
        let scanned = channels.filter { $0.format != nil }
        self.channels = scanned + channels.filter { $0.format == nil }
        self.attributes = attributes
        self.source = source
        self.sink = sink
        let columns = scanned.count { $0.id != "timestamp" }
        precondition(source == nil || columns == source?.columns, "a column for each channel")
    }
    public static func trigger(_ number: Int, name: String, rate_Hz: Double) -> ServedDevice {
        ServedDevice(
            "trigger\(number)", name: name,
            attributes: [ServedAttribute("sampling_frequency", .stored(fixedPoint(rate_Hz)))])
    }
    var isTrigger: Bool { id.hasPrefix("trigger") }
}

public struct ServedContext: Sendable {
    public var description: String
    public var attributes: [(name: String, value: String)]
    public var devices: [ServedDevice]
    public init(
        _ description: String, attributes: [(name: String, value: String)] = [],
        devices: [ServedDevice]
    ) {
        precondition(Set(devices.map(\.id)).count == devices.count, "ids are unlike")
        self.description = description
        self.attributes = attributes
        self.devices = devices
    }
    func index(of word: String) -> Int? {
        devices.firstIndex { $0.id == word } ?? devices.firstIndex { $0.name == word }
    }
}

/// Nine places, as the kernel writes IIO_VAL_INT_PLUS_NANO; whole numbers without any.
func fixedPoint(_ value: Double) -> String {
    precondition(abs(value) < 1e9)
    let nano = Int64((abs(value) * 1e9).rounded())
    let sign = value < 0 && nano != 0 ? "-" : ""
    let (whole, rest) = nano.quotientAndRemainder(dividingBy: 1_000_000_000)
    if rest == 0 { return "\(sign)\(whole)" }
    let places = String(rest)
    return "\(sign)\(whole)." + String(repeating: "0", count: 9 - places.count) + places
}
