import Daemon
import Testing

@Suite("What the daemon is told at its start") struct ServiceOptionsTests {
    private func options(
        _ words: [String], _ environment: [String: String] = [:]
    ) throws -> ServiceOptions {
        try ServiceOptions(words, environment: { environment[$0] }, process: 42)
    }
    private func refusal(_ words: [String]) -> String? {
        do throws(ServiceOptions.Refusal) {
            _ = try ServiceOptions(words, environment: { _ in nil }, process: 1)
            return nil
        } catch { return String(error.text.split(separator: "\n")[0]) }
    }

    @Test("Folders come from the options, else from systemd, else are the usual")
    func folders() throws {
        let plain = try options(["--config", "boards/x"])
        #expect((plain.runtime, plain.state) == ("/run/skerry", "/var/lib/skerry"))
        #expect(plain.isRealTime && !plain.isCheck && plain.calibration == nil)
        let kept = ["RUNTIME_DIRECTORY": "/run/a:/run/b", "STATE_DIRECTORY": "/var/lib/a"]
        let systemd = try options(["--config", "boards/x", "--ordinary"], kept)
        #expect((systemd.runtime, systemd.state) == ("/run/a", "/var/lib/a"))
        #expect(!systemd.isRealTime)
        let told = try options(
            ["--config", "b", "--runtime", "r", "--state", "s", "--calibration", "c"], kept)
        #expect((told.runtime, told.state, told.calibration) == ("r", "s", "c"))
    }

    @Test("The watchdog's time is ours unless it is meant for another process")
    func watchdog() throws {
        let usec = ["WATCHDOG_USEC": "1500000"]
        #expect(try options(["--config", "b"], usec).watchdog_s == 1.5)
        #expect(
            try options(["--config", "b"], usec.merging(["WATCHDOG_PID": "42"]) { $1 }).watchdog_s
                == 1.5)
        #expect(
            try options(["--config", "b"], usec.merging(["WATCHDOG_PID": "7"]) { $1 }).watchdog_s
                == nil)
        #expect(try options(["--config", "b"], ["WATCHDOG_USEC": "no"]).watchdog_s == nil)
    }

    @Test("What is missing or unknown is refused")
    func refused() {
        #expect(refusal([]) == "--config is missing")
        #expect(refusal(["--config"]) == "--config wants a value")
        #expect(refusal(["--config", "--check"]) == "--config wants a value")
        #expect(refusal(["--config", "b", "--chek"]) == "--chek is no option of skerryd")
    }
}
