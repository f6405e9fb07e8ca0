import Quantities
import Testing

@testable import Control

/// IEEE 1547-2018 Table 5 up to 500 kVA (0.3 Hz, 10 %, 20°), aim 3°, at 1 kHz, closing in 50 ms.
@Suite("Synchronism check (25)")
struct SyncCheckTests {
    static let limits = SyncLimits(
        slip: Hertz(0.3), voltage: Volts(23), angle_deg: 20, aim_deg: 3,
        rocof: HertzPerSecond(1), confirm: 10)
    private func check() -> SyncCheck {
        SyncCheck(Self.limits, closingTime: Seconds(0.05), rate: TickRate(perSecond: 1000))
    }
    private func across(
        angle: Float = 0, slip: Float = 0, voltage: Float = 0, gridROCOF: Float = 0,
        busROCOF: Float = 0, disturbed: Int = 0
    ) -> Measured {
        var m = Measured()
        m.grid = side(230 + voltage, 50 + slip)
        m.bus = side(230)
        m.grid.rocof = HertzPerSecond(gridROCOF)
        m.bus.rocof = HertzPerSecond(busROCOF)
        m.grid.isDisturbed = disturbed == 1
        m.bus.isDisturbed = disturbed == 2
        m.angleAcross_deg = angle
        m.slip = Hertz(slip)
        m.voltageAcross = Volts(voltage)
        return m
    }
    /// The permit after the confirmation.
    private func permit(_ m: Measured, grid: Presence = .live, bus: Presence = .live) -> SyncPermit
    {
        var c = check()
        for _ in 0..<9 { _ = c.check(m, grid: grid, bus: bus, elapsed: 1) }
        return c.check(m, grid: grid, bus: bus, elapsed: 1)
    }

    @Test("Each limit, at it and beyond it by a unit in the last place")
    func limits() {
        let rows: [(Measured, SyncPermit)] = [
            (across(), .close),
            (across(angle: 3), .close), (across(angle: Float(3).nextUp), .angle),
            (across(angle: -3), .close), (across(angle: -Float(3).nextUp), .angle),
            (across(slip: Float(0.3).nextUp), .slip), (across(slip: -Float(0.3).nextUp), .slip),
            (across(voltage: 23), .close), (across(voltage: Float(23).nextUp), .voltage),
            (across(voltage: -23), .close), (across(voltage: -Float(23).nextUp), .voltage),
            (across(gridROCOF: 1), .close), (across(gridROCOF: -Float(1).nextUp), .unsteady),
            (across(busROCOF: Float(1).nextUp), .unsteady),
            (across(disturbed: 1), .unsteady), (across(disturbed: 2), .unsteady),
            (across(angle: .nan), .angle), (across(slip: .nan), .slip),
            (across(voltage: .nan), .voltage), (across(gridROCOF: .nan), .unsteady),
            (across(busROCOF: .nan), .unsteady), (across(angle: .infinity), .angle),
        ]
        let wrong = rows.indices.filter { permit(rows[$0].0) != rows[$0].1 }
        #expect(wrong.isEmpty, "rows \(wrong)")
    }

    @Test("Two live sides, and nothing else, may be joined")
    func presence() {
        for grid in [Presence.dead, .doubtful, .live] {
            for bus in [Presence.dead, .doubtful, .live] {
                let both = grid == .live && bus == .live
                #expect(permit(across(), grid: grid, bus: bus) == (both ? .close : .notBothLive))
            }
        }
    }

    @Test("The lead angle is slip times the closing time: 360 · 0.2 Hz · 50 ms = 3.6°")
    func lead() {
        let c = check()
        #expect((c.angleAtTouch_deg(across(angle: -10, slip: 0.2)) - -6.4).magnitude < 1e-4)
        // Closing is ordered before the sides are in step, so that they are when it touches.
        #expect(permit(across(angle: -3.6, slip: 0.2)) == .close)
        #expect(permit(across(angle: 0, slip: 0.2)) == .angle)
        #expect(permit(across(angle: 3.6, slip: -0.2)) == .close)
    }

    @Test("A prediction alone is no proof: the angle now has its limit too")
    func angleNow() {
        // 0.3 Hz and 250 ms of closing would bring 25° back to 2°.
        var c = SyncCheck(
            Self.limits, closingTime: Seconds(0.25), rate: TickRate(perSecond: 1000))
        let m = across(angle: -25, slip: 0.3)
        for _ in 0..<20 { _ = c.check(m, grid: .live, bus: .live, elapsed: 1) }
        #expect(c.angleAtTouch_deg(m).magnitude < 3)
        let answer1 = c.check(m, grid: .live, bus: .live, elapsed: 1)
        #expect(answer1 == .angle)
    }

    @Test(
        "Slip and voltage must hold for the confirmation, counted in real ticks",
        arguments: [1, 2, 7] as [UInt32])
    func confirm(elapsed: UInt32) {
        var c = check()
        var n: UInt32 = 0
        repeat {
            n += elapsed
        } while c.check(across(), grid: .live, bus: .live, elapsed: elapsed)
            == .confirming
        #expect(n == (10 + elapsed - 1) / elapsed * elapsed)
        let answer2 = c.check(across(slip: 1), grid: .live, bus: .live, elapsed: 1)
        #expect(answer2 == .slip)
        let answer3 = c.check(across(), grid: .live, bus: .live, elapsed: 1)
        #expect(answer3 == .confirming)
        // An angle that is wrong does not spoil the confirmation.
        for _ in 0..<9 { _ = c.check(across(angle: 90), grid: .live, bus: .live, elapsed: 1) }
        let answer4 = c.check(across(), grid: .live, bus: .live, elapsed: 1)
        #expect(answer4 == .close)
    }

    @Test("The closing time is learned by eighths, from lessons within half and double")
    func learns() {
        var c = check()
        c.learn(closing: 58)
        #expect(c.closingTicks == 51)
        for outlier in [0, 1, 25, 103, 1_000_000, .max] as [UInt32] { c.learn(closing: outlier) }
        #expect(c.closingTicks == 51)
        for _ in 0..<100 { c.learn(closing: 70) }
        #expect((c.closingTicks - 70).magnitude < 0.01)
    }
}
