import Foundation
import Glibc

/// A tree that stands in for /sys/bus: two INA226 on one adapter, a converter of two channels with a
/// trigger, a DAC. libiio's local backend reads and writes its plain files as it would the kernel's.
/// A pipe stands in for the converter's /dev node.
struct SysfsTree {
    let root: URL
    private let files = FileManager.default

    init() throws {
        root = files.temporaryDirectory.appending(path: "skerry-sysfs-\(UUID().uuidString)")
        try device(
            0, at: "i2c-3/3-0040",
            [
                "name": "ina226", "in_voltage1_raw": "41200", "in_voltage1_scale": "1.250000000",
                "in_current3_raw": "-1500", "in_current_scale": "2.5", "in_current3_offset": "4",
            ])
        try device(
            1, at: "i2c-3/3-0041", ["name": "ina226", "in_voltage1_input": "48125", "label": "pv"])
        try device(
            2, at: "spi0.0",
            [
                "name": "converter", "in_voltage0_raw": "7", "in_voltage_scale": "16",
                "in_voltage0_offset": "-2048", "scan_elements/in_voltage0_en": "0",
                "scan_elements/in_voltage0_index": "0",
                "scan_elements/in_voltage0_type": "be:u12/16>>4",
                "scan_elements/in_voltage1_en": "0", "scan_elements/in_voltage1_index": "1",
                "scan_elements/in_voltage1_type": "le:s16/16>>0", "in_voltage1_raw": "-7",
                "scan_elements/in_timestamp_en": "0", "scan_elements/in_timestamp_index": "2",
                "scan_elements/in_timestamp_type": "le:s64/64>>0", "buffer/enable": "0",
                "buffer/length": "2", "buffer/watermark": "1", "trigger/current_trigger": "",
            ])
        try device(
            3, at: "i2c-3/3-0060",
            ["name": "mcp4725", "out_voltage0_raw": "0", "out_voltage0_scale": "0.805664062"])
        try device(nil, at: "iio_hrtimer", ["name": "skerry-8k", "sampling_frequency": "100"])
        for d in ["null", "zero", "urandom"] { try write("dev/\(d)", "") }
        guard mkfifo(root.appending(path: "dev/iio:device2").path, 0o600) == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }
    /// One that stands already.
    init(at path: String) { root = URL(fileURLWithPath: path) }

    func remove() { try? files.removeItem(at: root) }
    func read(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
    func write(_ path: String, _ text: String) throws {
        let url = root.appending(path: path)
        try files.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
    private func device(_ n: Int?, at path: String, _ attributes: [String: String]) throws {
        let id = n.map { "iio:device\($0)" } ?? "trigger0"
        for (name, text) in attributes { try write("bus/board/\(path)/\(id)/\(name)", text + "\n") }
        let links = root.appending(path: "bus/iio/devices")
        try files.createDirectory(at: links, withIntermediateDirectories: true)
        try files.createSymbolicLink(
            atPath: links.appending(path: id).path, withDestinationPath: "../../board/\(path)/\(id)"
        )
    }
}

/// A private room for mounts, where the kernel lets an ordinary user have one.
enum PrivateMounts {
    static func run(_ script: String, _ arguments: [String], environment: [String: String] = [:])
        throws -> (status: Int32, text: String)
    {
        let p = Process()
        p.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        p.arguments = ["unshare", "-Urm", "sh", "-ec", script, "sh"] + arguments
        p.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let out = Pipe()
        p.standardOutput = out
        p.standardError = out
        try p.run()
        let data = out.fileHandleForReading.readDataToEndOfFile()
        p.waitUntilExit()
        return (p.terminationStatus, String(decoding: data, as: UTF8.self))
    }
    static let arePermitted: Bool = {
        let trial = FileManager.default.temporaryDirectory.path
        return (try? run("mount --bind \"$1\" /sys/bus; mount --bind \"$1\" /dev", [trial]).status)
            == 0
    }()
}
