import ArgumentParser
import BoardProfile
import Scenario

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema of a kind of file, for editors.",
        discussion: """
            Save it and name it in the file's first line: \
            # yaml-language-server: $schema=board.schema.json
            """)

    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case board, gridCode = "grid-code", scenario
    }
    @Argument(help: "board, grid-code or scenario.")
    var kind: Kind = .board
    @Flag(help: "A table of all keys in Markdown instead.")
    var markdown = false

    func run() throws {
        let description =
            switch kind {
            case .board: SiteProfile.section.description
            case .gridCode: GridCodeProfile.section.description
            case .scenario: ScenarioFile.section.description
            }
        print(
            markdown
                ? description.markdown
                : description.jsonSchema(id: "\(kind.rawValue).schema.json").rendered)
    }
}
