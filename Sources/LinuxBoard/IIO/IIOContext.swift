internal import CIIO
import Glibc
import HAL

/// Every IIO device behind one door: this machine's own (`local:`), a server's
/// (`ip:host:port`), or a USB instrument's (`usb:`, where libiio was built with it).
///
/// The corresponding C function is `iio_create_context_from_uri` of libiio 0.x. Every call blocks:
/// bus threads make and keep contexts, one context one thread; the tick never sees one. Devices and
/// channels keep their context alive.
public final class IIOContext {
    let pointer: OpaquePointer
    public let uri: String

    /// - Parameters:
    ///   - uri: `local:`, `ip:127.0.0.1:30431`, `usb:1.2.3`.
    ///   - timeout_ms: longest wait for an answer or a buffer, 1 or more.
    /// - Throws: `.notPresent` where nobody answers or the backend was not built, `.timeout`,
    ///   `.notPermitted`, `.bus`.
    public init(_ uri: String, timeout_ms: UInt32 = 1000) throws(BoardFault) {
        precondition(timeout_ms > 0, "zero would wait for ever")
        if !uri.hasPrefix("local:") { _ = Self.hangUpsAreFaults }
        let made = try unwrap(.notPresent) { iio_create_context_from_uri(uri) }
        do throws(BoardFault) {
            try checkReturned { iio_context_set_timeout(made, timeout_ms) }
        } catch {
            iio_context_destroy(made)
            throw error
        }
        self.uri = uri
        pointer = made
    }

    deinit { iio_context_destroy(pointer) }

    /// libiio sends to its server without MSG_NOSIGNAL: a server that goes would end this process. The
    /// signal is ignored from the first such context on, unless the program has its own way with it.
    private static let hangUpsAreFaults: Void = {
        var old = sigaction()
        guard sigaction(SIGPIPE, nil, &old) == 0, old.__sigaction_handler.sa_handler == nil else {
            return
        }
        signal(SIGPIPE, SIG_IGN)
    }()

    /// What libiio was built with and as.
    public static var libraryVersion: (major: UInt32, minor: UInt32) {
        var major: UInt32 = 0
        var minor: UInt32 = 0
        var tag = [CChar](repeating: 0, count: 8)
        iio_library_get_version(&major, &minor, &tag)
        return (major, minor)
    }
    /// `local`, `ip`, `usb`, `xml`, `serial`.
    public static func isBuilt(backend: String) -> Bool { iio_has_backend(backend) }

    /// In the context's order; triggers are among them.
    public var devices: [IIODevice] {
        (0..<iio_context_get_devices_count(pointer)).compactMap { n in
            iio_context_get_device(pointer, n).map { IIODevice(self, $0) }
        }
    }

    /// The one device that fits. The number in `iio:deviceN` is no key: it changes when a device
    /// goes and comes back.
    /// - Throws: `.notPresent`, with ENODEV where none fits and ENOTUNIQ where several do.
    public func device(_ key: IIODeviceKey) throws(BoardFault) -> IIODevice {
        let fitting = devices.filter { !$0.isTrigger && key.fits($0) }
        guard let first = fitting.first else { throw BoardFault(.notPresent, code: ENODEV) }
        guard fitting.count == 1 else { throw BoardFault(.notPresent, code: ENOTUNIQ) }
        return first
    }

    /// The trigger of this name, as its maker named it: `skerry-8k`, `sysfstrig1`.
    public func trigger(named name: String) throws(BoardFault) -> IIODevice {
        guard let found = devices.first(where: { $0.isTrigger && $0.name == name }) else {
            throw BoardFault(.notPresent, code: ENODEV)
        }
        return found
    }
}

/// What a board file can know a device by.
public enum IIODeviceKey: Equatable, Sendable {
    /// The driver's name: `ina226`, `ads1015`. Enough where there is one of them.
    case name(String)
    /// The `label` of the device tree.
    case label(String)
    /// A part of the device's path under /sys/devices, `i2c-3` or `3-0040`, and the name where the
    /// parent has several. Only for devices of this machine.
    case parent(String, name: String? = nil)

    func fits(_ device: IIODevice) -> Bool {
        switch self {
        case .name(let name): return device.name == name
        case .label(let label): return device.label == label
        case .parent(let parent, let name):
            guard name == nil || device.name == name else { return false }
            return device.path.split(separator: "/").dropLast().contains { $0 == parent }
        }
    }
}
