import Testing

@testable import Panel

@Suite("The log of a real board")
struct FieldLogTests {
    @Test("A suspension and a clock that ran back are told once each")
    func time() {
        var log = FieldLog(name: "board", stages: [], period_s: 1e-3, origin_ns: 0)
        log.time(suspended_ns: 0, faults: 0)
        #expect(log.fresh().isEmpty)
        log.time(suspended_ns: 3_600_000_400_000, faults: 0)
        log.time(suspended_ns: 3_600_000_400_000, faults: 0)
        #expect(log.fresh().map(\.text) == ["the machine was suspended for 3600 s"])
        log.time(suspended_ns: 3_600_000_400_000 + 12_100_000, faults: 2)
        #expect(
            log.fresh().map(\.text) == [
                "the machine was suspended for 13 ms",
                "a clock of the kernel ran back; it was ignored",
            ])
        log.time(suspended_ns: 3_600_012_500_000, faults: 2)
        #expect(log.fresh().isEmpty)
    }
}
