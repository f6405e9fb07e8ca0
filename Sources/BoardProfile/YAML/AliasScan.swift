/// Finds YAML anchors (`&name`) and aliases (`*name`) before the parser may follow them.
///
/// A file of a few hundred bytes can stand for a billion nodes by aliases of aliases, so they are
/// refused unread. The scan knows comments, quotes and block text well enough to leave `2*pi` in
/// a sentence alone; `Document` checks again on the parsed nodes, so a miss here cannot let one
/// through. `suspects` bounds what a miss could cost: n aliases expand a document at most
/// 3^(n/3) times.
struct AliasScan {
    struct Finding { var line, column: Int, text: String }
    private(set) var findings: [Finding] = []
    /// Every `*name` outside whole-line comments, whether or not it was taken for an alias.
    private(set) var suspects = 0
    /// The most suspects a file may hold and still be parsed: 3^(16/3) = 350 times its size.
    static let suspectLimit = 16

    private var quote: UInt8?
    /// Inside a block scalar: lines indented more than this belong to it.
    private var block: Int?

    init(_ lines: [Substring]) {
        for (n, line) in lines.enumerated() { scan(Array(line.utf8), n + 1) }
    }

    private mutating func scan(_ line: [UInt8], _ number: Int) {
        guard let first = line.firstIndex(where: { $0 != 0x20 }) else { return }
        if line[first] != UInt8(ascii: "#") {
            for n in line.indices.dropLast() where line[n] == UInt8(ascii: "*") {
                if Self.isName(line[n + 1]) { suspects += 1 }
            }
        }
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
