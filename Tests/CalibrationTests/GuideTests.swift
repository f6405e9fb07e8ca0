import BoardProfile
import Foundation
import Testing

@testable import Calibration

/// The guide's pages, and the sources they speak of.
private enum Pages {
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    static func read(_ name: String) throws -> String {
        try String(
            contentsOfFile: "\(root)/Sources/Calibration/Calibration.docc/\(name).md",
            encoding: .utf8)
    }

    /// A fenced block of a page by its first line.
    static func block(_ page: String, from start: String) -> String? {
        page.components(separatedBy: "```").first { $0.split(separator: "\n").contains(start[...]) }
            .map { String($0.drop { $0 != "\n" }.dropFirst()) }
    }

    /// Every Swift file of a folder, or the file itself.
    static func sources(_ place: String) throws -> [(name: String, text: String)] {
        let path = "\(root)/Sources/\(place)"
        let names =
            place.hasSuffix(".swift")
            ? [path]
            : try FileManager.default.subpathsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(".swift") }.map { "\(path)/\($0)" }
        return try names.sorted().map { ($0, try String(contentsOfFile: $0, encoding: .utf8)) }
    }
}

// Each of these has a case for every case there is: a new one does not compile until it is named.

private func name(_ fault: Steadiness.Fault) -> String {
    switch fault {
    case .silent: "silent"
    case .gathering: "gathering"
    case .saturated: "saturated"
    case .noisy: "noisy"
    case .unsettled: "unsettled"
    case .drifting: "drifting"
    }
}

private func name(_ kind: StoreFault.Kind) -> String {
    switch kind {
    case .busy: "busy"
    case .refused: "refused"
    case .broken: "broken"
    case .disk: "disk"
    }
}

private func name(_ diagnosis: Diagnosis) -> String {
    switch diagnosis {
    case .reversed: "reversed"
    case .swapped: "swapped"
    case .ratio: "ratio"
    case .saturated: "saturated"
    }
}

@Suite("The guide says what the program says") struct GuideTests {
    private let messages: String
    private let guide: String

    init() throws {
        messages = try Pages.read("Messages")
        guide = try Pages.read("Guide")
    }

    /// From one heading to the next.
    private func section(_ heading: String) throws -> Substring {
        let from = try #require(messages.range(of: "\n## \(heading)\n"), "no heading \(heading)")
        let rest = messages[from.upperBound...]
        return rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
    }

    @Test("Every refusal of a point has its row", arguments: PointRefusal.Kind.allCases)
    func points(kind: PointRefusal.Kind) throws {
        #expect(try section("When a point is refused").contains("\n| `\(kind.rawValue)` |"))
    }

    @Test("What a point is waited for stands there in its words")
    func steadiness() throws {
        let page = try section("While a point is waited for")
        let faults: [Steadiness.Fault] = [
            .silent(age_s: nil), .silent(age_s: 3), .gathering(have_s: 2.1, need_s: 4),
            .saturated(share: 0.12), .noisy(uncertainty: 0.03, limit: 0.012),
            .unsettled(deviation: 0.06), .drifting(perSecond: 0.012, limit: 0.002),
        ]
        for fault in faults {
            #expect(page.contains("| `\(name(fault))` |"))
            #expect(page.contains("| \(Steadiness.words(fault, unit: "V")) |"))
        }
    }

    @Test("Mistakes of wiring stand there in their words")
    func diagnoses() throws {
        let page = try section("What a mistake of wiring looks like")
        let double = try #require(RatioMistake.find(2.0))
        let transformer = try #require(
            RatioMistake.find(2, settings: TransformerRatio(primary: 50, secondary: 5)))
        let all: [Diagnosis] = [
            .reversed, .swapped(with: 2), .ratio(double), .ratio(transformer), .saturated([1, 3]),
        ]
        for diagnosis in all {
            #expect(page.contains("| `\(name(diagnosis))` |"))
            #expect(page.contains("| \(diagnosis.sentence) |"))
        }
    }

    @Test("Faults of the store have their rows")
    func store() throws {
        let page = try section("Records")
        for kind in [StoreFault.Kind.busy(pid: 1), .refused, .broken, .disk] {
            #expect(page.contains("| `\(name(kind))` |"))
        }
    }

    @Test("Every key of the calibration section is explained, and named among the messages")
    func keys() throws {
        let keys = SiteProfile.section.description.keys
        let section = try #require(keys.first { $0.name == "calibration" }?.inner)
        let inner = section.keys.flatMap { $0.inner?.keys ?? [] }
        #expect(!inner.isEmpty)
        for key in section.keys + inner {
            let rows = guide.split(separator: "\n").filter { row in
                row.split(separator: "|").first?.contains("`\(key.name)`") ?? false
            }
            #expect(!rows.isEmpty, "\(key.name)")
            #expect(messages.contains("`\(key.name)`"), "\(key.name)")
        }
    }

    @Test(
        "Every refusal and remedy in the sources stands there word by word",
        arguments: [
            "Calibration", "Instruments", "Station/Calibration/FieldSource.swift",
            "Station/Calibration/TravelExercise.swift",
            "Station/Calibration/BoardCalibration.swift",
        ])
    func words(place: String) throws {
        var seen = 0
        for (file, text) in try Pages.sources(place) {
            for pieces in Refusals.words(in: text) {
                seen += 1
                let isThere = pieces.allSatisfy { messages.contains($0) }
                #expect(isThere, "\(file): \(pieces.joined(separator: "…"))")
            }
        }
        #expect(seen > 1, "nothing is refused in \(place)?")
    }

    @Test("The example of a file is whole, and is what the table beside it makes")
    func example() throws {
        let csv = try #require(
            Pages.block(guide, from: "channel,raw,deviation,count,reference,temperature_degC,time"))
        let yaml = try #require(Pages.block(guide, from: "channel: battery_voltage"))
        let battery = Calibrated.scalar(.batteryVoltage)
        let table = PointsFile.read(Array(csv.utf8), file: "voltage.csv")
        #expect(table.problems.map(\.description) == [])
        guard case .found(let found) = RecordFile.read(Array(yaml.utf8), "example", battery) else {
            Issue.record("the example is refused")
            return
        }
        let record = found.record
        let points = try #require(table.value).points(battery)
        #expect(record.points == points)
        let recipe = Recipe(
            board: record.board, serial: record.serial, meter: record.reference,
            person: record.person, software: record.software, rule: CalibrationProfile())
        let fit = try recipe.fit(battery, points, record.nominal)
        // Functions of libm may differ in the last digits from machine to machine.
        let (a, b) = (fit.coefficients, record.coefficients)
        #expect((a.zero - b.zero).magnitude < 1e-9 && (a.scale - b.scale).magnitude < 1e-11)
        let (u, v) = (fit.uncertainty.expanded(at: 59), record.expanded(at: 59))
        #expect((u - v).magnitude < 1e-9)
    }
}

/// The words of refusals, as Swift's sources have them.
private enum Refusals {
    private static let calls = [
        "FitRefusal", "PointRefusal", "InstrumentFault", "SourceFault", "Refusal", "StoreFault",
        "Problem", "problem", "fault", "refuse", "refusal", "Fault",
    ]

    /// Of each text in a call that refuses: what stands between the values, spaces at its ends left
    /// off. Texts of a single word are keys and units; pieces of less than six characters say nothing.
    static func words(in source: String) -> [[String]] {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        let code = lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }
        let text = Array(code.joined(separator: "\n"))
        var all: [[String]] = []
        for open in text.indices where text[open] == "(" {
            let word = String(text[..<open].reversed().prefix { $0.isLetter }.reversed())
            let before = text[..<(open - word.count)].suffix(5)
            guard calls.contains(word), String(before) != "func " else { continue }
            for pieces in texts(text, from: open + 1)
            where pieces.count > 1 || pieces[0].contains(" ") {
                let said = pieces.map { String($0.trimmed) }.filter {
                    $0.count > 5 && $0.contains(" ")
                }
                if !said.isEmpty { all.append(said) }
            }
        }
        return all
    }

    /// The texts up to the end of a call, each in pieces between its values; texts that + joins are
    /// one.
    private static func texts(_ text: [Character], from start: Int) -> [[String]] {
        var (n, depth, all) = (start, 1, [[String]]())
        var isJoined = false
        while n < text.count, depth > 0 {
            switch text[n] {
            case "\"":
                let (pieces, end) = pieces(text, from: n + 1)
                if isJoined, var last = all.popLast() {
                    last[last.count - 1] += pieces[0]
                    all.append(last + pieces.dropFirst())
                } else {
                    all.append(pieces)
                }
                n = end
                let rest = text[min(n + 1, text.count)...].prefix(200).filter { !$0.isWhitespace }
                isJoined = rest.starts(with: ["+", "\""])
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
            n += 1
        }
        return all
    }

    /// One text up to its closing quote, whose place is `end`.
    private static func pieces(
        _ text: [Character], from start: Int
    ) -> (pieces: [String], end: Int) {
        var (n, all) = (start, [""])
        while n < text.count, text[n] != "\"" {
            guard text[n] == "\\", n + 1 < text.count else {
                all[all.count - 1].append(text[n])
                n += 1
                continue
            }
            n += 2
            if text[n - 1] == "(" {
                var depth = 1
                while n < text.count, depth > 0 {
                    depth += text[n] == "(" ? 1 : text[n] == ")" ? -1 : 0
                    n += 1
                }
                all.append("")
            } else {
                all[all.count - 1].append(text[n - 1])
            }
        }
        return (all, n)
    }
}

extension String {
    fileprivate var trimmed: Substring {
        let from = drop { $0 == " " }
        return from.dropLast(from.reversed().prefix { $0 == " " }.count)
    }
}
