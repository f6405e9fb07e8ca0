import Glibc
import HAL

/// Which converter is captured and how: what a board file says of it.
public struct CaptureSource: Equatable, Sendable {
    /// One count of a channel as the board file believes it: (count − zero) · scale, in the IIO ABI's
    /// unit (mV, mA).
    public struct Channel: Equatable, Sendable {
        public var id: String
        public var scale: Double
        public var zero: Double
        public init(_ id: String, scale: Double, zero: Double) {
            (self.id, self.scale, self.zero) = (id, scale, zero)
        }
    }
    public var uri: String
    public var device: IIODeviceKey
    public var trigger: String?
    public var rate_Hz: Double
    public var bits: Int
    public var channels: [Channel]
    public init(
        uri: String, device: IIODeviceKey, trigger: String?, rate_Hz: Double, bits: Int,
        channels: [Channel]
    ) {
        (self.uri, self.device, self.trigger) = (uri, device, trigger)
        (self.rate_Hz, self.bits, self.channels) = (rate_Hz, bits, channels)
    }
}

extension CaptureThread {
    /// A converter with an IIO driver, of this machine or behind a server.
    public static func iio(_ source: CaptureSource) -> Door {
        { (plan) throws(BoardFault) in try IIOCapturePort(source, block: plan.block) }
    }
}

/// A capture by libiio. A converter whose driver says something else of its counts than the board file
/// is refused: its readings would be wrong by that, and nobody would see it.
private final class IIOCapturePort: CapturePort {
    private let capture: IIOBufferCapture
    var columns: [String] { capture.layout.names }

    /// - Throws: what `IIOContext` and `IIOBufferCapture` do; `.bus` (ERANGE) where scale, zero, bits
    ///   or rate are not what the board file says.
    init(_ source: CaptureSource, block: Int) throws(BoardFault) {
        let context = try IIOContext(source.uri, timeout_ms: 500)
        let device = try context.device(source.device)
        // Stamps by a clock that nobody sets. Drivers without the choice keep theirs.
        if device.has("current_timestamp_clock") {
            try device.write("current_timestamp_clock", "monotonic")
        }
        for wanted in source.channels {
            let channel = try device.channel(wanted.id)
            try Self.agree(channel, wanted, bits: source.bits)
        }
        let hasStamps = device.channels.contains { $0.id == "timestamp" }
        let timer = try source.trigger.map { name throws(BoardFault) in
            try context.trigger(named: name)
        }
        capture = try IIOBufferCapture(
            device,
            IIOCapturePlan(
                channels: source.channels.map(\.id), samples: block, isStamped: hasStamps,
                trigger: source.trigger,
                rate_Hz: (timer ?? device).canSetRate ? source.rate_Hz : nil))
        // A converter that a crystal starts does not know its rate; the stamps prove it.
        let clock = timer ?? device
        if clock.isTrigger || clock.has("sampling_frequency") {
            let rate = try clock.number("sampling_frequency")
            guard isNear(rate, source.rate_Hz) else { throw BoardFault(.bus, code: ERANGE) }
        }
    }

    func refill(_ block: inout ScanBlock) throws(BoardFault) { try capture.refill(&block) }

    /// Sets the scale where the driver lets, and looks.
    private static func agree(
        _ channel: IIOChannel, _ wanted: CaptureSource.Channel, bits: Int
    ) throws(BoardFault) {
        guard let format = channel.scanFormat, format.bits == bits else {
            throw BoardFault(.bus, code: ERANGE)
        }
        var scaling = try channel.scaling()
        if !isNear(scaling.scale, wanted.scale), channel.has("scale_available") {
            try channel.write("scale", decimal(wanted.scale))
            scaling = try channel.scaling()
        }
        guard isNear(scaling.scale, wanted.scale),
            (scaling.offset + wanted.zero).magnitude < 1e-6 * max(1, wanted.zero.magnitude)
        else { throw BoardFault(.bus, code: ERANGE) }
    }
}

extension IIODevice {
    /// A rate is written where it can be; some converters have but one.
    fileprivate var canSetRate: Bool { isTrigger || has("sampling_frequency_available") }
}

/// Within a thousandth: sysfs writes scales with nine places, and clocks divide.
private func isNear(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e-3 * b.magnitude }
