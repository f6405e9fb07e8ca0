/// UTC as ISO 8601 writes it, to the millisecond; proleptic Gregorian, without leap seconds, as POSIX has it.
public enum UTC {
    /// 2027-01-15T08:00:00.250Z.
    public static func text(ns: Int64) -> String {
        let ms = ns.flooredDivision(by: 1_000_000)
        let s = ms.flooredDivision(by: 1000)
        let days = s.flooredDivision(by: 86_400)
        let (y, m, d) = date(days)
        let t = s - days * 86_400
        func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : "\(n)" }
        let part = "\(1000 + ms - s * 1000)".dropFirst()
        let year = String(repeating: "0", count: max(0, 4 - "\(y)".count)) + "\(y)"
        return
            "\(year)-\(two(m))-\(two(d))T\(two(t / 3600)):\(two(t / 60 % 60)):\(two(t % 60)).\(part)Z"
    }

    /// Seconds since 1970 of `2027-01-15`, `2027-01-15T08:00`, `2027-01-15T08:00:00Z` or
    /// `2027-01-15T08:00:00.250Z`; nil where it is no time.
    public static func seconds(_ text: String) -> Int64? {
        var rest = text[...]
        if rest.hasSuffix("Z") { rest.removeLast() }
        // Parts of a second are cut off.
        if let point = rest.lastIndex(of: "."), rest.contains("T") {
            let part = rest[rest.index(after: point)...]
            guard (1...9).contains(part.count), part.allSatisfy({ $0.isASCII && $0.isNumber })
            else { return nil }
            rest = rest[..<point]
            guard rest.split(separator: ":").count == 3 else { return nil }
        }
        let halves = rest.split(separator: "T", omittingEmptySubsequences: false)
        guard halves.count <= 2, let day = halves.first else { return nil }
        func numbers(_ s: Substring, _ by: Character, _ widths: [Int]) -> [Int64]? {
            let parts = s.split(separator: by, omittingEmptySubsequences: false)
            guard parts.count <= widths.count else { return nil }
            let found = zip(parts, widths).compactMap { part, width -> Int64? in
                part.count == width && part.allSatisfy { $0.isASCII && $0.isNumber }
                    ? Int64(part) : nil
            }
            return found.count == parts.count ? found : nil
        }
        guard let date = numbers(day, "-", [4, 2, 2]), date.count == 3,
            (1...12).contains(date[1]), date[2] >= 1, date[2] <= length(date[0], date[1])
        else { return nil }
        var s = days(date[0], date[1], date[2]) * 86_400
        guard halves.count == 2 else { return text.hasSuffix("Z") ? nil : s }
        guard let time = numbers(halves[1], ":", [2, 2, 2]), time.count >= 2, time[0] < 24,
            time[1] < 60, time.count < 3 || time[2] < 60
        else { return nil }
        s += time[0] * 3600 + time[1] * 60 + (time.count == 3 ? time[2] : 0)
        return s
    }

    /// What ``seconds(_:)`` cuts off of a text that it reads, ns.
    public static func partOfSecond_ns(_ text: String) -> Int64 {
        guard text.contains("T"), let point = text.lastIndex(of: ".") else { return 0 }
        let digits = text[text.index(after: point)...].prefix { $0.isASCII && $0.isNumber }
        return Int64((digits + String(repeating: "0", count: 9)).prefix(9)) ?? 0
    }

    private static func length(_ y: Int64, _ m: Int64) -> Int64 {
        let next = m == 12 ? days(y + 1, 1, 1) : days(y, m + 1, 1)
        return next - days(y, m, 1)
    }
    /// Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
    private static func days(_ year: Int64, _ m: Int64, _ d: Int64) -> Int64 {
        let y = m <= 2 ? year - 1 : year
        let era = y.flooredDivision(by: 400)
        let inEra = y - era * 400
        let inYear = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1
        return era * 146_097 + inEra * 365 + inEra / 4 - inEra / 100 + inYear - 719_468
    }
    private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
        let z = days + 719_468
        let era = z.flooredDivision(by: 146_097)
        let inEra = z - era * 146_097
        let yearInEra = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365
        let inYear = inEra - (365 * yearInEra + yearInEra / 4 - yearInEra / 100)
        let mp = (5 * inYear + 2) / 153
        let m = mp + (mp < 10 ? 3 : -9)
        return (yearInEra + era * 400 + (m <= 2 ? 1 : 0), m, inYear - (153 * mp + 2) / 5 + 1)
    }
}
