/// Finds YAML anchors (`&name`) and aliases (`*name`) by the look of a text.
///
/// The parser would stumble over many of them (`title: *important text`) and name something else. The
/// scan knows comments, quotes and block text well enough to leave `2*pi` in a sentence alone;
/// `Document` refuses in the parsed events what is missed here, and follows none.
struct AliasScan {
    struct Finding { var line, column: Int, text: String }
    private(set) var findings: [Finding] = []

    private var quote: UInt8?
    /// Inside a block scalar: lines indented more than this belong to it.
    private var block: Int?

    init(_ lines: [Substring]) {
        for (n, line) in lines.enumerated() { scan(Array(line.utf8), n + 1) }
    }

    private mutating func scan(_ line: [UInt8], _ number: Int) {
        guard let first = line.firstIndex(where: { $0 != 0x20 }) else { return }
        if let block, quote == nil {
            if first > block { return }
            self.block = nil
        }
        var (n, atStart) = (first, true)
        while n < line.count {
            let byte = line[n]
            if let open = quote {
                if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") {
                    n += 1
                } else if byte == open {
                    if open == UInt8(ascii: "'"), n + 1 < line.count, line[n + 1] == open {
                        n += 1
                    } else {
                        quote = nil
                    }
                }
            } else if byte == UInt8(ascii: "#"), n == 0 || line[n - 1] == 0x20 {
                return
            } else if atStart, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                atStart = false
            } else if atStart, byte == UInt8(ascii: "|") || byte == UInt8(ascii: ">") {
                block = first
                return
            } else if atStart, byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"),
                n + 1 < line.count, Self.isName(line[n + 1])
            {
                let name = line[(n + 1)...].prefix(while: Self.isName)
                let text = String(decoding: [byte] + name, as: UTF8.self)
                let before = String(decoding: line[..<n], as: UTF8.self).unicodeScalars.count
                findings.append(Finding(line: number, column: before + 1, text: text))
                n += name.count
                atStart = false
            } else {
                atStart = Self.opens(line, n, atStart)
            }
            n += 1
        }
    }

    /// After this byte a new value may begin.
    private static func opens(_ line: [UInt8], _ n: Int, _ atStart: Bool) -> Bool {
        switch line[n] {
        case 0x20: atStart
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","): true
        case UInt8(ascii: ":"): true
        case UInt8(ascii: "-"), UInt8(ascii: "?"):
            atStart && (n + 1 == line.count || line[n + 1] == 0x20)
        default: false
        }
    }

    /// The characters libyaml takes for a name.
    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
