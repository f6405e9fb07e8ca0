/// Which board this is: the name of the folder its calibrations lie in.
public enum BoardSerial {
    public enum Source: String, Sendable {
        /// `calibration.serial` of the board file.
        case profile
        /// The device tree's serial number, as every Raspberry Pi has.
        case deviceTree
        /// Made from the machine id, which is made when the system is first started.
        case machineID
    }

    /// No serial number can be had, and what to do about it.
    public struct Refusal: Error, Equatable, Sendable {
        public var message: String
        public var remedy: String
    }

    /// The board's serial number and where it is from: the first there is of these.
    ///
    /// - Parameters:
    ///   - profile: `calibration.serial` of the board file; nil: not written.
    ///   - deviceTree: what `/proc/device-tree/serial-number` holds, with the NUL at its end; nil: there
    ///     is no such file.
    ///   - machineID: what `/etc/machine-id` holds; nil: there is no such file. It must not be shown
    ///     (machine-id(5)), so a digest of it with a word of ours stands for it.
    public static func choose(
        profile: String?, deviceTree: [UInt8]?, machineID: String?
    ) throws(Refusal) -> (serial: String, source: Source) {
        if let profile {
            guard isSafe(profile) else {
                throw Refusal(
                    message: "calibration.serial is no name of a folder: \(quoted(profile))",
                    remedy: "write letters, digits, -, _ and ., beginning with a letter or digit")
            }
            return (profile, .profile)
        }
        if let deviceTree {
            var bytes = deviceTree[...]
            while let last = bytes.last, last == 0 || last == 0x0A { bytes = bytes.dropLast() }
            if let text = String(validating: bytes, as: UTF8.self), isSafe(text),
                // A board without a serial number says zeros.
                text.contains(where: { $0 != "0" })
            {
                return (text, .deviceTree)
            }
        }
        if let id = machineID.map({ $0.filter { !$0.isWhitespace }.lowercased() }), isMachineID(id)
        {
            let digest = SHA256Digest(Array(("skerry board serial" + id).utf8))
            return ("m-" + digest.hex.prefix(16), .machineID)
        }
        throw Refusal(
            message: "this board has no serial number and no machine id",
            remedy: "write calibration: with serial: in the board file, and on the board")
    }

    /// A name that is nothing but a folder's own: at most 64 letters, digits, `-`, `_` and `.`, the first
    /// a letter or a digit.
    public static func isSafe(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, bytes.count <= 64, isWord(first) else { return false }
        return bytes.allSatisfy {
            isWord($0) || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
    /// 32 hexadecimal digits, not all zero.
    private static func isMachineID(_ id: String) -> Bool {
        id.utf8.count == 32 && id.utf8.contains { $0 != 48 }
            && id.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
    private static func quoted(_ text: String) -> String {
        YAMLLines.quoted(String(text.prefix(64)))
    }
}
