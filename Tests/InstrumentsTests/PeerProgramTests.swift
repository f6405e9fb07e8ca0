import Foundation
import Testing

@testable import Instruments

/// Programs of other people, where they are installed: Python's pymodbus as a server, and pysunspec2's
/// model definitions beside our tables.
@Suite("Beside programs of other people") struct PeerProgramTests {
    private static func python(_ script: String) -> Process {
        let p = Process()
        p.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        p.arguments = ["python3", "-c", script]
        p.standardError = FileHandle.nullDevice
        return p
    }
    private static func has(_ module: String) -> Bool {
        let p = python("import \(module)")
        p.standardOutput = FileHandle.nullDevice
        do { try p.run() } catch { return false }
        p.waitUntilExit()
        return p.terminationStatus == 0
    }
    static let hasPymodbus = has("pymodbus.simulator")
    static let hasSunSpec = has("sunspec2")

    /// A server with holding registers 40000 on and 100 on, on a port of the kernel's choice.
    private static let server = """
        import asyncio, json, sys, threading, os
        from pymodbus.simulator import SimData, SimDevice, DataType
        from pymodbus.server import ModbusTcpServer
        image = json.loads(sys.stdin.readline())
        async def main():
            data = [SimData(100, values=[0x8000, 0x4366, 0xFF38], datatype=DataType.REGISTERS),
                    SimData(40000, values=image, datatype=DataType.REGISTERS)]
            server = ModbusTcpServer(SimDevice(1, simdata=data), address=("127.0.0.1", 0))
            await server.serve_forever(background=True)
            print(server.transport.sockets[0].getsockname()[1], flush=True)
            await asyncio.to_thread(sys.stdin.read)
            os._exit(0)
        asyncio.run(main())
        """

    @Test(
        "pymodbus serves Modbus and SunSpec",
        .enabled(if: hasPymodbus, "the Python package pymodbus 3.13 or later is not installed"))
    func pymodbus() throws {
        let p = Self.python(Self.server)
        let input = Pipe(), output = Pipe()
        (p.standardInput, p.standardOutput) = (input, output)
        try p.run()
        defer {
            // The end of its input ends it.
            try? input.fileHandleForWriting.close()
            p.waitUntilExit()
        }
        let words = SunSpecImage.der().words.map(String.init).joined(separator: ",")
        try input.fileHandleForWriting.write(contentsOf: Data("[\(words)]\n".utf8))
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(line.filter(\.isNumber)), "it said \(line)")
        let place = "127.0.0.1:\(port)"
        func read(_ url: String) throws -> Double {
            try Reference(parsing: url).open().read().value
        }
        #expect(try read("modbus://\(place)/1/100?type=float32&order=cdab") == 230.5)
        #expect(try read("modbus://\(place)/1/102?type=int16&scale=0.01") == -2)
        #expect(try read("sunspec://\(place)/1?point=701.LNV") == 230.1)
        #expect(try read("sunspec://\(place)/1?point=701.W") == -3200)
        #expect(try read("sunspec://\(place)/1?point=701.Hz") == 49.98)
        let beyond = fault { () throws(InstrumentFault) in
            try Reference(parsing: "modbus://\(place)/1/5000?type=int16").open().read()
        }
        #expect(beyond?.message.hasSuffix("has no holding register 5000 (exception 2)") == true)
    }

    /// Prints `model name offset type scale-offset unit` of every number with a unit.
    private static let tables = """
        import json, os, sunspec2
        folder = os.path.join(os.path.dirname(sunspec2.__file__), "models", "json")
        for model in [101,102,103,111,112,113,201,202,203,204,211,212,213,214,701]:
            points = json.load(open(os.path.join(folder, "model_%d.json" % model)))["group"]["points"]
            at, offset = {}, 0
            for p in points:
                at[p["name"]] = offset
                offset += p["size"]
            for p in points:
                if "units" in p:
                    print(model, p["name"], at[p["name"]], p["type"], at.get(p.get("sf"), "-"), p["units"])
        """

    @Test(
        "The tables are those of pysunspec2's model definitions",
        .enabled(if: hasSunSpec, "the Python package pysunspec2 is not installed"))
    func sunSpecTables() throws {
        let p = Self.python(Self.tables)
        let output = Pipe()
        p.standardOutput = output
        try p.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        p.waitUntilExit()
        let theirs = Set(text.split(separator: "\n").map { $0.lowercased() })
        var strange: [String] = []
        var compared = 0
        for model in SunSpecTable.models {
            for point in SunSpecTable.points(of: model) {
                let scale = point.scaleOffset.map(String.init) ?? "-"
                let row =
                    "\(model) \(point.name) \(point.offset) \(point.type.rawValue) \(scale) \(point.unit)"
                compared += 1
                if !theirs.contains(row.lowercased()) { strange.append(row) }
            }
            // And none of theirs in these units is missing here.
            let usable = ["v", "a", "w", "va", "var", "hz"]
            let count = theirs.filter {
                $0.hasPrefix("\(model) ")
                    && usable.contains(String($0.split(separator: " ").last ?? ""))
            }.count
            if count != SunSpecTable.points(of: model).count {
                strange.append("model \(model): they have \(count)")
            }
        }
        #expect(strange.isEmpty && compared > 300)
        print(
            "\(compared) points of \(SunSpecTable.models.count) models are as pysunspec2 has them")
    }
}
