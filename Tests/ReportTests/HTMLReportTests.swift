import Foundation
import Testing

@testable import Report

private let hostile =
    "</script><script>alert(1)</script>&\"'<!--\u{2028}\\\u{0}<img src=x onerror=y>"

/// What stands between the tag of the embedded data and its end, as a browser finds it.
private func embedded(_ page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"trace\">"))
    let end = try #require(page.range(of: "</script", range: start.upperBound..<page.endIndex))
    let json = Data(page[start.upperBound..<end.lowerBound].utf8)
    let object = try JSONSerialization.jsonObject(with: json)
    return try #require(object as? [String: Any])
}

private func words(_ value: Any?) throws -> [UInt32] {
    let text = try #require(value as? String)
    let data = try #require(Data(base64Encoded: text))
    return stride(from: 0, to: data.count, by: 4).map { at in
        (0..<4).reduce(0) { $0 | UInt32(data[at + $1]) << (8 * $1) }
    }
}

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

    @Test("Every series is in the page, value for value")
    func everySeries() throws {
        let trace = outage(seconds: 30, rate_Hz: 50)
        let page = HTMLReport(trace).text()
        let data = try embedded(page)
        let clocks = try #require(data["clocks"] as? [Any])
        let panels = try #require(data["panels"] as? [[String: Any]])
        var found: [String: [Float]] = [:]
        for panel in panels {
            for one in try #require(panel["series"] as? [[String: Any]]) {
                let name = try #require(one["name"] as? String)
                found[name] = try words(one["values"]).map(Float.init(bitPattern:))
                let which = try #require(one["clock"] as? Int)
                let clock = try words(clocks[which])
                #expect(clock.count == trace.time_s.count)
                #expect(clock.first == 0 && clock.last == .max)
                let worst = zip(clock, trace.time_s).map {
                    abs(Double($0) / 4_294_967_295 * 30 - $1)
                }
                #expect(worst.max()! < 1e-8)
            }
        }
        #expect(Set(found.keys) == Set(trace.series.map(\.name)))
        let differing = trace.series.filter { series in
            let shown = found[series.name] ?? []
            return shown.count != series.values.count
                || zip(shown, series.values).contains { $0 != $1 && !($0.isNaN && $1.isNaN) }
        }
        #expect(differing.map(\.name) == [])
        for series in trace.series { #expect(page.contains("<code>\(series.name)</code>")) }
        #expect(
            panels.compactMap { $0["title"] as? String }
                == ["Bus voltage", "Frequency", "Power", "Loads", "State of charge"])
        #expect((data["events"] as? [Any])?.count == trace.events.count)
        #expect((data["states"] as? [Any])?.count == 2)
        #expect(page.contains("skerry simulate sim-village"))
    }

    @Test("Hostile words stay words")
    func hostileWords() throws {
        var trace = Trace(title: hostile, subtitle: hostile, command: hostile, time_s: [0, 1])
        trace.series = [
            .init(
                name: hostile, unit: .init(symbol: hostile, suffix: hostile), group: hostile,
                label: hostile, values: [1, 2])
        ]
        trace.states = [
            .init(name: hostile, label: hostile, changes: [.init(time_s: 0, state: hostile)])
        ]
        trace.events = [.init(time_s: 0, source: hostile, kind: .trip, text: hostile)]
        trace.figures = [
            .init(
                group: hostile, name: hostile, value: hostile,
                unit: .init(symbol: hostile, suffix: ""), note: hostile, isKey: true)
        ]
        trace.bands = [
            .init(group: hostile, unit: trace.series[0].unit, lower: 0, upper: 1, label: hostile)
        ]
        let page = HTMLReport(trace).text()
        let harmless = HTMLReport(Trace(title: "x", time_s: [0, 1])).text()
        func count(_ tag: String, _ text: String) -> Int { text.components(separatedBy: tag).count }
        for tag in ["<script", "</script", "<!--", "alert(1)</"] {
            #expect(count(tag, page) == count(tag, harmless), "\(tag)")
        }
        for tag in ["<img", "\u{0}", "\"'<"] where page.contains(tag) { Issue.record("\(tag)") }
        let script = try #require(page.range(of: "<script type=\"application/json\""))
        #expect(!page[script.lowerBound...].contains("\u{2028}"))
        let data = try embedded(page)
        let panel = try #require((data["panels"] as? [[String: Any]])?.first)
        #expect(panel["title"] as? String == hostile)
        let series = try #require((panel["series"] as? [[String: Any]])?.first)
        #expect(series["label"] as? String == hostile)
        let events = try #require(data["events"] as? [[Any]])
        #expect(events[0][3] as? String == hostile)
    }

    @Test("A day at ten rows a second stays a page a browser opens, with its one spike")
    func longRun() throws {
        var trace = Trace(title: "day", time_s: (0..<864_000).map { Double($0) / 10 })
        var values = [Float](repeating: 50, count: trace.time_s.count)
        values[400_001] = 47.25
        trace.series = (0..<6).map {
            .init(name: "s\($0)", unit: .Hz, group: "f", label: "s\($0)", values: values)
        }
        let page = HTMLReport(trace).text()
        #expect(page.utf8.count < 1_000_000)
        let data = try embedded(page)
        let panels = try #require(data["panels"] as? [[String: Any]])
        let series = try #require((panels[0]["series"] as? [[String: Any]])?.first)
        let shown = try words(series["values"]).map(Float.init(bitPattern:))
        #expect(shown.count <= 4000)
        #expect(shown.min() == 47.25)
    }

    @Test("It asks nothing of the network")
    func selfContained() {
        let page = HTMLReport(outage(seconds: 1)).text()
        for reach in ["http://", "https://", "src=", "@import", "url(h", "fetch(", "<link"] {
            let rest = page.replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!rest.contains(reach), "\(reach)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test("A run without rows, series, events or figures is still a page")
    func empty() throws {
        let data = try embedded(HTMLReport(Trace(title: "nothing")).text())
        #expect((data["panels"] as? [Any])?.isEmpty == true)
    }
}
