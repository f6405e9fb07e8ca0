import Foundation
import Testing

/// Golden traces of the whole tick. To record them anew, deliberately, and read the difference:
///
///     RECORD_TRACES=1 swift test --filter TraceTests; git diff Tests/ControlTests/Traces
@Suite("Golden traces")
struct TraceTests {
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }.sorted()
    }()
    static var folder: URL { Bundle.module.bundleURL.appendingPathComponent("Traces") }

    @Test("There are traces") func some() { #expect(Self.names.count >= 10) }

    @Test("The controller does what the trace says", arguments: names)
    func replay(name: String) throws {
        let url = Self.folder.appendingPathComponent("\(name).txt")
        let trace = try Trace(String(contentsOf: url, encoding: .utf8))
        #expect(trace.why.hasSuffix("."), "the first line says why, in one sentence")
        let came = try trace.run()
        if ProcessInfo.processInfo.environment["RECORD_TRACES"] == "1" {
            let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("Traces/\(name).txt")
            let text = (trace.stimulus + ["---"] + came).joined(separator: "\n") + "\n"
            try text.write(to: source, atomically: true, encoding: .utf8)
            return
        }
        if let difference = Trace.difference(trace.expected, came) {
            Issue.record("\(name): \(trace.why)\n\(difference)")
        }
    }
}
