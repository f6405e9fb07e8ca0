#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The machine's own watchdog (Linux watchdog API, `Documentation/watchdog/watchdog-api.rst`): silence
/// resets the machine. A service that ends in order disarms it; one that dies does not, and the
/// kernel's timer runs on.
public struct WatchdogDevice: ~Copyable {
    /// Why there is none.
    public struct Refusal: Error, Equatable, Sendable {
        public var message: String
        public var remedy: String
    }
    private let file: Int32
    /// After this much silence the machine resets, as the driver has it.
    public let timeout_s: Double
    /// Beats that did not arrive.
    public private(set) var failures: UInt64 = 0

    /// WDIOC_SETTIMEOUT: _IOWR('W', 6, int) = 3 << 30 | 4 << 16 | 0x57 << 8 | 6.
    private static let setTimeout: UInt = 3 << 30 | 4 << 16 | 0x57 << 8 | 6

    /// - Parameters:
    ///   - path: such as `/dev/watchdog`.
    ///   - timeout_s: 2 ... 60; drivers round it up to what they can.
    public init(_ path: String, timeout_s: Double) throws(Refusal) {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else {
            let why = String(cString: strerror(errno))
            throw Refusal(
                message: "\(path) cannot be opened: \(why)",
                remedy: errno == EBUSY
                    ? "another program feeds it (wdctl says which; systemd's is RuntimeWatchdogSec)"
                    : "is the machine's watchdog driver loaded, and may this user write to it?")
        }
        var seconds = Int32(timeout_s.rounded(.up))
        guard ioctl(file, Self.setTimeout, &seconds) == 0 else {
            let why = String(cString: strerror(errno))
            // Disarms it again.
            _ = Self.put(file, UInt8(ascii: "V"))
            close(file)
            throw Refusal(
                message: "\(path) takes no time of \(seconds) s: \(why)",
                remedy: "name a watchdog (wdctl lists them), or remove service.watchdog")
        }
        self.file = file
        self.timeout_s = Double(seconds)
    }

    /// Dropped without `disarm`, the kernel's timer runs on: that is what it is for.
    deinit { close(file) }

    /// Some moments more.
    public mutating func beat() {
        if Self.put(file, 0) != 1 { failures &+= 1 }
    }

    /// The magic close: silence from now on is meant. Where the kernel was built to allow no end
    /// (`nowayout`), the machine resets all the same.
    public mutating func disarm() {
        if Self.put(file, UInt8(ascii: "V")) != 1 { failures &+= 1 }
    }

    private static func put(_ file: Int32, _ byte: UInt8) -> Int {
        var byte = byte
        return write(file, &byte, 1)
    }
}
