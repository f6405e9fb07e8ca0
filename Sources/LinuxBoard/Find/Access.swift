import Glibc
import HAL

/// Whether we may open a device's node for reading and writing.
public enum Access: String, Codable, Sendable {
    case granted
    /// The device is there and its node is not.
    case missing
    case denied

    /// The corresponding C function is `access`. Root may do everything.
    public static func of(_ node: String) -> Access {
        do throws(BoardFault) {
            try check { access(node, R_OK | W_OK) }
            return .granted
        } catch {
            return error.kind == .notPermitted ? .denied : .missing
        }
    }
}

/// The three kinds of device we open: what their nodes are called, and who may open them.
public enum DeviceKind: String, Codable, CaseIterable, Sendable {
    case i2c, gpio, iio

    /// `/dev/i2c-1`
    public func node(_ number: Int) -> String {
        switch self {
        case .i2c: "/dev/i2c-\(number)"
        case .gpio: "/dev/gpiochip\(number)"
        case .iio: "/dev/iio:device\(number)"
        }
    }

    /// What a device behind it is called in messages.
    var noun: String {
        switch self {
        case .i2c: "I²C adapter"
        case .gpio: "GPIO chip"
        case .iio: "IIO device"
        }
    }

    /// The kernel's own name of a device: `i2c-1`, `gpiochip0`, `iio:device0`.
    public func device(_ number: Int) -> String { String(node(number).dropFirst("/dev/".count)) }

    /// The group that may open it, as Debian and Raspberry Pi OS call it.
    public var group: String { rawValue }

    /// The line of a udev rule that lets the group in.
    public var rule: String {
        switch self {
        case .i2c: #"SUBSYSTEM=="i2c-dev", GROUP="i2c", MODE="0660""#
        case .gpio: #"SUBSYSTEM=="gpio", KERNEL=="gpiochip*", GROUP="gpio", MODE="0660""#
        case .iio: #"SUBSYSTEM=="iio", GROUP="iio", MODE="0660""#
        }
    }
}
