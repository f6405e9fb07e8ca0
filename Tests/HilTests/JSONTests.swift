import Foundation
import Plant
import Testing

@testable import Hil

private func read(_ text: String) -> Result<JSONValue, JSONReader.Fault> {
    Result { () throws(JSONReader.Fault) in try JSONReader.read(Array(text.utf8)) }
}
private func value(_ text: String) -> JSONValue? { try? read(text).get() }
private func fault(_ text: String) -> String? {
    if case .failure(let fault) = read(text) { fault.message } else { nil }
}

@Suite("JSON")
struct JSONTests {
    @Test(
        "What is JSON is read",
        arguments: [
            ("null", .null), (" true\r\n", .flag(true)), ("-0.5e1", .number(-5)),
            ("\"a\\u00e9\\n\\\"\\ud83d\\ude00\"", .text("aé\n\"😀")), ("[]", .numbers([])),
            ("[1, 2.5,-3]", .numbers([1, 2.5, -3])),
            ("[1,\"a\"]", .list([.number(1), .text("a")])),
            ("[[1],[2]]", .list([.numbers([1]), .numbers([2])])), ("\"\"", .text("")),
            (
                "{\"b\": 1, \"a\": {}}",
                .object(
                    JSONObject(members: [
                        .init(name: "b", value: .number(1)),
                        .init(name: "a", value: .object(JSONObject())),
                    ]))
            ),
        ] as [(String, JSONValue)])
    func sound(text: String, expected: JSONValue) { #expect(value(text) == expected) }

    @Test(
        "What is none is refused, and why",
        arguments: [
            ("", "ends too early"), ("nul", "is no JSON"), ("{\"a\":1,}", "has no name"),
            ("{\"a\":1,\"a\":2}", "has a name twice"), ("[1,]", "is no JSON"),
            ("[1", "has a list that is not closed"), ("{\"a\" 1}", "has no colon"),
            ("01", "begins with 0"), ("1.", "no digit after a point"), ("-", "without a number"),
            ("1e", "no digit in an exponent"), ("1e999", "too large"), ("NaN", "is no JSON"),
            ("\"\\x\"", "has an escape"), ("\"\\ud800\"", "half a character"),
            ("\"\\ud800\\u0041\"", "half a character"), ("\"\u{1}\"", "control character"),
            ("\"abc", "not closed"), ("1 2", "something follows"), ("+1", "is no JSON"),
            ("'a'", "is no JSON"), ("\"\\u12g4\"", "four digits"), ("{1:2}", "has no name"),
        ])
    func unsound(text: String, why: String) {
        #expect(fault(text)?.contains(why) == true, "\(text): \(fault(text) ?? "was read")")
    }

    @Test("Text that is not UTF-8, and nesting beyond the bound, are refused")
    func bytes() {
        let wrong: [UInt8] = [0x22, 0xC3, 0x28, 0x22]
        let result = Result { () throws(JSONReader.Fault) in try JSONReader.read(wrong) }
        #expect(throws: JSONReader.Fault.self) { try result.get() }
        let deep = { (n: Int) in
            String(repeating: "[", count: n) + "null" + String(repeating: "]", count: n)
        }
        #expect(fault(deep(15)) == nil)
        #expect(fault(deep(16))?.contains("deeper") == true)
        #expect(fault(deep(100_000))?.contains("deeper") == true)
    }

    @Test("100 000 numbers read as the library reads them, to the last bit")
    func numbers() {
        var random = Random(seed: 11)
        var wrong: String?
        for _ in 0..<100_000 {
            let digits = 1 + Int(random.next() % 20)
            var text = random.next() & 1 == 0 ? "-" : ""
            let whole = (0..<digits).map { _ in String(random.next() % 10) }.joined()
            let point = Int(random.next() % UInt64(digits + 1))
            let left = String(whole.prefix(point)).drop { $0 == "0" }
            text += left.isEmpty ? "0" : left
            if point < digits { text += "." + whole.dropFirst(point) }
            switch random.next() % 4 {
            case 0: text += "e\(Int(random.next() % 60) - 30)"
            case 1: text += "E+\(random.next() % 25)"
            default: break
            }
            let expected = Double(text)
            guard case .number(let found)? = value(text), found.bitPattern == expected?.bitPattern
            else {
                wrong = text
                break
            }
        }
        #expect(wrong == nil, "seed 11")
    }

    @Test("What is written reads back, in our way and in Foundation's")
    func roundTrip() throws {
        var writer = JSONWriter()
        writer.object { w in
            w.member("text", "a\"\\\n\u{7F}\u{1}é😀")
            w.member("whole", 12.0)
            w.member("small", 1.0e-7)
            w.name("float")
            w.value(Float(0.1))
            w.name("nothing")
            w.value(Double.nan)
            w.member("list", list: ["a", "b"])
            w.name("empty")
            w.list { _ in }
        }
        let bytes = writer.bytes
        let result = Result { () throws(JSONReader.Fault) in try JSONReader.read(bytes) }
        guard case .object(let object) = try result.get() else {
            Issue.record("no object")
            return
        }
        #expect(object["text"] == .text("a\"\\\n\u{7F}\u{1}é😀"))
        #expect(object["whole"] == .number(12) && object["small"] == .number(1e-7))
        #expect(object["float"] == .number(0.1) && object["nothing"] == .null)
        #expect(object["list"] == .list([.text("a"), .text("b")]))
        let other = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        #expect(other?["text"] as? String == "a\"\\\n\u{7F}\u{1}é😀")
    }
}
