import Glibc
import HAL

/// The kernel's picture of the devices, read as text: `/sys`, or a copy of it for a test. What is
/// not there or may not be read is nil or empty, never an error.
public struct DeviceTree: Sendable {
    public let root: String

    public init(root: String = "/sys") {
        self.root = Self.resolve(root) ?? root
    }

    /// Names in a folder, in no order; neither `.` nor `..`.
    func list(_ path: String) -> [String] {
        let folder = try? unwrap(.notPresent) { opendir(at(path)) }
        guard let folder else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// What a file says, without white space and zeros at its ends: at most 4096 bytes, as much as
    /// sysfs has for one.
    func text(_ path: String) -> String? {
        let file = try? check { open(at(path), O_RDONLY | O_CLOEXEC) }
        guard let file else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        var count = 0
        while count < bytes.count {
            let read = try? check {
                bytes.withUnsafeMutableBytes {
                    Glibc.read(file, $0.baseAddress! + count, $0.count - count)
                }
            }
            guard let read else { return nil }
            guard read > 0 else { break }
            count += read
        }
        let blank: Set<UInt8> = [0, 9, 10, 13, 32]
        let words = bytes.prefix(count).drop { blank.contains($0) }
        return String(
            decoding: words.reversed().drop { blank.contains($0) }.reversed(), as: UTF8.self)
    }

    func number(_ path: String) -> Int? { text(path).flatMap { Int($0) } }

    /// Where a link leads, below the root: `devices/platform/soc/fe804000.i2c/i2c-1`.
    func real(_ path: String) -> String? {
        guard let real = Self.resolve(at(path)), real.hasPrefix(root + "/") else { return nil }
        return String(real.dropFirst(root.count + 1))
    }

    /// The driver bound to a device, by its name.
    func driver(of path: String) -> String? {
        real("\(path)/driver").flatMap { $0.split(separator: "/").last.map(String.init) }
    }

    private func at(_ path: String) -> String { "\(root)/\(path)" }

    private static func resolve(_ path: String) -> String? {
        let real = try? unwrap(.notPresent) { realpath(path, nil) }
        guard let real else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}

extension DeviceTree {
    /// What tells a device from its equals and outlives unplugging: names that firmware, a plug or a
    /// serial number gave to it or to what it hangs on, from near to far. Each as the kernel has it:
    /// `HID_UNIQ=0001`, `OF_FULLNAME=/soc/i2c@7e804000`, `serial=0045A1`.
    func marks(of path: String) -> [String] {
        let keys: Set<String> = ["HID_UNIQ", "HID_PHYS", "OF_FULLNAME", "PCI_SLOT_NAME"]
        var marks: [String] = []
        var parts = path.split(separator: "/")
        while parts.count > 1 {
            let here = parts.joined(separator: "/")
            for line in text("\(here)/uevent")?.split(separator: "\n") ?? [] {
                let halves = line.split(separator: "=", maxSplits: 1)
                if halves.count == 2, keys.contains(String(halves[0])) {
                    marks.append(String(line))
                }
            }
            if let serial = text("\(here)/serial"), !serial.isEmpty {
                marks.append("serial=\(serial)")
            }
            parts.removeLast()
        }
        return marks.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
