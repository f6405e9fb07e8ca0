internal import CIIO
import Glibc
import HAL

/// How a channel's counts become a quantity: (count + offset) · scale gives the milli-units of the
/// IIO ABI, and `unit` brings those to V, A, W, °C.
public struct IIOScaling: Equatable, Sendable {
    public var offset: Double
    public var scale: Double
    public var unit: IIOUnit

    /// In `unit`.
    public func value(_ count: Double) -> Double { (count + offset) * scale * unit.perCount }
    /// The count that stands for `value`, not rounded; not finite where the scale is zero.
    public func count(_ value: Double) -> Double { value / (scale * unit.perCount) - offset }
}

/// One channel of a device: an input to read or an output (DAC) to set.
public struct IIOChannel {
    public let device: IIODevice
    let pointer: OpaquePointer

    init(_ device: IIODevice, _ pointer: OpaquePointer) {
        self.device = device
        self.pointer = pointer
    }

    /// `voltage0`, `current1`, `timestamp`.
    public var id: String { iio_channel_get_id(pointer).map { String(cString: $0) } ?? "" }
    /// The driver's own word for it; empty where it has none.
    public var name: String { iio_channel_get_name(pointer).map { String(cString: $0) } ?? "" }
    public var isOutput: Bool { iio_channel_is_output(pointer) }
    public var unit: IIOUnit { IIOUnit(iio_channel_get_type(pointer)) }

    public var attributes: [String] {
        (0..<iio_channel_get_attrs_count(pointer)).compactMap { n in
            iio_channel_get_attr(pointer, n).map { String(cString: $0) }
        }
    }
    public func has(_ attribute: String) -> Bool {
        iio_channel_find_attr(pointer, attribute) != nil
    }
    public func read(_ attribute: String) throws(BoardFault) -> String {
        try attributeText { iio_channel_attr_read(pointer, attribute, $0, $1) }
    }
    public func number(_ attribute: String) throws(BoardFault) -> Double {
        try attributeNumber(try read(attribute))
    }
    public func write(_ attribute: String, _ text: String) throws(BoardFault) {
        _ = try checkReturned { iio_channel_attr_write(pointer, attribute, text) }
    }
}

extension IIOChannel {
    /// The newest count, unscaled.
    public func raw() throws(BoardFault) -> Double { try number("raw") }

    /// Scale and offset as they stand now; one and zero where the channel has none. What a bus
    /// thread keeps, so that a reading costs one attribute and not three.
    public func scaling() throws(BoardFault) -> IIOScaling {
        IIOScaling(
            offset: has("offset") ? try number("offset") : 0,
            scale: has("scale") ? try number("scale") : 1, unit: unit)
    }

    /// The newest value in `unit`: what the driver has processed (`input`), or the scaled count.
    public func value() throws(BoardFault) -> Double {
        if has("input") { return try number("input") * unit.perCount }
        return try scaling().value(try raw())
    }

    /// Sets an output's count. The driver refuses what the converter cannot give (`.bus`, EINVAL).
    public func write(raw count: Int) throws(BoardFault) { try write("raw", String(count)) }

    /// Sets an output to `value` in `unit`, rounded to the nearest count.
    public func write(_ value: Double, _ scaling: IIOScaling) throws(BoardFault) {
        guard let count = Int(exactly: scaling.count(value).rounded()) else {
            throw BoardFault(.bus, code: ERANGE)
        }
        try write(raw: count)
    }
}

extension IIOChannel {
    /// Position in a scan, 0 or more; nil where it is only an attribute.
    public var scanIndex: Int? {
        guard iio_channel_is_scan_element(pointer) else { return nil }
        let n = iio_channel_get_index(pointer)
        return n < 0 ? nil : n
    }
    /// Nil where it is no scan element, or of a format no kernel makes.
    public var scanFormat: ScanFormat? {
        guard iio_channel_is_scan_element(pointer),
            let f = iio_channel_get_data_format(pointer)?.pointee
        else { return nil }
        return ScanFormat(
            isBigEndian: f.is_be, isSigned: f.is_signed,
            isFullyDefined: f.is_fully_defined, bits: Int(f.bits), storage: Int(f.length),
            repeats: Int(f.`repeat`), shift: Int(f.shift))
    }
}
