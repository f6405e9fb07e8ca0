import Testing

@testable import BoardProfile

@Suite("The parser and the patterns")
struct ParserTests {
    private func told(_ text: String) -> [String] {
        var problems = Problems()
        guard let source = SourceText(Array(text.utf8), file: "x", problems: &problems) else {
            return ["no text"]
        }
        let document = Document(source, problems: &problems)
        #expect((document == nil) == (problems.errors > 0))
        return problems.list.map(\.description)
    }

    @Test("The second of two equal keys is shown where it stands, however it is written")
    func duplicates() {
        #expect(
            told("a: {b: 1,\n  'b': 2}\n") == [
                "x:2:3: error: b: is given twice; keep this one or the one on line 1"
            ])
        #expect(
            told("c: 1\nb: 1\nb: 2\nc: 2\n") == [
                "x:3:1: error: b: is given twice; keep this one or the one on line 2"
            ])
    }

    @Test("What stands below a refused key or node is passed over, not read as something else")
    func skipped() {
        #expect(
            told("? {a: [1, {b: 2}]}\n: [c, {d: 1}]\ne: !x [f, {g: 1}]\nh: !y {i: 1}\n") == [
                "x:1:3: error: has a list or a section as a key; write the key as one word",
                "x:3:4: error: holds a YAML tag; remove the word that begins with !",
                "x:4:4: error: holds a YAML tag; remove the word that begins with !",
            ])
        #expect(
            told("!!str a: 1\nb: !!str \"c\"\n").map { $0.contains("holds a YAML tag") } == [
                true, true,
            ]
        )
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(
            told("? \(deep)\n: 1\n") == [
                "x:1:35: error: is nested deeper than 32; use fewer levels"
            ])
    }

    @Test("Stars in sentences are no aliases, however many there are")
    func stars() {
        #expect(told("a: " + String(repeating: "2*x ", count: 40) + "\n") == [])
    }

    @Test("Text with a NUL, and a document without one, are what they are")
    func edges() {
        #expect(told("a: \"b\\0c\"\n") == [])
        #expect(told("") == [] && told("# nothing\n") == [] && told("---\n...\n") == [])
    }

    @Test(
        "A pattern holds the whole text, not a line of it or what stands before a NUL",
        arguments: [
            ("a-1", true), ("Z", true), ("", false), ("-a", false), ("a\n", false), ("a\nb", false),
            ("\na", false), ("a\0", false), ("a\0!", false), ("é", false), ("aé", false),
            ("a b", false),
        ])
    func patterns(_ text: String, _ holds: Bool) {
        #expect(TextForm.name.accepts(text) == holds)
        #expect(TextForm.line.accepts(text))
        // Alternatives are held whole, not by their ends.
        #expect(TextForm("x|[a-z]-1", "").accepts(text) == (text == "a-1"))
    }

    @Test("A path is followed as far as it exists, and worked out from there by its words")
    func paths() {
        #expect(FileSystem.absolute("/a/./b/../c//d/") == "/a/c/d")
        #expect(FileSystem.absolute("/../..") == "/")
        #expect(FileSystem.followed("/proc/self/../none/../none/x").hasSuffix("/none/x"))
        #expect(FileSystem.followed(".") == FileSystem.followed(""))
        #expect(FileSystem.isFolder("/proc") == true && FileSystem.isFolder("/none/x") == nil)
        #expect(throws: FileSystem.Fault.self) { try FileSystem.read("/none/x", most: 1) }
        #expect((try? FileSystem.read("/proc/self/status", most: 5)) == Array("Name:".utf8))
        #expect(FileSystem.names(in: "/none") == [])
    }
}
