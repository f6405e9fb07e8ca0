extension SourceText {
    /// What libyaml said, in words a person can act on.
    func problem(yaml fault: YAMLFault) -> Problem {
        switch fault {
        case .syntax(let text, let mark, let since): return syntax(text, mark, since)
        case .twice(let name, let first, let second): return duplicate(name, first, second)
        case .tooDeep(let mark):
            return problem(
                mark.line, mark.column, "is nested deeper than \(Document.depthLimit)",
                "use fewer levels")
        case .unreadable(let text):
            return problem(0, 0, "cannot be read as YAML (\(text))", "save it as UTF-8 text")
        case .outOfMemory:
            return problem(0, 0, "cannot be read as YAML", "free some memory: there was none left")
        }
    }

    private func syntax(
        _ text: String, _ mark: Mark, _ since: (text: String, mark: Mark)?
    ) -> Problem {
        // libyaml points past the end for what it missed until then; the last line is clearer.
        let line = min(max(1, mark.line), lines.count)
        let column = line == mark.line ? mark.column : (lines[line - 1].unicodeScalars.count + 1)
        for (sign, message, remedy) in Self.phrases where text.holds(sign) {
            // What is never closed is best shown where it opens.
            if Self.opened.contains(sign), let open = since?.mark {
                return problem(open.line, open.column, message, remedy)
            }
            return problem(line, column, message, remedy)
        }
        let place = since.map { " \($0.text) from line \($0.mark.line)" } ?? ""
        return problem(
            line, column, "is not YAML: \(text)\(place)",
            "compare the indentation, colons and quotes of this line and the one above")
    }

    private static let opened = [
        "found unexpected end of stream", "did not find expected ',' or ']'",
        "did not find expected ',' or '}'", "could not find expected ':'",
    ]

    /// libyaml's words (src/scanner.c, src/parser.c), ours, and the remedy.
    private static let phrases: [(String, String, String)] = [
        (
            "another document", "begins a second document",
            "remove this --- and what follows, or move it to a file of its own"
        ),
        (
            "mapping values are not allowed", "has a second colon, or is indented too far",
            "put text that holds a colon between quotes; align keys of one section"
        ),
        (
            "could not find expected ':'", "has no colon after the key",
            "write key: value, with a space after the colon"
        ),
        (
            "found unexpected end of stream", "has quotes that are not closed", "close them"
        ),
        (
            "did not find expected key", "does not fit the lines above",
            "align keys of one section; close quotes and brackets"
        ),
        (
            "did not find expected '-' indicator", "is not an item of the list above",
            "begin each item with - in the same column"
        ),
        (
            "did not find expected ',' or ']'", "has a list that is not closed",
            "separate items with commas and close with ]"
        ),
        (
            "did not find expected ',' or '}'", "has a section that is not closed",
            "separate entries with commas and close with }"
        ),
        (
            "cannot start any token", "begins a value with a character YAML reserves",
            "put the value between quotes"
        ),
        (
            "block sequence entries are not allowed", "begins a list where none can stand",
            "put the - on a line of its own, indented below the key"
        ),
        (
            "found unknown escape character", "has an unknown \\ escape",
            "use single quotes, or write \\\\ for one \\"
        ),
    ]

    /// A person wants the second: the first was there before.
    private func duplicate(_ name: String, _ first: Mark, _ second: Mark) -> Problem {
        let place = first.line == second.line ? first : second
        var found = problem(
            place.line, place.column, "is given twice",
            first.line == second.line
                ? "keep one of them" : "keep this one or the one on line \(first.line)",
            width: name.unicodeScalars.count)
        found.key = name
        return found
    }
}
