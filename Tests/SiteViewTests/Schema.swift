import Foundation
import Testing

/// The schemas of `openapi.json`, and what in a JSON value is not as they have it: of JSON Schema what
/// that file uses.
struct Schema {
    private static func schemas() throws -> [String: Any] {
        let file = project.appendingPathComponent("Sources/Dashboard/openapi.json")
        let all = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        return try #require((all as? [String: Any])?.part("components")?.part("schemas"))
    }

    /// What is wrong with a value that should be a schema of that name.
    static func faults(_ value: Any, _ name: String) throws -> [String] {
        let schemas = try schemas()
        return faults(value, try #require(schemas.part(name)), schemas, at: name)
    }

    private static func faults(
        _ value: Any, _ schema: [String: Any], _ all: [String: Any], at place: String
    ) -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = String(reference.split(separator: "/").last!)
            guard let schema = all.part(name) else { return ["\(place): no schema \(name)"] }
            return faults(value, schema, all, at: place)
        }
        let known: Set = [
            "type", "properties", "required", "additionalProperties", "items", "enum",
            "description", "format", "minItems", "maxItems",
        ]
        let strange = Set(schema.keys).subtracting(known)
        guard strange.isEmpty else { return ["\(place): \(strange) is not checked here"] }
        let types = schema["type"] as? [String] ?? [schema["type"] as? String ?? "none"]
        guard types.contains(where: { isOf($0, value) }) else {
            return ["\(place): \(value) is none of \(types)"]
        }
        if let choices = schema["enum"] as? [String], let text = value as? String,
            !choices.contains(text)
        {
            return ["\(place): \(text) is none of \(choices)"]
        }
        if let list = value as? [Any] {
            let few = schema["minItems"] as? Int ?? 0, many = schema["maxItems"] as? Int ?? .max
            var found = (few...many).contains(list.count) ? [] : ["\(place): \(list.count) items"]
            let items = schema.part("items") ?? [:]
            for (n, item) in list.enumerated() {
                found += faults(item, items, all, at: "\(place)[\(n)]")
            }
            return found
        }
        guard let object = value as? [String: Any] else { return [] }
        let properties = schema.part("properties") ?? [:]
        let required = schema["required"] as? [String] ?? []
        var found = required.filter { object[$0] == nil }.map { "\(place): \($0) is missing" }
        for (key, member) in object.sorted(by: { $0.key < $1.key }) {
            if let schema = properties.part(key) ?? schema.part("additionalProperties") {
                found += faults(member, schema, all, at: "\(place).\(key)")
            } else {
                found.append("\(place): \(key) is too much")
            }
        }
        return found
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        // A flag is a number to Foundation.
        let isFlag = (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
        return switch type {
        case "null": value is NSNull
        case "boolean": isFlag
        case "number": value is NSNumber && !isFlag
        case "string": value is String
        case "array": value is [Any]
        case "object": value is [String: Any]
        default: false
        }
    }
}

@Suite("The schemas of the API can refuse")
struct SchemaTests {
    @Test("A member too few, too many, of another type, of no choice")
    func refuses() throws {
        let right: [String: Any] = ["time": "", "controller": "", "kind": "trip", "text": ""]
        func faults(_ change: (inout [String: Any]) -> Void) throws -> Int {
            var event = right
            change(&event)
            return try Schema.faults(event, "Event").count
        }
        #expect(try faults { _ in } == 0)
        #expect(try faults { $0["time"] = nil } == 1)
        #expect(try faults { $0["colour"] = "red" } == 1)
        #expect(try faults { $0["text"] = 7 } == 1)
        #expect(try faults { $0["kind"] = "party" } == 1)
        #expect(try Schema.faults(["accepted": 1, "words": ""], "Reply").count == 1)
    }
}
