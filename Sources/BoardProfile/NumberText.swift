/// Why a value was refused, and what to write instead.
struct Refusal: Error, Equatable {
    var message: String
    var remedy: String
    init(_ message: String, _ remedy: String) { (self.message, self.remedy) = (message, remedy) }
}

/// The numbers we read: YAML 1.2's core schema in decimal, without leading zeros.
///
/// Whatever YAML versions, locales or people read in two ways is refused with the way out:
/// `010`, `0x10`, `1_000`, `1,5`, `1:30`, `.inf`, `"5"`, `5 V`.
enum NumberText {
    /// The number `item` holds in `unit`. Finite.
    static func read(_ item: Item, unit: UnitSuffix?, hint: String) -> Result<Double, Refusal> {
        guard case .scalar(let text, let quoted) = item.content else {
            return .failure(Refusal("is \(item.written), not a number", "write \(hint)"))
        }
        if item.isNull || text.isEmpty {
            return .failure(
                Refusal("has no value", "write after the colon \(hint), or remove the line"))
        }
        if let refusal = spelling(text, unit, hint) { return .failure(refusal) }
        guard let number = Double(text), number.isFinite else {
            return .failure(Refusal("is too large for a number", "write \(hint)"))
        }
        if number == 0, mantissa(text).contains(where: { $0 != "0" }) {
            return .failure(Refusal("is too small for a number", "write 0, or \(hint)"))
        }
        if quoted {
            return .failure(Refusal("is text, not a number", "remove the quotes: \(text)"))
        }
        return .success(number)
    }

    private static func mantissa(_ text: String) -> [Character] {
        text.prefix { $0 != "e" && $0 != "E" }.filter { $0.isASCII && $0.isNumber }
    }

    /// `[-+]? (digits [. digits?] | . digits) ([eE] [-+]? digits)?`
    static func isDecimal(_ text: some StringProtocol) -> Bool {
        var rest = Substring(text).utf8
        func digits() -> Int {
            let run = rest.prefix { $0 >= 48 && $0 <= 57 }
            rest = rest.dropFirst(run.count)
            return run.count
        }
        if let sign = rest.first, sign == 43 || sign == 45 { rest = rest.dropFirst() }
        let whole = digits()
        var fraction = 0
        if rest.first == 46 {
            rest = rest.dropFirst()
            fraction = digits()
        }
        guard whole + fraction > 0 else { return false }
        if let e = rest.first, e == 101 || e == 69 {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == 43 || sign == 45 { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// What is wrong with how a number is written; nil where nothing is.
    private static func spelling(
        _ text: String, _ unit: UnitSuffix?, _ hint: String
    ) -> Refusal? {
        if isDecimal(text) { return leadingZero(text) }
        let lower = text.lowercased()
        let bare = lower.drop { $0 == "+" || $0 == "-" || $0 == "." }
        if bare == "nan" || bare == "inf" || bare == "infinity" {
            return Refusal("is not a finite number", "write \(hint)")
        }
        if ["true", "false", "yes", "no", "on", "off"].contains(lower) {
            return Refusal("is a yes or no, not a number", "write \(hint)")
        }
        let minus = text.putting("-", for: "\u{2212}").putting("-", for: "\u{2013}")
        if minus != text, isDecimal(minus) {
            return Refusal("has a typographic minus sign", "write \(minus) with the ASCII hyphen")
        }
        return otherBase(lower) ?? grouping(text) ?? withUnit(text, unit)
            ?? Refusal("is not a number", "write \(hint)")
    }

    private static func leadingZero(_ text: String) -> Refusal? {
        let sign = text.hasPrefix("-") ? "-" : ""
        let digits = text.drop { $0 == "+" || $0 == "-" }
        let whole = digits.prefix { $0.isNumber }
        guard whole.count > 1, whole.first == "0" else { return nil }
        let stripped = digits.drop { $0 == "0" }
        let decimal = stripped.first?.isNumber == true ? String(stripped) : "0" + stripped
        if whole == digits, let octal = Int(whole, radix: 8), octal > 7 {
            return Refusal(
                "has a leading zero, which YAML 1.1 reads as octal",
                "write \(sign)\(decimal), or \(sign)\(octal) if octal was meant")
        }
        return Refusal("has a leading zero", "write \(sign)\(decimal)")
    }

    private static func otherBase(_ text: String) -> Refusal? {
        for (prefix, radix, name) in [
            ("0x", 16, "hexadecimal"), ("0o", 8, "octal"), ("0b", 2, "binary"),
        ] {
            let bare = text.drop { $0 == "+" || $0 == "-" }
            guard bare.hasPrefix(prefix) else { continue }
            guard let number = Int(bare.dropFirst(2).filter { $0 != "_" }, radix: radix) else {
                return Refusal("is not a number", "write it in decimal digits")
            }
            let sign = text.hasPrefix("-") ? "-" : ""
            return Refusal("is \(name)", "write it in decimal: \(sign)\(number)")
        }
        return nil
    }

    /// Decimal commas, thousands marks, and minutes:seconds.
    private static func grouping(_ text: String) -> Refusal? {
        for mark in ["_", " ", "'"] as [Character] where text.contains(mark) {
            let joined = text.filter { $0 != mark }
            if isDecimal(joined), !text.hasPrefix(String(mark)), !text.hasSuffix(String(mark)) {
                return Refusal("has its digits grouped", "write \(joined)")
            }
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        if parts.count == 2, isDecimal(parts[0] + "." + parts[1]), !parts[0].contains(".") {
            let point = parts[0] + "." + parts[1]
            if parts[1].count == 3, parts[0] != "0" {
                return Refusal(
                    "has a comma",
                    "write \(parts[0])\(parts[1]), or \(point) if it is a decimal comma")
            }
            return Refusal("has a decimal comma", "write \(point)")
        }
        if parts.count > 1, isDecimal(text.filter { $0 != "," }) {
            return Refusal("has its digits grouped", "write \(text.filter { $0 != "," })")
        }
        let clock = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        if clock.count == 2 || clock.count == 3, clock.allSatisfy({ $0 != nil }) {
            return Refusal(
                "is written as a time of day, which YAML 1.1 reads in base 60",
                "write one number in the key's unit")
        }
        return nil
    }

    /// `5 V`, `5V`, `200 ms` at a key in seconds.
    private static func withUnit(_ text: String, _ unit: UnitSuffix?) -> Refusal? {
        let end = text.firstIndex { !($0.isASCII && ($0.isNumber || "+-.".contains($0))) }
        guard let end, isDecimal(text[..<end]), let number = Double(text[..<end]) else {
            return nil
        }
        let said = text[end...].drop { $0 == " " }
        guard let unit else {
            return Refusal("has a unit, but the key has none", "write \(text[..<end])")
        }
        guard let other = UnitSuffix(symbol: said) else {
            return Refusal(
                "has \"\(said)\" after the number",
                "write the number alone; the key is in \(unit.symbol)")
        }
        if other.suffix == unit.suffix {
            return Refusal(
                "has its unit after the number",
                "write \(text[..<end]); the key's name already says \(unit.symbol)")
        }
        guard let converted = convert(number, from: other, to: unit) else {
            return Refusal("is in \(other.symbol)", "write it in \(unit.symbol), without the unit")
        }
        return Refusal(
            "is in \(other.symbol)", "write \(plain(converted)); the key is in \(unit.symbol)")
    }
}

/// Between units of one dimension, rounded to 12 significant digits; nil between others.
func convert(_ number: Double, from: UnitSuffix, to: UnitSuffix) -> Double? {
    guard let dimension = from.dimension, dimension == to.dimension else { return nil }
    return scaled(number, by: from.factor, over: to.factor)
}

/// number · a / b without the last digits' noise: 20 ms is 0.02 s, not 0.020000000000000004. To its
/// last digit where the units are the same.
func scaled(_ number: Double, by a: Double, over b: Double) -> Double {
    if a == b { return number }
    let exact = number * a / b
    guard exact != 0, exact.isFinite else { return exact }
    var power = 1.0
    var size = exact.magnitude
    while size < 1e11, power < 1e30 { (size, power) = (size * 10, power * 10) }
    let rounded = (exact * power).rounded() / power
    return rounded == 0 ? exact : rounded
}
