import Yams

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
        let scan = AliasScan(source.lines)
        for finding in scan.findings {
            let what = finding.text.hasPrefix("&") ? "anchor" : "alias"
            problems.add(
                source.problem(
                    finding.line, finding.column, "holds the YAML \(what) \(finding.text)",
                    "write the value out, or put it between quotes if it is text",
                    width: finding.text.count))
        }
        if scan.findings.isEmpty, scan.suspects > AliasScan.suspectLimit {
            problems.add(
                source.problem(
                    0, 0, "holds \(scan.suspects) words that begin with *",
                    "keep them below \(AliasScan.suspectLimit + 1)"))
        }
        if problems.errors > before { return nil }
        do {
            // No resolver rules: what a plain word means is decided by the key it stands at.
            let parser = try Parser(yaml: source.text, resolver: .basic, encoding: .utf8)
            var builder = TreeBuilder(source: source)
            root = try parser.singleRoot().flatMap { builder.item($0, depth: 1) }
            // A document of comments or nothing is one empty scalar, or none.
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

/// Turns Yams' nodes into items, refusing what a settings file has no use for.
private struct TreeBuilder {
    let source: SourceText
    var problems = Problems()

    mutating func refuse(_ node: Node, _ message: String, _ remedy: String) {
        let mark = node.mark
        problems.add(source.problem(mark?.line ?? 0, mark?.column ?? 0, message, remedy))
    }

    mutating func item(_ node: Node, depth: Int, isKey: Bool = false) -> Item? {
        if depth > Document.depthLimit {
            refuse(node, "is nested deeper than \(Document.depthLimit)", "use fewer levels")
            return nil
        }
        if node.anchor != nil {
            refuse(node, "holds a YAML anchor or alias", "write the value out")
            return nil
        }
        let (line, column) = (node.mark?.line ?? 0, node.mark?.column ?? 0)
        switch node {
        case .scalar(let scalar):
            let quoted = scalar.style != .plain
            let tag = scalar.tag.rawValue
            // Yams marks quoted text, and keys while it compares them, as text.
            if tag != "", !((quoted || isKey) && tag == Tag.Name.str.rawValue) {
                refuse(node, "holds a YAML tag", "remove the word that begins with !")
                return nil
            }
            return Item(content: .scalar(scalar.string, quoted: quoted), line: line, column: column)
        case .sequence(let nodes):
            guard plainTag(nodes.tag, node) else { return nil }
            let items = nodes.compactMap { item($0, depth: depth + 1) }
            return Item(content: .list(items), line: line, column: column)
        case .mapping(let pairs):
            guard plainTag(pairs.tag, node) else { return nil }
            let entries = pairs.compactMap { entry($0.key, $0.value, depth) }
            return Item(content: .map(entries), line: line, column: column)
        case .alias:
            refuse(node, "holds a YAML alias", "write the value out")
            return nil
        }
    }

    private mutating func plainTag(_ tag: Tag, _ node: Node) -> Bool {
        if tag.rawValue.isEmpty { return true }
        refuse(node, "holds a YAML tag", "remove the word that begins with !")
        return false
    }

    private mutating func entry(_ key: Node, _ value: Node, _ depth: Int) -> Entry? {
        guard case .scalar(let name) = key else {
            refuse(key, "has a list or a section as a key", "write the key as one word")
            return nil
        }
        guard item(key, depth: depth, isKey: true) != nil, let value = item(value, depth: depth + 1)
        else {
            return nil
        }
        return Entry(
            key: name.string, line: name.mark?.line ?? 0, column: name.mark?.column ?? 0,
            value: value)
    }
}
