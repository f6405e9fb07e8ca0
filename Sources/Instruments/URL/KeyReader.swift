/// Reads the keys of a reference, one by one; what was not asked for at the end is unknown.
struct KeyReader {
    let url: URLText
    private var asked: [String] = []

    init(_ url: URLText) { self.url = url }

    /// Nil where the key is missing.
    mutating func text(_ name: String) throws(InstrumentFault) -> String? {
        asked.append(name)
        guard let key = url.keys.first(where: { $0.name == name }) else { return nil }
        guard !key.value.isEmpty else {
            throw url.fault("key \(name) is empty", "write a value, or leave the key out")
        }
        return key.value
    }

    /// A plain decimal number.
    mutating func number(
        _ name: String, else standard: Double, in range: ClosedRange<Double>
    ) throws(InstrumentFault) -> Double {
        guard let text = try text(name) else { return standard }
        guard let value = DecimalText(text)?.value, range.contains(value) else {
            throw url.fault(
                "\(name)=\(printable(Array(text.utf8), most: 40)) is no number from \(range.lowerBound) to \(range.upperBound)",
                "write a plain number, as \(name)=\(standard)")
        }
        return value
    }
    /// What a reading is multiplied by: any number but zero.
    mutating func scale() throws(InstrumentFault) -> Double {
        let value = try number("scale", else: 1, in: -1e12...1e12)
        guard abs(value) >= 1e-12 else {
            throw url.fault("scale=\(value) leaves nothing of the reading", "write another scale")
        }
        return value
    }
    /// How long a reading may take.
    mutating func timeout_s() throws(InstrumentFault) -> Double {
        try number("timeout_s", else: 2, in: 0.05...60)
    }

    mutating func whole(
        _ name: String, else standard: Int, in range: ClosedRange<Int>
    ) throws(InstrumentFault) -> Int {
        guard let text = try text(name) else { return standard }
        return try url.whole(text[...], "\(name)=", in: range)
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, else standard: Choice?
    ) throws(InstrumentFault) -> Choice where Choice.RawValue == String {
        let all = Choice.allCases.map(\.rawValue)
        guard let text = try text(name) else {
            guard let standard else {
                throw url.fault(
                    "\(name)= is missing", "write one of \(all.joined(separator: ", "))")
            }
            return standard
        }
        guard let choice = Choice(rawValue: text.lowercased()) else {
            throw url.fault(
                "\(name)=\(printable(Array(text.utf8), most: 40)) is unknown",
                "write one of \(all.joined(separator: ", "))")
        }
        return choice
    }

    /// Refuses keys that nobody asked for.
    func end() throws(InstrumentFault) {
        guard let other = url.keys.first(where: { !asked.contains($0.name) }) else { return }
        let near = nearest(other.name, in: asked, most: 1).first ?? ""
        throw url.fault(
            "key \(quoted(other.name)) is unknown to \(url.scheme)",
            asked.isEmpty
                ? "leave it out"
                : "did you mean \(near)? There are \(asked.joined(separator: ", "))")
    }
}

extension URLText {
    /// A whole number in plain digits.
    /// - Parameter what: how its fault begins, `unit ` or `field=`.
    func whole(
        _ text: Substring, _ what: String, in range: ClosedRange<Int>
    ) throws(InstrumentFault) -> Int {
        guard (1...9).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text),
            range.contains(value)
        else {
            throw fault(
                "\(what)\(printable(Array(text.utf8), most: 40)) is no whole number from \(range.lowerBound) to \(range.upperBound)",
                "write it in plain digits")
        }
        return value
    }

    /// The host of a reference that must have one.
    func place(port standard: UInt16) throws(InstrumentFault) -> NetworkPlace {
        guard let authority else {
            throw fault("// is missing after \(scheme):", "write \(scheme)://host")
        }
        return try NetworkPlace(authority[...], port: standard, in: self)
    }
}
