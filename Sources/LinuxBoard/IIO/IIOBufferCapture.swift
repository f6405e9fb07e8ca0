internal import CIIO
import Glibc
import HAL

/// What a capture takes.
public struct IIOCapturePlan: Equatable, Sendable {
    /// Input channels by id, in any order; the scan has its own.
    public var channels: [String]
    /// Scan the kernel's timestamp too.
    public var isStamped: Bool
    /// Samples of each channel in one refill, 1 or more.
    public var samples: Int
    /// The trigger (hrtimer, sysfs) that starts each scan, by name; nil where the device has its
    /// own clock.
    public var trigger: String?
    /// Written to `sampling_frequency` of the trigger, or of the device where it has no trigger.
    public var rate_Hz: Double?
    /// Blocks the kernel or the server keeps while nobody reads, 1 ... 64.
    public var blocks: UInt32

    public init(
        channels: [String], samples: Int, isStamped: Bool = false, trigger: String? = nil,
        rate_Hz: Double? = nil, blocks: UInt32 = 4
    ) {
        precondition(samples > 0 && (1...64).contains(blocks))
        precondition(rate_Hz.map { $0 > 0 && $0 < 1e9 } ?? true)
        self.channels = channels
        self.samples = samples
        self.isStamped = isStamped
        self.trigger = trigger
        self.rate_Hz = rate_Hz
        self.blocks = blocks
    }
}

/// A running capture of waveforms. `refill` waits for a block at most as long as the context's
/// time-out. After a throw the capture is of no more use: let go of it and make another.
///
/// The corresponding C functions are `iio_device_create_buffer` and `iio_buffer_refill`.
public final class IIOBufferCapture {
    private let device: IIODevice
    private let buffer: OpaquePointer
    public let layout: ScanLayout
    /// Of the layout's columns, in its order.
    public let scalings: [IIOScaling]

    /// - Throws: `.notPresent` (ENOENT) where a channel is missing or is no scan element; `.bus`
    ///   (EPROTO) where its format is none we know; what the driver says otherwise.
    public init(_ device: IIODevice, _ plan: IIOCapturePlan) throws(BoardFault) {
        let trigger = try plan.trigger.map { name throws(BoardFault) in
            try device.context.trigger(named: name)
        }
        if let rate = plan.rate_Hz {
            try (trigger ?? device).write("sampling_frequency", decimal(rate))
        }
        if let trigger { try device.setTrigger(trigger) }
        let enabled = try Self.enable(device, plan)
        var elements: [ScanElement] = []
        var scalings: [IIOScaling] = []
        for c in enabled {
            guard let format = c.scanFormat else { throw BoardFault(.bus, code: EPROTO) }
            elements.append(ScanElement(c.id, format))
            guard c.id != "timestamp" else { continue }
            scalings += Array(repeating: try c.scaling(), count: format.repeats)
        }
        guard let layout = ScanLayout(elements) else { throw BoardFault(.bus, code: EPROTO) }
        do throws(BoardFault) {
            try checkReturned {
                iio_device_set_kernel_buffers_count(device.pointer, plan.blocks)
            }
        } catch  where error.code == ENOSYS {
            // A backend without such a choice keeps its own.
        }
        self.device = device
        self.layout = layout
        self.scalings = scalings
        buffer = try unwrap { iio_device_create_buffer(device.pointer, plan.samples, false) }
    }

    deinit { iio_buffer_destroy(buffer) }

    /// Waits for the next block and takes it apart into `block`.
    /// - Throws: `.timeout`, `.notPresent` where the device is gone, `.bus` (EPROTO) where the scan
    ///   is not what was asked for, `.bus` (EPIPE) where a server is gone or does not answer at all:
    ///   libiio does not tell these two apart.
    public func refill(_ block: inout ScanBlock) throws(BoardFault) {
        let bytes = try checkReturned { iio_buffer_refill(buffer) }
        guard iio_buffer_step(buffer) == layout.stride, let start = iio_buffer_start(buffer) else {
            throw BoardFault(.bus, code: EPROTO)
        }
        block.fill(layout, from: UnsafeRawBufferPointer(start: start, count: Int(bytes)))
    }

    /// Ends a `refill` that waits in another thread; nothing can be read after it.
    public func cancel() { iio_buffer_cancel(buffer) }

    /// Enables what is planned, disables the rest. Answers in scan order.
    private static func enable(
        _ device: IIODevice, _ plan: IIOCapturePlan
    ) throws(BoardFault) -> [IIOChannel] {
        var wanted = plan.channels
        if plan.isStamped { wanted.append("timestamp") }
        for c in device.channels { iio_channel_disable(c.pointer) }
        var enabled: [(index: Int, channel: IIOChannel)] = []
        for id in wanted {
            let channel = try device.channel(id)
            guard let index = channel.scanIndex else { throw BoardFault(.notPresent, code: ENOENT) }
            if enabled.contains(where: { $0.index == index }) { continue }
            iio_channel_enable(channel.pointer)
            enabled.append((index, channel))
        }
        return enabled.sorted { $0.index < $1.index }.map(\.channel)
    }
}

/// Without an exponent, as sysfs reads it: up to nine places, none where the number is whole.
/// - Parameter value: 0 ..< 10⁹.
func decimal(_ value: Double) -> String {
    let nano = Int64((value * 1e9).rounded())
    var places = String(nano % 1_000_000_000)
    places = String(repeating: "0", count: 9 - places.count) + places
    while places.last == "0" { places.removeLast() }
    return String(nano / 1_000_000_000) + (places.isEmpty ? "" : "." + places)
}
