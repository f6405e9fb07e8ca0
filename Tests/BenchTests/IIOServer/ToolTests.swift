import Bench
import Foundation
import Testing

/// The distribution's own programs, unmodified, at our server.
@Suite("libiio's programs at the IIO server") struct IIOToolTests {
    private struct Outcome {
        var status: Int32
        var out: Data
        var text: String { String(decoding: out, as: UTF8.self) }
    }
    private static func path(_ tool: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { "\($0)/\(tool)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
    static func has(_ tool: String) -> Bool { path(tool) != nil }

    private func run(_ tool: String, _ arguments: [String], input: Data? = nil) throws -> Outcome {
        let p = Process()
        p.executableURL = URL(fileURLWithPath: try #require(Self.path(tool)))
        p.arguments = arguments
        let out = Pipe()
        p.standardOutput = out
        let into = Pipe()
        p.standardInput = into
        try p.run()
        if let input { into.fileHandleForWriting.write(input) }
        try into.fileHandleForWriting.close()
        let data = out.fileHandleForReading.readDataToEndOfFile()
        p.waitUntilExit()
        return Outcome(status: p.terminationStatus, out: data)
    }

    @Test(
        "iio_info shows every device and channel",
        .enabled(if: has("iio_info"), "iio_info is missing: install libiio-utils"))
    func info() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let o = try run("iio_info", ["-u", village.uri])
        #expect(o.status == 0)
        let wanted =
            [
                "iio:device0: village", "iio:device1: ina226", "iio:device2: mcp4725",
                "trigger0: hrtimer-2k", "label: pcc", "seed: 1", "10 channels found",
                "voltage0: gridA (input, index: 0, format: le:U16/16>>0)",
                "current2: currentC (input, index: 8, format: le:U16/16>>0)",
                "timestamp:  (input, index: 9, format: le:S64/64>>0)", "value: 23875",
                "value: two words",
            ]
        for w in wanted { #expect(o.text.contains(w), "\(w)") }
    }

    @Test(
        "iio_attr reads and writes",
        .enabled(if: has("iio_attr"), "iio_attr is missing: install libiio-utils"))
    func attr() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let read = try run("iio_attr", ["-u", village.uri, "-c", "ina226", "voltage0", "raw"])
        #expect(read.status == 0 && read.text == "41200\n")
        let write = try run(
            "iio_attr", ["-u", village.uri, "-o", "-c", "mcp4725", "voltage0", "raw", "1234"])
        #expect(write.status == 0 && village.sink.level == 1234)
        let device = try run("iio_attr", ["-u", village.uri, "-d", "ina226", "words"])
        #expect(device.text.contains("two words"))
    }

    @Test(
        "iio_readdev takes as many bytes as it asks for, and they are the plant's",
        .enabled(if: has("iio_readdev"), "iio_readdev is missing: install libiio-utils"))
    func readdev() throws {
        let village = try VillageServer(VillageServer.waves(seed: 6))
        defer { village.server.stop() }
        let o = try run(
            "iio_readdev",
            ["-u", village.uri, "-b", "256", "-s", "1000", "village", "voltage0", "current2"])
        #expect(o.status == 0)
        #expect(o.out.count == 1000 * 4)
        let twin = VillageServer.waves(seed: 6)
        let rows = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 9000)
        defer { rows.deallocate() }
        twin.next(1000, into: rows)
        let counts = (0..<o.out.count / 2).map {
            Int32(o.out[2 * $0]) | Int32(o.out[2 * $0 + 1]) << 8
        }
        let wanted = (0..<1000).flatMap { [rows[9 * $0], rows[9 * $0 + 8]] }
        #expect(counts == wanted)
    }

    @Test(
        "iio_writedev gives its bytes to the DAC",
        .enabled(if: has("iio_writedev"), "iio_writedev is missing: install libiio-utils"))
    func writedev() throws {
        let village = try VillageServer(VillageServer.waves(seed: 1))
        defer { village.server.stop() }
        let levels = (0..<512).map { Int32($0 * 8) }
        let input = Data(levels.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        let o = try run(
            "iio_writedev", ["-u", village.uri, "-b", "256", "-s", "512", "mcp4725", "voltage0"],
            input: input)
        #expect(o.status == 0)
        #expect(village.sink.rows == levels)
    }
}
