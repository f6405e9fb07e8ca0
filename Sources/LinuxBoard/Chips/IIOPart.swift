import Glibc
import HAL

/// Any converter with an IIO driver, its channels one attribute at a time: inputs as the driver's
/// `input`, or `raw` with its scale and offset; outputs by `raw`. In V, A, W, °C.
///
/// It has no I²C address: the port handed to it is not used. The library's context belongs to one
/// thread; it is made in `configure`, on the thread that polls.
public struct IIOPart: Meter, ReferenceOutput {
    public static let name = "iio"
    public static let addresses: ClosedRange<UInt8> = 0...0
    public let address: UInt8 = 0
    public let inputs: [ChipPin]
    public let outputs: [ChipPin]
    private let uri: String
    private let key: IIODeviceKey
    private var opened: Opened?

    /// `@unchecked Sendable`: made and used by the one thread that owns the part.
    private final class Opened: @unchecked Sendable {
        let inputs, outputs: [(channel: IIOChannel, scaling: IIOScaling, isProcessed: Bool)]
        init(
            _ inputs: [(IIOChannel, IIOScaling, Bool)], _ outputs: [(IIOChannel, IIOScaling, Bool)]
        ) {
            (self.inputs, self.outputs) = (inputs, outputs)
        }
    }

    /// - Parameters:
    ///   - inputs, outputs: ids of the channels that are wanted: `voltage0`.
    public init(uri: String, device: IIODeviceKey, inputs: [String], outputs: [String]) {
        (self.uri, key) = (uri, device)
        self.inputs = inputs.map { ChipPin($0, "") }
        self.outputs = outputs.map { ChipPin($0, "") }
    }

    /// Being found by its name, label or place is all the identity there is.
    public func identify(on port: any I2CPort) throws(BoardFault) -> Identity { .unverifiable }

    /// Opens the context anew: one that lost its device does not find it again.
    public mutating func configure(on port: any I2CPort) throws(BoardFault) {
        opened = nil
        let context = try IIOContext(uri, timeout_ms: 500)
        let device = try context.device(key)
        func open(
            _ pins: [ChipPin], isOutput: Bool
        ) throws(BoardFault) -> [(IIOChannel, IIOScaling, Bool)] {
            var all: [(IIOChannel, IIOScaling, Bool)] = []
            for pin in pins {
                let channel = try device.channel(pin.name, isOutput: isOutput)
                let scaling = try channel.scaling()
                // An output whose driver knows no supply has the scale nil: nothing can be set by it.
                guard scaling.scale != 0 else { throw BoardFault(.bus, code: ERANGE) }
                all.append((channel, scaling, channel.has("input")))
            }
            return all
        }
        opened = Opened(
            try open(inputs, isOutput: false), try open(outputs, isOutput: true))
    }

    public mutating func read(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        guard let (channel, scaling, isProcessed) = opened?.inputs[n] else {
            throw BoardFault(.notPresent)
        }
        if isProcessed { return Float(try channel.number("input") * scaling.unit.perCount) }
        return Float(scaling.value(try channel.raw()))
    }

    /// What the driver cannot give is refused by it and is a fault.
    public mutating func write(
        _ value: Float, to n: Int, on port: any I2CPort
    ) throws(BoardFault) {
        guard let (channel, scaling, _) = opened?.outputs[n] else { throw BoardFault(.notPresent) }
        try channel.write(Double(value), scaling)
    }

    public mutating func readBack(_ n: Int, on port: any I2CPort) throws(BoardFault) -> Float {
        guard let (channel, scaling, _) = opened?.outputs[n] else { throw BoardFault(.notPresent) }
        return Float(scaling.value(try channel.raw()))
    }
}

/// The port of parts that have none.
public final class NoPort: I2CPort {
    public init() {}
    public func transfer(
        _ address: UInt8, write bytes: [UInt8], read count: Int
    ) throws(BoardFault) -> [UInt8] { throw BoardFault(.notPresent, code: ENODEV) }
}

extension BusThread.Door {
    /// Where parts find their own way.
    public static var none: BusThread.Door {
        BusThread.Door(
            place: { DevicePlace(node: "") }, open: { (_) throws(BoardFault) in NoPort() })
    }
}
