import Foundation
import Testing

/// The dashboard as Grafana reads it, as far as a test asks.
struct Dashboard {
    let json: [String: Any]
    let panels: [[String: Any]]
    /// All PromQL in it, of panels and of annotations.
    let expressions: [String]
    /// Names of the template variables.
    let variables: [String]
    /// What the variables ask the data source.
    let asked: [String]

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../boards/grafana/skerry.json")
        let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        let json = try #require(parsed as? [String: Any])
        let panels = try #require(json["panels"] as? [[String: Any]])
        func list(_ name: String) -> [[String: Any]] {
            (json[name] as? [String: Any])?["list"] as? [[String: Any]] ?? []
        }
        (self.json, self.panels) = (json, panels)
        let targets = panels.flatMap { $0["targets"] as? [[String: Any]] ?? [] }
        expressions = (targets + list("annotations")).compactMap { $0["expr"] as? String }
        variables = list("templating").compactMap { $0["name"] as? String }
        asked = list("templating").compactMap {
            ($0["query"] as? [String: Any])?["query"] as? String
        }
    }

    /// With the variables as Grafana fills them in where one site and all its controllers are chosen.
    static func filled(_ expression: String, site: String) -> String {
        var text = expression
        for (variable, value) in [
            ("$__rate_interval", "1m"), ("$__range", "5m"), ("$site", site), ("$controller", ".*"),
        ] { text = text.replacingOccurrences(of: variable, with: value) }
        return text
    }

    /// The names of metrics in an expression: what is left without strings, matchers, ranges, lists of
    /// labels, numbers, functions and words of the language.
    static func metrics(in expression: String) -> Set<String> {
        var text = expression
        for pattern in [
            #""(\\.|[^"\\])*""#, #"\{[^}]*\}"#, #"\[[^\]]*\]"#,
            #"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)"#,
            #"\b[a-z_0-9]+\s*(?=\()"#, #"\b(and|or|unless|bool|offset|by|without)\b"#,
            #"\b[0-9][0-9.]*(e[0-9]+)?[smhdwy]?\b"#,
        ] {
            text = text.replacingOccurrences(of: pattern, with: " ", options: .regularExpression)
        }
        let names = text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
        return Set(names.map(String.init))
    }
}
