import BoardProfile
import Foundation
import Testing

/// `boards`, beside the folder this package is built from.
let boardsFolder: String = {
    var parts = #filePath.split(separator: "/").dropLast(3)
    parts.append("boards")
    return "/" + parts.joined(separator: "/")
}()

/// The paths below `boards` that end in `suffix`, sorted.
func shipped(_ suffix: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: boardsFolder)?.compactMap { $0 as? String }
    return (all ?? []).filter { $0.hasSuffix(suffix) }.sorted()
}

@Suite("Shipped boards and grid codes")
struct ShippedFilesTests {
    @Test("Every board loads without a problem", arguments: shipped("board.yaml"))
    func boards(_ file: String) throws {
        let reading = SiteProfile.load(boardsFolder + "/" + file)
        #expect(reading.problems.map(\.description) == [])
        let site = try reading.get()
        #expect(file == "\(site.name)/board.yaml")
        // The folder is enough.
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        #expect(SiteProfile.load(boardsFolder + "/" + folder).value == site)
    }

    @Test(
        "Every grid code loads without a problem",
        arguments: shipped(".yaml").filter { $0.hasPrefix("grid-codes/") })
    func gridCodes(_ file: String) {
        let reading = GridCodeProfile.section.read(file, in: BoardFolder(root: boardsFolder))
        #expect(reading.problems.map(\.description) == [])
        #expect(reading.value != nil)
    }

    @Test("The descriptions of boards and grid codes are sound")
    func audit() {
        #expect(SiteProfile.section.description.audit == [])
        #expect(GridCodeProfile.section.description.audit == [])
    }

    @Test("There are some, and each board's folder has a README")
    func some() {
        #expect(shipped("board.yaml").count >= 2)
        #expect(shipped(".yaml").filter { $0.hasPrefix("grid-codes/") }.count >= 4)
        let folders = shipped("board.yaml").map { $0.replacing("board.yaml", with: "README.md") }
        #expect(folders.filter { !shipped("README.md").contains($0) } == [])
    }
}
