/// One YAML file as a tree of items, each with its line and column.
///
/// Refused, each with the line and a remedy: syntax errors, duplicate keys, anchors and aliases,
/// tags, keys that are not plain text, several documents, and nesting deeper than 32.
public struct Document: Sendable {
    /// The deepest nesting; a village of homes with banks of cells needs 8.
    public static let depthLimit = 32

    public let source: SourceText
    /// The top of the document; nil where the file holds nothing but comments.
    let root: Item?

    /// Parses `source`; nil, with the reasons in `problems`, where it is not our YAML.
    public init?(_ source: SourceText, problems: inout Problems) {
        self.source = source
        let before = problems.errors
        for finding in AliasScan(source.lines).findings {
            let what = finding.text.hasPrefix("&") ? "anchor" : "alias"
            problems.add(
                source.problem(
                    finding.line, finding.column, "holds the YAML \(what) \(finding.text)",
                    "write the value out, or put it between quotes if it is text",
                    width: finding.text.count))
        }
        if problems.errors > before { return nil }
        do throws(YAMLFault) {
            var builder = TreeBuilder(source, try YAMLParser(source.text))
            root = try builder.document()
            for problem in builder.problems.list { problems.add(problem) }
        } catch {
            problems.add(source.problem(yaml: error))
            return nil
        }
        if problems.errors > before { return nil }
    }
}

extension SourceText {
    /// A problem of this file.
    func problem(
        _ line: Int, _ column: Int, _ message: String, _ remedy: String, width: Int = 1
    ) -> Problem {
        Problem(
            file: file, line: line, column: column, message: message, remedy: remedy,
            excerpt: excerpt(line), width: width)
    }
}
