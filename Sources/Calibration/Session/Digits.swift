/// Numbers for people: as many digits as are known, a true minus, prefixes of SI.
package enum Digits {
    /// `places` decimals, 0 ... 9.
    package static func fixed(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return "–" }
        let places = max(0, min(9, places))
        let scale = power(places)
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 1e17 else { return "\(value)" }
        let digits = String(Int(scaled))
        let sign = value < 0 && scaled > 0 ? "−" : ""
        if places == 0 { return sign + digits }
        let filled = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return sign + filled.dropLast(places) + "." + filled.suffix(places)
    }

    /// `count` significant digits: 0.001234 with two is `0.0012`.
    package static func significant(_ value: Double, _ count: Int) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "–" }
        return fixed(value, count - 1 - exponent(value, count))
    }

    /// Up to `count` significant digits, without zeros at the end: 45.0 is `45`.
    package static func plain(_ value: Double, _ unit: String = "", _ count: Int = 3) -> String {
        var text = Substring(significant(value, count))
        if text.contains(".") {
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return text + (unit.isEmpty ? "" : " \(unit)")
    }

    /// Two digits of its uncertainty, no more than six decimals (GUM 7.2.6).
    package static func matched(_ value: Double, to uncertainty: Double) -> String {
        guard uncertainty.isFinite, uncertainty > 0 else { return significant(value, 5) }
        return fixed(value, min(6, 1 - exponent(uncertainty, 2)))
    }

    /// A small or large amount with its prefix: `1.2 mV`; `places` significant digits.
    package static func quantity(_ value: Double, _ unit: String, _ places: Int = 2) -> String {
        guard value.isFinite, value != 0 else {
            return (value == 0 ? "0" : "–") + (unit.isEmpty ? "" : " \(unit)")
        }
        guard ["V", "A", "W", "var", "Hz", "s"].contains(unit) else {
            return significant(value, places) + (unit.isEmpty ? "" : " \(unit)")
        }
        var (size, prefix) = (value, "")
        let e = exponent(value, places)
        if e < -6 {
            (size, prefix) = (value * 1e9, "n")
        } else if e < -3 {
            (size, prefix) = (value * 1e6, "µ")
        } else if e < 0 {
            (size, prefix) = (value * 1e3, "m")
        } else if e >= 4 {
            (size, prefix) = (value / 1e3, "k")
        }
        return "\(significant(size, places)) \(prefix)\(unit)"
    }

    /// Of the first digit, once rounded to `count` digits.
    private static func exponent(_ value: Double, _ count: Int) -> Int {
        var (e, size) = (0, value.magnitude)
        guard size > 0, size.isFinite else { return 0 }
        while size >= 10, e < 300 { (size, e) = (size / 10, e + 1) }
        while size < 1, e > -300 { (size, e) = (size * 10, e - 1) }
        let scale = power(max(0, count - 1))
        return (size * scale).rounded() / scale >= 10 ? e + 1 : e
    }

    private static func power(_ n: Int) -> Double { (0..<n).reduce(1) { scale, _ in scale * 10 } }
}
