/// Seconds since 1970 as ISO 8601 in UTC and back, to the last digit; knows no time zone, no locale
/// and no leap second, as POSIX time does not.
public enum UTC {
    /// From 1970 to the end of 9999, seconds.
    public static let range = 0.0...253_402_300_799.0

    /// `2026-11-22T10:00:00Z`, with as many digits after the point as it takes; nil outside `range`.
    public static func text(_ at_s: Double) -> String? {
        guard range.contains(at_s) else { return nil }
        let whole = Int(at_s)
        let (year, month, day) = civil(whole / 86_400)
        let second = whole % 86_400
        let date = "\(padded(year, 4))-\(padded(month))-\(padded(day))"
        let time = "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
        let fraction = decimals(at_s)
        return "\(date)T\(time)\(fraction.isEmpty ? "" : "." + fraction)Z"
    }

    /// The day of a time, for people: `2026-11-22`; nil outside `range`.
    public static func day(_ at_s: Double) -> String? { text(at_s).map { String($0.prefix(10)) } }

    /// Reads what `text` writes, and times with an offset such as `+01:00`; nil for anything else,
    /// such as a time that does not say its zone.
    public static func seconds(_ text: some StringProtocol) -> Double? {
        var rest = Array(text.utf8)[...]
        guard rest.count >= 20, let start = midnight(rest.prefix(10)) else { return nil }
        rest = rest.dropFirst(10)
        guard let t = rest.popFirst(), t == UInt8(ascii: "T") || t == UInt8(ascii: " "),
            let clock = clock(rest.prefix(8))
        else { return nil }
        rest = rest.dropFirst(8)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix { (48...57).contains($0) }
            guard !fraction.isEmpty, fraction.count <= 30 else { return nil }
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard let offset = offset(rest) else { return nil }
        let whole = start + clock - offset
        guard whole >= 0 else { return nil }
        let digits = fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self)
        return Double("\(whole)\(digits)").flatMap { range.contains($0) ? $0 : nil }
    }

    /// The first second of the day `2027-03-31`; nil for anything else.
    public static func seconds(day text: some StringProtocol) -> Double? {
        midnight(Array(text.utf8)[...]).map(Double.init)
    }

    /// `2026-11-22` as seconds; 1970 to 9999.
    private static func midnight(_ text: ArraySlice<UInt8>) -> Int? {
        let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], 4), let month = number(parts[1], 2),
            let day = number(parts[2], 2), year >= 1970, (1...12).contains(month)
        else { return nil }
        let days = days(year, month, day)
        // A day that is not in its month comes back as another.
        return civil(days) == (year, month, day) ? days * 86_400 : nil
    }

    private static func clock(_ text: ArraySlice<UInt8>) -> Int? {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 3, let h = number(parts[0], 2), let m = number(parts[1], 2),
            let s = number(parts[2], 2), h < 24, m < 60, s < 60
        else { return nil }
        return h * 3600 + m * 60 + s
    }

    private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
        if Array(text) == [UInt8(ascii: "Z")] { return 0 }
        guard text.count == 6, let sign = text.first,
            sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let clock = clock(text.dropFirst() + Array(":00".utf8))
        else { return nil }
        return sign == UInt8(ascii: "-") ? -clock : clock
    }

    private static func number(_ text: ArraySlice<UInt8>, _ count: Int) -> Int? {
        guard text.count == count, text.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    private static func padded(_ number: Int, _ count: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    /// The digits after the point of the shortest text that reads back; small numbers are printed
    /// with an exponent.
    private static func decimals(_ number: Double) -> String {
        let parts = "\(number)".split(separator: "e")
        let digits = parts[0].split(separator: ".")
        if parts.count == 2, let power = Int(parts[1]), power < 0 {
            return String(repeating: "0", count: -power - 1) + digits.joined().trimmingZeros
        }
        return digits.count == 2 ? String(digits[1]).trimmingZeros : ""
    }

    /// Days since 1970 of a day of the Gregorian calendar (H. Hinnant, "chrono-compatible low-level
    /// date algorithms", days_from_civil).
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = y / 400, inEra = y % 400
        let inYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + inEra * 365 + inEra / 4 - inEra / 100 + inYear - 719_468
    }

    /// The same, back.
    private static func civil(_ days: Int) -> (Int, Int, Int) {
        let z = days + 719_468
        let era = z / 146_097, inEra = z % 146_097
        let year = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365
        let inYear = inEra - (365 * year + year / 4 - year / 100)
        let mp = (5 * inYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (year + era * 400 + (month <= 2 ? 1 : 0), month, inYear - (153 * mp + 2) / 5 + 1)
    }
}

extension String {
    /// Without zeros at its end.
    fileprivate var trimmingZeros: String {
        var text = self
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }
}
