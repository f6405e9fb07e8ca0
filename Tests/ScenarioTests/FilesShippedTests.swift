import BoardProfile
import Foundation
import Scenario
import Testing

/// `boards`, beside the folder this package is built from.
let boardsFolder: String = {
    var parts = #filePath.split(separator: "/").dropLast(3)
    parts.append("boards")
    return "/" + parts.joined(separator: "/")
}()

/// The scenarios below `boards`, sorted.
let shippedScenarios: [String] = {
    let all = FileManager.default.enumerator(atPath: boardsFolder)?.compactMap { $0 as? String }
    return (all ?? []).filter { $0.contains("/scenarios/") && $0.hasSuffix(".yaml") }.sorted()
}()

@Suite("Shipped scenarios")
struct FilesShippedTests {
    @Test("Every scenario loads without a problem", arguments: shippedScenarios)
    func loads(_ file: String) throws {
        let reading = ScenarioFile.load(boardsFolder + "/" + file)
        #expect(reading.problems.map(\.description) == [])
        let scenario = try reading.get().scenario()
        #expect(scenario.profile.name == String(file.split(separator: "/")[0]))
        #expect(scenario.happenings.allSatisfy { !$0.text.isEmpty && $0.text != "nothing" })
        // The board inside is the board as it is read alone.
        let board = SiteProfile.load(boardsFolder + "/" + scenario.profile.name)
        #expect(board.value == scenario.profile)
        #expect(try reading.get().scenario(seed: 7).seed == 7)
    }

    @Test("There are the six that people are told of")
    func some() {
        #expect(shippedScenarios.count >= 6)
    }

    @Test("Every scenario runs for its first two seconds", arguments: shippedScenarios)
    func runs(_ file: String) throws {
        var scenario = try ScenarioFile.load(boardsFolder + "/" + file).get().scenario()
        scenario.duration_s = 2
        if scenario.profile.nanogrid != nil {
            var simulation = NanogridSimulation(scenario, command: "test")
            while !simulation.isDone { simulation.step() }
            #expect(simulation.site.time_s >= 2)
            return
        }
        var simulation = Simulation(scenario, command: "test")
        while !simulation.isDone { simulation.step() }
        let village = simulation.village
        #expect(village.time_s >= 2)
        // Every controller sees what its file says is fitted.
        #expect(village.homes.filter { !$0.record.verdict.blind.isEmpty }.map(\.name) == [])
        #expect(village.coupling.record.verdict.blind.isEmpty)
    }
}
