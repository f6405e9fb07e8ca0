import Foundation
import Testing

@testable import Report

@Suite("The page")
struct HTMLReportTests {
    /// To look at it: `SKERRY_REPORT_SAMPLE=out/sample.html swift test --filter samplePage`.
    @Test("A page can be written and read back whole")
    func samplePage() throws {
        let wanted = ProcessInfo.processInfo.environment["SKERRY_REPORT_SAMPLE"]
        let url =
            wanted.map { URL(fileURLWithPath: $0) }
            ?? FileManager.default.temporaryDirectory.appending(path: "skerry-\(UUID()).html")
        defer { if wanted == nil { try? FileManager.default.removeItem(at: url) } }
        let report = HTMLReport(outage())
        try report.write(to: url)
        #expect(try String(contentsOf: url, encoding: .utf8) == report.text())
    }
}
