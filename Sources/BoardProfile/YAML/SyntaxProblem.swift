import Yams

extension SourceText {
    /// What libyaml said, in words a person can act on.
    func problem(yaml error: any Error) -> Problem {
        guard let error = error as? YamlError else {
            return problem(0, 0, "cannot be read as YAML", "check it with a YAML editor")
        }
        switch error {
        case .scanner(let context, let text, let mark, _),
            .parser(let context, let text, let mark, _),
            .composer(let context, let text, let mark, _):
            return syntax(context, text, mark)
        case .duplicatedKeysInMapping(let names, let context):
            return duplicate(names.first ?? "", first: context.mark)
        case .reader(let text, _, _, _):
            return problem(0, 0, "cannot be read as YAML (\(text))", "save it as UTF-8 text")
        default:
            return problem(0, 0, "cannot be read as YAML", "check it with a YAML editor")
        }
    }

    private func syntax(_ context: YamlError.Context?, _ text: String, _ mark: Mark) -> Problem {
        // libyaml points past the end for what it missed until then; the last line is clearer.
        let line = min(max(1, mark.line), lines.count)
        let column = line == mark.line ? mark.column : (lines[line - 1].unicodeScalars.count + 1)
        for (sign, message, remedy) in Self.phrases where text.contains(sign) {
            // What is never closed is best shown where it opens.
            if Self.opened.contains(sign), let open = context?.mark {
                return problem(open.line, open.column, message, remedy)
            }
            return problem(line, column, message, remedy)
        }
        let since = context.map { " \($0.text) from line \($0.mark.line)" } ?? ""
        return problem(
            line, column, "is not YAML: \(text)\(since)",
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
        ("undefined alias", "holds a YAML alias", "write the value out"),
        ("Maximum nesting level", "is nested deeper than 32", "use fewer levels"),
        (
            "found unknown escape character", "has an unknown \\ escape",
            "use single quotes, or write \\\\ for one \\"
        ),
    ]

    /// Yams tells the first place of a duplicate; a person wants the second.
    private func duplicate(_ name: String, first mark: Mark) -> Problem {
        let second = lines.indices.dropFirst(mark.line).first { n in
            let line = Array(lines[n].unicodeScalars)
            let start = mark.column - 1
            guard line.count > start, line[..<start].allSatisfy({ $0 == " " || $0 == "-" }) else {
                return false
            }
            let rest = String(String.UnicodeScalarView(line[start...]))
            return [name, "\"\(name)\"", "'\(name)'"].contains {
                rest.hasPrefix($0) && rest.dropFirst($0.count).drop { $0 == " " }.first == ":"
            }
        }
        var found = problem(
            second.map { $0 + 1 } ?? mark.line, mark.column, "is given twice",
            second == nil ? "keep one of them" : "keep this one or the one on line \(mark.line)",
            width: name.unicodeScalars.count)
        found.key = name
        return found
    }
}
