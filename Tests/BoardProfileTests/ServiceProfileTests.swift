import BoardProfile
import Testing

@Suite("How a board file wants its controller run") struct ServiceProfileTests {
    private static let written = """
        service:
          restart: take_over
          take_over_within_s: 1.5
          self_test_s: 3
          watchdog: /dev/watchdog
          watchdog_s: 10
          link:
            watchers: [skerry, adm]
            commanders: [operators]
          black_box:
            size_MiB: 64
            age_s: 0.5
            most_MiB_per_day: 2048
            before_s: 2
            after_s: 3
            captures_MiB: 16

        """

    private func read(_ old: String = "", _ new: String = "") -> Reading<SiteProfile> {
        let text = Self.written
        precondition(old.isEmpty || text.contains(old), "the sample has no \(old)")
        return BoardSample.read(
            BoardSample.board + (old.isEmpty ? text : text.replacing(old, with: new)))
    }

    @Test("Left out, it waits after a restart, keeps a black box, and root alone may speak with it")
    func defaults() throws {
        let found = try BoardSample.read(BoardSample.board).get().service
        #expect(found == ServiceProfile())
        #expect(found.restart == .wait && found.watchdog == nil && found.blackBox.isKept)
        #expect(found.link.watchers.isEmpty && found.link.commanders.isEmpty)
    }

    @Test("Every key is read")
    func written() throws {
        let reading = read()
        #expect(reading.problems.map(\.description) == [])
        let found = try reading.get().service
        #expect(found.restart == .takeOver && found.takeOverWithin_s == 1.5)
        #expect(found.selfTest_s == 3 && found.watchdog == "/dev/watchdog")
        #expect(found.watchdog_s == 10)
        #expect(found.link.watchers == ["skerry", "adm"] && found.link.commanders == ["operators"])
        #expect(found.blackBox.size_MiB == 64 && found.blackBox.age_s == 0.5)
        #expect(found.blackBox.most_MiB_per_day == 2048 && found.blackBox.captures_MiB == 16)
        #expect(found.blackBox.before_s == 2 && found.blackBox.after_s == 3)
    }

    @Test(
        "What cannot be",
        arguments: [
            ("take_over\n", "hope\n", "write wait or take_over"),
            ("take_over_within_s: 1.5", "take_over_within_s: 60", "is above 10 s"),
            ("size_MiB: 64", "size_MiB: 1", "is below 4"),
            ("watchers: [skerry, adm]", "watchers: [\"a b\"]", "is not a name of letters"),
            ("after_s: 3", "aftr_s: 3", "after_s"),
        ])
    func refused(old: String, new: String, words: String) {
        let found = read(old, new).problems.map(\.description).joined(separator: "\n")
        #expect(found.contains(words), "\(found)")
    }
}
