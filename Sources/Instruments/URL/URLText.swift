/// A reference as a person wrote it, taken apart: `scheme://authority/path/path?key=value&key=value`,
/// or `scheme:name`. Percent escapes are resolved in the path and in the values, once; a plus sign is
/// a plus sign.
struct URLText: Equatable {
    static let longest = 2048

    let whole: String
    /// In small letters.
    let scheme: String
    /// Nil where no `//` follows the scheme; then `path` has the one name.
    let authority: String?
    let path: [String]
    /// In the order written; no key twice.
    let keys: [Key]

    struct Key: Equatable {
        var name: String
        var value: String
    }

    init(_ whole: String) throws(InstrumentFault) {
        self.whole = whole
        guard whole.utf8.count <= Self.longest else {
            throw Self.fault(
                whole, "is longer than \(Self.longest) characters", "write a shorter one")
        }
        guard whole.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw Self.fault(
                whole, "has a character that is not printable ASCII",
                "write it as % and two hexadecimal digits")
        }
        guard let colon = whole.firstIndex(of: ":") else {
            throw Self.fault(whole, "has no scheme", "write one of \(Reference.schemeList)")
        }
        scheme = whole[..<colon].lowercased()
        var rest = whole[whole.index(after: colon)...]
        guard !rest.contains("#") else {
            throw Self.fault(whole, "has a fragment (#), which means nothing here", "write %23")
        }
        var query: Substring?
        if let mark = rest.firstIndex(of: "?") {
            query = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        if rest.hasPrefix("//") {
            let body = rest.dropFirst(2)
            let slash = body.firstIndex(of: "/") ?? body.endIndex
            authority = String(body[..<slash])
            path = try Self.parts(body[slash...].dropFirst(), of: whole)
        } else {
            authority = nil
            path = try Self.parts(rest, of: whole)
        }
        keys =
            try query.map { text throws(InstrumentFault) in try Self.keys(text, of: whole) } ?? []
    }

    /// A fault of one part: what is wrong with it, what to write instead.
    func fault(_ what: String, _ remedy: String) -> InstrumentFault {
        Self.fault(whole, what, remedy)
    }
    static func fault(_ whole: String, _ what: String, _ remedy: String) -> InstrumentFault {
        InstrumentFault("reference \(quoted(whole, most: 200)): \(what)", remedy)
    }
}

extension URLText {
    private static func parts(
        _ text: Substring, of whole: String
    ) throws(InstrumentFault) -> [String] {
        guard !text.isEmpty else { return [] }
        var all: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false) {
            all.append(try unescaped(part, of: whole))
        }
        return all
    }

    private static func keys(_ text: Substring, of whole: String) throws(InstrumentFault) -> [Key] {
        var all: [Key] = []
        for item in text.split(separator: "&", omittingEmptySubsequences: false) {
            guard let equals = item.firstIndex(of: "="), equals > item.startIndex else {
                throw fault(whole, "\(quoted(item)) is no key=value", "write key=value, apart by &")
            }
            let name = String(item[..<equals])
            guard !all.contains(where: { $0.name == name }) else {
                throw fault(whole, "key \(quoted(name)) stands twice", "write it once")
            }
            all.append(
                Key(name: name, value: try unescaped(item[item.index(after: equals)...], of: whole))
            )
        }
        return all
    }

    private static func unescaped(
        _ text: Substring, of whole: String
    ) throws(InstrumentFault) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let high = hex(rest.removeFirst()),
                let low = hex(rest.removeFirst())
            else {
                throw fault(
                    whole, "\(quoted(text)) has a % without two hexadecimal digits",
                    "write %25 for a percent sign")
            }
            bytes.append(high << 4 | low)
        }
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw fault(
                whole, "\(quoted(text)) stands for a character that is not printable ASCII",
                "leave it out: a line break would be a second command")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte & 0x5F) - 0x41 + 10
        default: nil
        }
    }
}
