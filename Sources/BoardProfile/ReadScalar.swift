extension Shape {
    /// Reads a scalar or a list of scalars of this shape.
    func read(_ item: Item, unit: UnitSuffix?, example: Value?) -> Result<Value, Refusal> {
        let example = example?.written ?? stand.written
        switch self {
        case .number(let range), .adjustable(let range):
            let hint = "\(span(range, unit)), such as \(example)"
            return NumberText.read(item, unit: unit, hint: hint).flatMap {
                range.contains($0) ? .success(.number($0)) : .failure(outside(range, unit, $0))
            }
        case .integer(let range):
            let wide = Double(range.lowerBound)...Double(range.upperBound)
            let hint = "\(span(wide, unit)), such as \(example)"
            return NumberText.read(item, unit: unit, hint: hint).flatMap {
                whole(item, $0, range, unit)
            }
        case .hexadecimal(let range): return hexadecimal(item, range)
        case .flag: return flag(item)
        case .text(let form): return text(item, form, example).map { .text($0) }
        case .choice(let words): return choice(item, words)
        case .reference, .include: return text(item, .name, "house-1").map { .text($0) }
        case .file, .extends: return text(item, .line, "a path").map { .text($0) }
        case .several, .section, .list, .map:
            preconditionFailure("a list or section is read by Reader")
        }
    }

    private func outside(
        _ range: ClosedRange<Double>, _ unit: UnitSuffix?, _ number: Double
    ) -> Refusal {
        let symbol = unit.map { " " + $0.symbol } ?? ""
        let side = number < range.lowerBound ? "below" : "above"
        let bound = number < range.lowerBound ? range.lowerBound : range.upperBound
        return Refusal(
            "is \(side) \(plain(bound))\(symbol)",
            "write \(span(range, unit))")
    }

    private func span(_ range: ClosedRange<Double>, _ unit: UnitSuffix?) -> String {
        "\(plain(range.lowerBound)) to \(plain(range.upperBound))\(unit.map { " " + $0.symbol } ?? "")"
    }

    private func whole(
        _ item: Item, _ number: Double, _ range: ClosedRange<Int>, _ unit: UnitSuffix?
    ) -> Result<Value, Refusal> {
        guard case .scalar(let text, _) = item.content else { return .success(.integer(0)) }
        let wide = Double(range.lowerBound)...Double(range.upperBound)
        guard wide.contains(number) else { return .failure(outside(wide, unit, number)) }
        guard number == number.rounded() else {
            let (low, high) = (number.rounded(.down), number.rounded(.up))
            return .failure(
                Refusal("is not a whole number", "write \(plain(low)) or \(plain(high))"))
        }
        guard let whole = Int(text.drop { $0 == "+" }) else {
            return .failure(
                Refusal("is a whole number with a point or exponent", "write \(plain(number))"))
        }
        guard range.contains(whole) else { return .failure(outside(wide, unit, number)) }
        return .success(.integer(whole))
    }

    private func hexadecimal(_ item: Item, _ range: ClosedRange<Int>) -> Result<Value, Refusal> {
        let span = "\(hex(range.lowerBound)) to \(hex(range.upperBound))"
        guard case .scalar(let text, let quoted) = item.content, !item.isNull, !text.isEmpty else {
            return .failure(Refusal("has no value", "write \(span)"))
        }
        let lower = text.lowercased()
        guard lower.hasPrefix("0x"), let number = Int(lower.dropFirst(2), radix: 16),
            lower.dropFirst(2).first?.isHexDigit == true
        else {
            if let decimal = Int(text), decimal >= 0, let other = Int(text, radix: 16) {
                let first = range.contains(other) ? other : decimal
                let second = first == other ? decimal : other
                let also = range.contains(second) && second != first ? ", or \(hex(second))" : ""
                return .failure(
                    Refusal("does not say whether it is hexadecimal", "write \(hex(first))\(also)"))
            }
            return .failure(Refusal("is not a hexadecimal number", "write \(span)"))
        }
        if quoted {
            return .failure(Refusal("is text, not a number", "remove the quotes: \(text)"))
        }
        guard range.contains(number) else {
            return .failure(Refusal("is outside its range", "write \(span)"))
        }
        return .success(.integer(number))
    }

    private func flag(_ item: Item) -> Result<Value, Refusal> {
        guard case .scalar(let text, let quoted) = item.content else {
            return .failure(Refusal("is \(item.written)", "write true or false"))
        }
        if !quoted, text == "true" || text == "false" { return .success(.flag(text == "true")) }
        let lower = text.lowercased()
        switch lower {
        case "true", "false":
            let reason = quoted ? "is text, not true or false" : "is not in lower case"
            return .failure(
                Refusal(reason, quoted ? "remove the quotes: \(lower)" : "write \(lower)"))
        case "yes", "on", "y":
            return .failure(Refusal("means true to some YAML readers only", "write true"))
        case "no", "off", "n":
            return .failure(Refusal("means false to some YAML readers only", "write false"))
        case "1", "0":
            return .failure(
                Refusal("is a number, not true or false", "write \(lower == "1")"))
        case "": return .failure(Refusal("has no value", "write true or false"))
        default: return .failure(Refusal("is neither true nor false", "write true or false"))
        }
    }

    private func text(
        _ item: Item, _ form: TextForm, _ example: String
    ) -> Result<String, Refusal> {
        guard case .scalar(let text, let quoted) = item.content else {
            return .failure(Refusal("is \(item.written), not text", "write \(form.words)"))
        }
        if item.isNull || text.isEmpty {
            return .failure(
                Refusal("has no value", "write \(form.words), or remove the line"))
        }
        if !quoted, Self.readsAsOther(text) {
            return .failure(
                Refusal("is read by YAML as something other than text", "write \"\(text)\""))
        }
        let count = text.unicodeScalars.count
        guard count <= form.limit else {
            return .failure(
                Refusal("is \(count) characters long", "keep it to \(form.limit) characters"))
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return .failure(
                Refusal("holds a line break or control character", "write it on one line"))
        }
        guard form.accepts(text) else {
            return .failure(Refusal("is not \(form.words)", "write it like \(example)"))
        }
        return .success(text)
    }

    /// Plain words that YAML 1.1 or 1.2 takes for a number or a yes or no.
    static func readsAsOther(_ text: String) -> Bool {
        if ["true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased()) {
            return true
        }
        if NumberText.isDecimal(text) { return true }
        let lower = text.lowercased()
        let bare = lower.drop { $0 == "+" || $0 == "-" }
        if [".nan", ".inf"].contains(bare) { return true }
        let digits = bare.dropFirst(2)
        if bare.hasPrefix("0x"), !digits.isEmpty { return digits.allSatisfy(\.isHexDigit) }
        return bare.hasPrefix("0o") && !digits.isEmpty && digits.allSatisfy(\.isNumber)
    }

    private func choice(_ item: Item, _ words: [String]) -> Result<Value, Refusal> {
        guard case .scalar(let text, _) = item.content, !item.isNull, !text.isEmpty else {
            return .failure(Refusal("is not a choice", "write \(oneOf(words))"))
        }
        if words.contains(text) { return .success(.text(text)) }
        if let near = nearest(text, in: words) {
            return .failure(
                Refusal("is not a choice here", "write \(near); the choices are \(oneOf(words))"))
        }
        return .failure(Refusal("is not a choice here", "write \(oneOf(words))"))
    }

    /// A value of this shape where neither an example nor a default is known.
    var stand: Value {
        switch self {
        case .number(let range), .adjustable(let range): .number(range.lowerBound)
        case .integer(let range), .hexadecimal(let range): .integer(range.lowerBound)
        case .flag: .flag(false)
        case .choice(let words): .text(words.first ?? "")
        case .several(let count, let each):
            .list(Array(repeating: each.stand, count: max(1, count.lowerBound)))
        case .file: .text("file.yaml")
        default: .text("name")
        }
    }

    /// As written in a file of this shape: 0x40 for an address.
    func written(_ value: Value) -> String {
        if case .hexadecimal = self, case .integer(let number) = value { return hex(number) }
        return value.written
    }
}

/// At least two digits: `0x08`.
func hex(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
}

/// "a, b or c"; at most twelve.
func oneOf(_ words: [String]) -> String {
    if words.count > 12 { return words.prefix(12).joined(separator: ", ") + " …" }
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
}
