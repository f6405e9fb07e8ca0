import Foundation
import Testing

@testable import Report

private func rows(_ trace: Trace) throws -> String {
    var bytes: [UInt8] = []
    try CSVReport(trace).write { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
}

@Suite("Comma-separated values")
struct CSVReportTests {
    @Test("A small run, to the byte")
    func golden() throws {
        var trace = Trace(title: "small", time_s: [0, 0.1, 0.1 + 0.2, 1e-7 + 1])
        trace.series = [
            .init(
                name: "home2.battery", unit: .W, group: "Power", label: "Home 2 battery",
                values: [0, -1234.5, .nan, 1e-7]),
            .init(
                name: "grid.rocof", unit: .Hz_per_s, group: "Frequency", label: "ROCOF",
                values: [-0.0, .infinity, 3, 16_777_216]),
            .init(name: "a, \"b\"", unit: .one, group: "x", label: "x", values: [1, 2, 3, 4]),
        ]
        trace.states = [
            .init(
                name: "pcc", label: "Contactor",
                changes: [
                    .init(time_s: 0.05, state: "open, \"by hand\""),
                    .init(time_s: 0.1, state: "shut"), .init(time_s: 0.2, state: "two\nlines"),
                    .init(time_s: 0.25, state: "Öffnen"),
                ])
        ]
        let expected = [
            "time_s,home2.battery_W,grid.rocof_Hz_per_s,\"a, \"\"b\"\"\",pcc",
            "0,0,0,1,",
            "0.1,-1234.5,,2,shut",
            "0.3,,3,3,Öffnen",
            "1.0000001,1e-07,16777216,4,Öffnen",
            "",
        ].joined(separator: "\r\n")
        #expect(try rows(trace) == expected)
    }

    @Test("Numbers read back as they were, for a thousand of any size")
    func readsBack() throws {
        var random = SplitMix(seed: 3)
        let values = (0..<1000).map { _ in
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            return value.isFinite ? value : 0
        }
        var trace = Trace(title: "", time_s: values.indices.map { Double($0) * 0.001 })
        trace.series = [.init(name: "x", unit: .V, group: "", label: "", values: values)]
        let lines = try rows(trace).split(separator: "\r\n").dropFirst()
        let back = lines.map { Float(String($0.split(separator: ",")[1])) }
        #expect(back == values)
        let times = lines.map { Double(String($0.split(separator: ",")[0])) ?? .nan }
        let worst_s = zip(times, trace.time_s).map { abs($0 - $1) }.max()
        #expect(times.count == 1000 && worst_s! < 1e-12)
    }

    @Test("A long run is handed on in small pieces, and an error ends it")
    func streams() throws {
        let report = CSVReport(outage(homes: 2, seconds: 60, rate_Hz: 200))
        var sizes: [Int] = []
        var lines = 0
        try report.write { piece in
            sizes.append(piece.count)
            lines += piece.count { $0 == 0x0A }
        }
        #expect(lines == report.trace.time_s.count + 1)
        #expect(sizes.count > 10)
        #expect(sizes.max()! < CSVReport.chunk + 4096)

        struct Full: Error {}
        var calls = 0
        #expect(throws: Full.self) {
            try report.write { _ in
                calls += 1
                if calls == 2 { throw Full() }
            }
        }
        #expect(calls == 2)
    }

    @Test("Files: rows and events, replacing what was there")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "skerry-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let trace = outage(seconds: 6, rate_Hz: 10)
        let file = folder.appending(path: "run.csv")
        try Data(repeating: 65, count: 1 << 20).write(to: file)
        try CSVReport(trace).write(to: file)
        #expect(try String(contentsOf: file, encoding: .utf8) == rows(trace))
        try CSVReport(trace).writeEvents(to: file)
        let events = try String(contentsOf: file, encoding: .utf8)
        #expect(events.hasPrefix("time_s,source,kind,text\r\n1,grid,grid,fails: all three"))
        #expect(events.contains("4.2,pcc,contactor,\"closed at 1.8°, 0.03 Hz, 0.6 %\"\r\n"))
        #expect(throws: (any Error).self) {
            try CSVReport(trace).write(to: folder.appending(path: "none/run.csv"))
        }
    }
}
