import Daemon
import Testing

@testable import BoardProfile

@Suite("Settings read again") struct SettingChangesTests {
    private func settings(_ values: [(String, String)]) -> [Setting] {
        values.enumerated().map { n, pair in
            Setting(
                key: pair.0, value: pair.1, unit: "", origin: .file("board.yaml", line: n + 1))
        }
    }

    @Test("Who may speak is taken at once; what the controller was told is not")
    func sorted() {
        let old = settings([
            ("controller.rate_Hz", "1000"), ("service.link.watchers", "adm"), ("title", "Mill"),
            ("coupling.rated_A", "100"),
        ])
        let new = settings([
            ("controller.rate_Hz", "500"), ("service.link.watchers", "adm, staff"),
            ("title", "Mill"), ("service.watchdog", "/dev/watchdog"),
        ])
        let changes = SettingChanges(from: old, to: new)
        #expect(
            changes.taken.map(\.words) == [
                "service.link.watchers: adm -> adm, staff (board.yaml:2)"
            ])
        #expect(
            changes.refused.map(\.words) == [
                "controller.rate_Hz: 1000 -> 500 (board.yaml:1)",
                "coupling.rated_A: 100 -> nothing (board.yaml:4)",
                "service.watchdog: nothing -> /dev/watchdog (board.yaml:4)",
            ])
        #expect(SettingChanges(from: old, to: old).isEmpty)
    }
}
