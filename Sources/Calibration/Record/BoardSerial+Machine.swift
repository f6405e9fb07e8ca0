import BoardProfile

extension BoardSerial {
    /// The serial number of the board this program runs on.
    ///
    /// - Parameter profile: `calibration.serial` of the board file; nil: not written.
    public static func ofThisMachine(
        profile: String?
    ) throws(Refusal) -> (serial: String, source: Source) {
        // What cannot be read is as if it were not there; the next way is tried.
        let tree = try? FileSystem.read("/proc/device-tree/serial-number", most: 4096)
        let id = try? FileSystem.read("/etc/machine-id", most: 4096)
        return try choose(
            profile: profile, deviceTree: tree,
            machineID: id.flatMap { String(validating: $0, as: UTF8.self) })
    }
}
