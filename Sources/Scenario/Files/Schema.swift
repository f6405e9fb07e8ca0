import BoardProfile

/// JSON Schemas (draft 2020-12) of the files people write, for their editors.
public struct Schema: Sendable {
    /// `board`, `grid-code` or `scenario`.
    public let name: String
    public let section: SectionDescription
    /// A name that stays the same while the files it describes do.
    public var id: String { "urn:skerry:schema:\(name)" }
    public var json: JSON { section.jsonSchema(id: id) }

    /// One for each kind of file.
    public static let all: [Schema] = [
        Schema(name: "board", section: SiteProfile.section.description),
        Schema(name: "grid-code", section: GridCodeProfile.section.description),
        Schema(name: "scenario", section: ScenarioFile.section.description),
    ]
}
