import BoardProfile
import Control
import Testing
import Wire

@testable import BlackBox
@testable import Replay

@Suite("What would have happened with other settings")
struct HypothesisTests {
    private let run: Run
    private let recorded: RecordedSettings
    init() throws {
        run = try #require(try RecordedVillage.shared.get().recording("pcc").runs.first)
        recorded = try RecordedSettings(run.settings())
    }
    private let ours = StateLayout.ofThisProgram()
    private var stages: [String] { recorded.stages.map(\.name) }

    @Test("With its own settings everything would have been as it was")
    func same() {
        let story = run.lived(
            with: recorded.settings, stages: stages, recordedStages: stages, ours: ours)
        #expect(story.beginning == .together && story.otherCommands == 0)
        let rows = StoryRow.rows(story.recorded, story.instead)
        #expect(rows.count > 8)
        #expect(rows.allSatisfy { $0.isSame && $0.recorded?.what == $0.instead?.what })
    }

    @Test("A stage that clears later trips later, and only it has another time of its own")
    func later() throws {
        let k = try #require(stages.firstIndex(of: "UV1"))
        var settings = recorded.settings
        settings.stages[k].clearing += 50
        let story = run.lived(with: settings, stages: stages, recordedStages: stages, ours: ours)
        let trips = StoryRow.rows(story.recorded, story.instead).filter {
            $0.recorded?.what.text == "UV1 tripped"
        }
        let sag = try #require(trips.last)
        let (was, would) = (try #require(sag.recorded), try #require(sag.instead))
        #expect(would.tick == was.tick + 50)
        #expect(story.otherCommands > 0)
    }

    @Test("A threshold that the sag does not reach: no trip stands opposite")
    func never() throws {
        let k = try #require(stages.firstIndex(of: "UV1"))
        var settings = recorded.settings
        settings.stages[k].pickup = 140
        settings.stages[k].dropout = 142
        let story = run.lived(
            with: settings, stages: stages, recordedStages: stages, ours: ours,
            ticks: Tick(13_700)...Tick(14_300))
        let trips = StoryRow.rows(story.recorded, story.instead).filter {
            $0.recorded?.what.text == "UV1 tripped" || $0.instead?.what.text == "UV1 tripped"
        }
        #expect(trips.count == 1)
        #expect(trips.first?.recorded != nil && trips.first?.instead == nil)
    }

    @Test("Settings of a board file are found by the controller's name")
    func byName() throws {
        var sheet = recorded.sheet
        sheet.controller = "nobody"
        let reading = SiteProfile.load(RecordedVillage.boards + "sim-village")
        #expect(throws: RecordedSettings.Refusal.self) { try RecordedSettings(reading, sheet) }
        sheet.controller = "inn"
        let found = try RecordedSettings(reading, sheet)
        #expect(found.settings.rate.perSecond == 100 && found.settings.coupling == nil)
    }
}
