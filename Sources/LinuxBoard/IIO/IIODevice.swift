internal import CIIO
import Glibc
import HAL

/// One IIO device, or one trigger.
public struct IIODevice {
    public let context: IIOContext
    let pointer: OpaquePointer

    init(_ context: IIOContext, _ pointer: OpaquePointer) {
        self.context = context
        self.pointer = pointer
    }

    /// As the context numbers it now; good for a message, never for finding it again.
    public var id: String { iio_device_get_id(pointer).map { String(cString: $0) } ?? "" }
    /// Empty where it has none.
    public var name: String { iio_device_get_name(pointer).map { String(cString: $0) } ?? "" }
    public var label: String { iio_device_get_label(pointer).map { String(cString: $0) } ?? "" }
    public var isTrigger: Bool { iio_device_is_trigger(pointer) }

    /// Where it stands under /sys/devices; empty where it is not of this machine.
    public var path: String {
        guard context.uri.hasPrefix("local:"),
            let real = realpath("/sys/bus/iio/devices/\(id)", nil)
        else { return "" }
        defer { free(real) }
        return String(cString: real)
    }

    public var channels: [IIOChannel] {
        (0..<iio_device_get_channels_count(pointer)).compactMap { n in
            iio_device_get_channel(pointer, n).map { IIOChannel(self, $0) }
        }
    }
    /// - Parameter id: `voltage0`, or the driver's name for it (`vbus`).
    public func channel(_ id: String, isOutput: Bool = false) throws(BoardFault) -> IIOChannel {
        let found = iio_device_find_channel(pointer, id, isOutput)
        guard let found else { throw BoardFault(.notPresent, code: ENOENT) }
        return IIOChannel(self, found)
    }

    public var attributes: [String] {
        (0..<iio_device_get_attrs_count(pointer)).compactMap { n in
            iio_device_get_attr(pointer, n).map { String(cString: $0) }
        }
    }
    public func has(_ attribute: String) -> Bool {
        iio_device_find_attr(pointer, attribute) != nil
    }
    public func read(_ attribute: String) throws(BoardFault) -> String {
        try attributeText { iio_device_attr_read(pointer, attribute, $0, $1) }
    }
    public func number(_ attribute: String) throws(BoardFault) -> Double {
        try attributeNumber(try read(attribute))
    }
    public func write(_ attribute: String, _ text: String) throws(BoardFault) {
        _ = try checkReturned { iio_device_attr_write(pointer, attribute, text) }
    }
}

extension IIODevice {
    /// Which trigger starts its scans; nil where none does.
    public func trigger() throws(BoardFault) -> IIODevice? {
        var found: OpaquePointer?
        do throws(BoardFault) {
            try checkReturned { iio_device_get_trigger(pointer, &found) }
        } catch  where error.code == ENODEV || error.code == ENOENT {
            return nil
        }
        return found.map { IIODevice(context, $0) }
    }
    /// Lets `trigger` start its scans; nil: none. Not while a capture runs.
    public func setTrigger(_ trigger: IIODevice?) throws(BoardFault) {
        _ = try checkReturned { iio_device_set_trigger(pointer, trigger?.pointer) }
    }
    /// Makes a sysfs trigger fire once.
    public func fire() throws(BoardFault) { try write("trigger_now", "1") }
}

/// What an attribute says, without the newline and the NUL that end it. 4095 bytes at most.
func attributeText(
    _ read: (UnsafeMutablePointer<CChar>, Int) -> Int
) throws(BoardFault) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let n = try checkReturned {
        buffer.withUnsafeMutableBufferPointer { read($0.baseAddress!, 4095) }
    }
    var text = buffer.prefix(min(n, 4095)).prefix { $0 != 0 }
    while text.last == CChar(bitPattern: UInt8(ascii: "\n")) { text.removeLast() }
    return String(decoding: text.lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// A number, or a `.bus` fault with EILSEQ where the text is none.
func attributeNumber(_ text: String) throws(BoardFault) -> Double {
    guard let value = IIONumber.double(text) else { throw BoardFault(.bus, code: EILSEQ) }
    return value
}
