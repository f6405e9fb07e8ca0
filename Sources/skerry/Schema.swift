import ArgumentParser
import BoardProfile
import Scenario
import SiteFile

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema of a kind of file, for editors.",
        discussion: """
            Save it and name it in the file's first line: \
            # yaml-language-server: $schema=board.schema.json
            """)

    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case board, gridCode = "grid-code", scenario, site, secrets
    }
    @Argument(help: "board, grid-code, scenario, site or secrets.")
    var kind: Kind = .board
    @Flag(help: "A table of all keys in Markdown instead.")
    var markdown = false

    func run() throws {
        let description =
            switch kind {
            case .board: SiteProfile.section.description
            case .gridCode: GridCodeProfile.section.description
            case .scenario: ScenarioFile.section.description
            case .site: SiteFile.section.description
            case .secrets: Secrets.section.description
            }
        print(
            markdown
                ? description.markdown
                : description.jsonSchema(id: "\(kind.rawValue).schema.json").rendered)
    }
}
