import BoardProfile
import Foundation
import Testing

@Suite("One description, many uses")
struct SchemaTests {
    private let schema = Site.section.description.jsonSchema(id: "https://example.org/site.json")

    @Test("The description is sound")
    func audit() {
        #expect(Site.section.description.audit == [])
    }

    @Test("The audit finds defaults and examples the reader would refuse")
    func faults() {
        let wrong = Section("Wrong", of: Storage(), "x.") { s in
            s.number("capacity_Ah", \.capacity_Ah, 1...50, "Too small a range.", example: 99)
            s.choice("Chemistry__", \.chemistry, "")
            s.retired("capacity_Ah", "remove it")
        }
        #expect(
            wrong.description.audit == [
                "Wrong.capacity_Ah has the default 100, which is above 50 Ah",
                "Wrong.capacity_Ah has the example 99, which is above 50 Ah",
                "Wrong.Chemistry__ is no name of words joined by _",
                "Wrong.Chemistry__ has no sentence", "Wrong.capacity_Ah is retired and in use",
            ])
    }

    @Test("The example file names every key and is read without a complaint")
    func example() throws {
        let text = Site.section.description.exampleYAML
        let files = ["site.yaml": text, "grid-codes/name.yaml": "over_Hz: 51\n", "file.yaml": ""]
        let reading = Site.section.read("site.yaml", in: folder(files))
        #expect(reading.problems == [])
        let given = Set(
            reading.settings.filter { $0.origin != .builtIn }.map { $0.key })
        let absent = names(Site.section.description, "").filter { !given.contains($0) }
        #expect(absent == [])
    }

    /// Key paths as the example file has them: one entry in each list and map.
    private func names(_ section: SectionDescription, _ path: String) -> [String] {
        section.keys.flatMap { key -> [String] in
            switch key.shape {
            case .section(let inner): names(inner, "\(path)\(key.name).")
            case .list(let inner, _): names(inner, "\(path)\(key.name)[0].")
            case .map(let inner, _): names(inner, "\(path)\(key.name).name.")
            case .extends: []
            default: [path + key.name]
            }
        }
    }

    @Test("Each key of the schema is read with its default and its example; no other is")
    func roundTrip() throws {
        let data = Data(schema.rendered.utf8)
        let object = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["additionalProperties"] as? Bool == false)
        let properties = try #require(object["properties"] as? [String: [String: Any]])
        #expect(properties.keys.sorted() == Site.section.description.keys.map(\.name).sorted())
        var refused: [String] = []
        var tried = 0
        for (name, fields) in properties {
            var given = (fields["examples"] as? [Any]) ?? []
            if let standard = fields["default"] { given.append(standard) }
            for value in given {
                let json = try JSONSerialization.data(
                    withJSONObject: value, options: .fragmentsAllowed)
                let line = "\(name): \(String(decoding: json, as: UTF8.self))\n"
                tried += 1
                if !read(line).problems.isEmpty { refused.append(line) }
            }
            if read("\(name)x: 1\n").value != nil { refused.append("\(name)x was read") }
        }
        #expect(refused == [])
        #expect(tried >= 11)
    }

    @Test("The schema holds ranges, choices, documentation and sources")
    func fields() throws {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(schema.rendered.utf8)) as? [String: Any])
        #expect(object["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        let properties = try #require(object["properties"] as? [String: [String: Any]])
        let nominal = try #require(properties["nominal_V"])
        #expect(nominal["minimum"] as? Double == 100)
        #expect(nominal["maximum"] as? Double == 500)
        #expect(nominal["default"] as? Double == 230)
        #expect(
            nominal["description"] as? String
                == "Nominal phase voltage. Unit: V. Source: IEC 60038.")
        let battery = try #require(properties["battery"])
        // A site may continue another, so it need not say everything itself; homes must.
        #expect(battery["required"] == nil)
        let homes = try #require(properties["homes"]?["items"] as? [String: Any])
        #expect(homes["required"] as? [String] == ["name", "bus"])
        let alone = Storage.section.description.jsonSchema().compact
        #expect(alone.contains(#""required":["capacity_Ah"]"#))
        let cells = try #require(battery["properties"] as? [String: [String: Any]])
        #expect(cells["chemistry"]?["enum"] as? [String] == ["lfp", "nmc", "lead-acid"])
    }

    @Test("The reference table names every key once per section")
    func markdown() {
        let table = Site.section.description.markdown
        #expect(table.contains("| `window_ms` | 10 to 1000 | ms | `200` | Averaging window. |  |"))
        #expect(table.contains("### Battery (`battery`)"))
        #expect(
            table.contains("| `address` | 0x08 to 0x77 |  | `0x40` | I2C address of the monitor. |")
        )
        #expect(table.contains("### Home (`homes[]`)"))
        #expect(table.contains("### Bus (`buses.<name>`)"))
    }
}
