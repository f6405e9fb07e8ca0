import Quantities
import Testing

@testable import Control

@Suite("What is blind")
struct BlindTests {
    /// One wave and one scalar fitted; four samples a tick at 1 kHz.
    private struct Wired {
        var calibrator: Calibrator
        var readings = Readings()
        var sample = Sample()
        init(stuckAfter: UInt16 = 10, gain: Float = 0.5) {
            var waves = InlineArray<9, ChannelSettings>(repeating: ChannelSettings())
            var scalars = InlineArray<20, ChannelSettings>(repeating: ChannelSettings())
            waves[3] = ChannelSettings(
                isFitted: true, gain: gain, offset: 100, lowest: 0.5, highest: 4094.5,
                staleAfter: 5,
                stuckAfter: stuckAfter)
            scalars[0] = ChannelSettings(
                isFitted: true, gain: 2, offset: 1, lowest: -10, highest: 10, staleAfter: 5,
                stuckAfter: stuckAfter)
            calibrator = Calibrator(
                waves: waves, scalars: scalars, rate: TickRate(perSecond: 1000))
            sample.blockLength = 4
            sample.waves[3].age = 0
            sample[.batteryVoltage] = Scalar(raw: 0, age: 0)
        }
        /// Blind after a tick of these counts, which move a little each time.
        mutating func wave(_ counts: [Int32], age: UInt16 = 0) -> Bool {
            for k in 0..<counts.count { sample.waves[3].counts[k] = counts[k] }
            sample.waves[3].age = age
            calibrator.calibrate(sample, into: &readings)
            return readings.blind.meets(.wave(.busA))
        }
        mutating func scalar(_ raw: Float, age: UInt16 = 0) -> Bool {
            sample[.batteryVoltage] = Scalar(raw: raw, age: age)
            calibrator.calibrate(sample, into: &readings)
            return readings.blind.meets(.scalar(.batteryVoltage))
        }
    }
    private func moving(_ n: Int) -> [Int32] { (0..<4).map { 2000 + Int32(n * 4 + $0) % 97 } }

    @Test("Counts become quantities: (raw − offset) · gain")
    func gain() {
        var w = Wired()
        _ = w.wave([100, 102, 99, 300])
        let got = (0..<4).map { w.readings.waves[3][$0] }
        #expect(got == [0, 1, -0.5, 100])
        _ = w.scalar(3.5)
        #expect(w.readings[.batteryVoltage] == 5)
    }

    @Test(
        "Stale: at the limit it sees, beyond it is blind, never read is blind",
        arguments: [(0, false), (5, false), (6, true), (.max - 1, true), (.max, true)]
            as [(UInt16, Bool)])
    func stale(age: UInt16, blind: Bool) {
        var w = Wired()
        let wave = w.wave(moving(1), age: age)
        let scalar = w.scalar(1, age: age)
        #expect(wave == blind && scalar == blind)
    }

    @Test("A channel that was never read is blind whatever its limit")
    func never() {
        var waves = InlineArray<9, ChannelSettings>(repeating: ChannelSettings())
        waves[0] = ChannelSettings(isFitted: true, staleAfter: .max)
        var scalars = InlineArray<20, ChannelSettings>(repeating: ChannelSettings())
        scalars[5] = ChannelSettings(isFitted: true, staleAfter: .max)
        var c = Calibrator(waves: waves, scalars: scalars, rate: TickRate(perSecond: 1000))
        var readings = Readings()
        c.calibrate(Sample(), into: &readings)
        #expect(readings.blind.bits == 1 | 1 << 21)
    }

    @Test("Stuck: one number, or one block, again and again; a change forgives at once")
    func stuck() {
        let block: [Int32] = [500, 700, 900, 1100]
        for counts in [[2000, 2000, 2000, 2000], block] as [[Int32]] {
            var w = Wired()
            _ = w.wave(moving(1))
            var first: Int?
            for n in 1...30 where w.wave(counts) && first == nil { first = n }
            // The first of them is still a change.
            #expect(first == 11, "\(counts)")
            let then = w.wave(moving(7))
            #expect(!then)
        }
        var w = Wired()
        var first: Int?
        for n in 1...30 where w.scalar(3) && first == nil { first = n }
        #expect(first == 11)
        let then = w.scalar(3.25)
        #expect(!then)
        var off = Wired(stuckAfter: 0)
        var any = false
        for _ in 0..<1000 where off.wave(block) || off.scalar(3) { any = true }
        #expect(!any)
    }

    @Test("One clipped crest is no blindness; clipping that stays is, and is forgotten as quickly")
    func clipped() {
        var w = Wired()
        var any = false
        // A crest of three ticks in each half cycle of ten, for ten seconds.
        for n in 0..<10_000 where w.wave(n % 10 < 3 ? [4095, 4095, 4094, 4090] : moving(n)) {
            any = true
        }
        #expect(!any)
        var first: Int?
        for n in 1...1000 where w.wave([4095, 4000, 4000, Int32(n % 50)]) && first == nil {
            first = n
        }
        #expect(first == 31, "more than 30 ms")
        var last = 0
        for n in 1...1000 where w.wave(moving(n)) { last = n }
        #expect(last == 29)
        var edge = Wired()
        any = false
        for n in 0..<1000 where edge.wave([1, 4094, 2000, Int32(1 + n % 50)]) { any = true }
        #expect(!any, "the last sound counts")
    }

    @Test(
        "What is not a number, or out of range, is blind",
        arguments: [
            (Float.nan, true), (.infinity, true), (-.infinity, true), (10, true), (-10, true),
            (Float(10).nextDown, false), (-Float(10).nextDown, false), (0, false),
        ])
    func range(raw: Float, blind: Bool) {
        var w = Wired()
        let isBlind = w.scalar(raw)
        #expect(isBlind == blind)
    }

    @Test("A gain that is no number blinds its channel", arguments: [Float.nan, .infinity])
    func badGain(gain: Float) {
        var w = Wired(gain: gain)
        let blind = w.wave(moving(1))
        #expect(blind)
    }

    @Test("No block is read past its end", arguments: [-1, 0, 21, Int.max, Int.min])
    func length(length: Int) {
        var w = Wired()
        w.sample.blockLength = length
        _ = w.wave(moving(1))
        #expect(w.readings.waves[3][19].isFinite)
    }

    @Test("A deaf contact is a bit of its own", arguments: Contact.allCases)
    func deaf(contact: Contact) {
        var w = Wired()
        w.sample.deafContacts[contact] = true
        _ = w.wave(moving(1))
        #expect(w.readings.blind.meets(.contact(contact)))
        #expect(w.readings.blind.bits.nonzeroBitCount == 1)
    }

    // The rest through a whole controller.

    /// Ticks 1001 ... of a tied coupling after `change`; the blind sets.
    private func coupling(_ ticks: Int, _ change: (inout TestBench) -> Void) -> [ChannelSet] {
        var bench = TestBench(TestSite.coupling)
        bench.grid.voltage_V = 230
        bench.power_W = 2000
        for _ in 0..<1000 { bench.turn() }
        change(&bench)
        return (0..<ticks).map { _ in
            bench.turn()
            return bench.record.verdict.blind
        }
    }

    @Test(
        "A trio that does not add up is blind without a gap, and for a cycle after",
        arguments: [0.5, 0.8, 1.3, 0])
    func trio(factor: Double) {
        let sets = coupling(200) { $0.scaled[4] = factor }
        let from = sets.firstIndex { $0.meets(.busVoltages) } ?? 200
        #expect(from < 12)
        // Until the switch opens and the bus is dead: 100 ticks and its travel.
        #expect(sets[from..<(from + 125)].allSatisfy { $0.meets(.busVoltages) })
        #expect(!sets.contains { $0.meets(.gridVoltages) })
    }

    @Test("Errors that sensors have are no lie")
    func small() {
        let sets = coupling(200) {
            $0.scaled[3] = 1.02
            $0.scaled[4] = 0.98
        }
        #expect(sets.allSatisfy { $0.isEmpty })
    }

    @Test("A block longer than the board has is not believed; a shorter one is a gap")
    func blocks() {
        var controller = Controller(TestSite.coupling)
        var sample = Sample()
        var record = Record()
        for c in 0..<9 { sample.waves[c].age = 0 }
        sample.blockLength = 5
        sample.tick = Tick(1)
        controller.tick(sample, wanting: .fallback, into: &record)
        #expect(
            record.verdict.blind.meets(.gridVoltages) && record.verdict.blind.meets(.busVoltages))
    }

    @Test("Samples lost in a tick do not shift the meter's time")
    func shortBlock() {
        var bench = TestBench(TestSite.coupling)
        bench.grid.voltage_V = 230
        bench.power_W = 2000
        for _ in 0..<1000 { bench.turn() }
        var worst: Float = 0
        for n in 0..<500 {
            bench.turn(passed: n % 50 == 7 ? 3 : 1)
            worst = max(worst, (bench.record.measured.grid.frequency.value - 50).magnitude)
        }
        #expect(worst < 0.02, "\(worst) Hz off")
    }

    @Test("A tick without a block is a gap: the phase goes on, and nothing is disturbed")
    func emptyBlock() {
        var bench = TestBench(TestSite.coupling)
        bench.grid.voltage_V = 230
        bench.power_W = 2000
        for _ in 0..<1000 { bench.turn() }
        var worst: Float = 0
        var disturbed = false
        for n in 0..<500 {
            bench.blockLength = n % 50 == 7 ? 0 : TestSite.samples
            bench.turn()
            let grid = bench.record.measured.grid
            let off = grid.phase - Turns(fraction: Float(bench.grid.turns))
            worst = max(worst, off.degrees.magnitude)
            disturbed = disturbed || grid.isDisturbed
        }
        #expect(worst < 1 && !disturbed, "\(worst)°")
    }

    @Test("A source without its channels is blind from the start")
    func lacking() {
        var s = TestSite.home
        s.scalars[Int(ScalarChannel.stateOfCharge.rawValue)].isFitted = false
        var bench = TestBench(s)
        bench.neighbours.voltage_V = 230
        for _ in 0..<1500 { bench.turn() }
        #expect(bench.record.verdict.blind.meets(.scalar(.stateOfCharge)))
        #expect(bench.record.command.inverter.mode == .off)
    }

    @Test("A meter chip that says nothing is blind; one without powers still measures voltage")
    func chip() {
        var s = TestSite.coupling
        s.frontEnd = .chip
        s.waves = InlineArray(repeating: ChannelSettings())
        for c in [ScalarChannel.gridRMS, .gridFrequency, .busRMS, .busFrequency, .busActive] {
            s.scalars[Int(c.rawValue)] = ChannelSettings(isFitted: true, staleAfter: 5)
        }
        var controller = Controller(s)
        var sample = Sample()
        var record = Record()
        func turn(_ n: Int, power: Float, grid: Float) {
            sample.tick = Tick(UInt64(n))
            sample[.gridRMS] = Scalar(raw: grid, age: 0)
            sample[.gridFrequency] = Scalar(raw: 50, age: 0)
            sample[.busRMS] = Scalar(raw: 230, age: 0)
            sample[.busFrequency] = Scalar(raw: 50, age: 0)
            sample[.busActive] = Scalar(raw: power, age: 0)
            controller.tick(sample, wanting: .fallback, into: &record)
        }
        for n in 1...10 { turn(n, power: .nan, grid: 230) }
        #expect(record.busPresence == .live && record.gridPresence == .live)
        #expect(record.verdict.blind.meets(.currents) && !record.verdict.blind.meets(.busVoltages))
        turn(11, power: 0, grid: .nan)
        #expect(record.verdict.blind.meets(.gridVoltages) && record.gridPresence == .doubtful)
    }
}

@Suite("Time and wishes")
struct TimeTests {
    @Test(
        "Durations are never cut short",
        arguments: [
            (0, 0), (-1, 0), (.nan, 0), (0.001, 1), (0.0011, 2), (0.16, 160), (10, 10_000),
            (.infinity, 2_147_483_648), (1e9, 2_147_483_648),
        ] as [(Float, UInt32)])
    func ticks(seconds: Float, ticks: UInt32) {
        #expect(TickRate(perSecond: 1000).ticks(Seconds(seconds)) == ticks)
    }

    /// Ticks a wish for an island is held, on a clock that does this.
    private func held(_ clock: (UInt64) -> UInt64, expires: UInt64) -> Int {
        var controller = Controller(TestSite.coupling)
        var sample = Sample()
        var record = Record()
        let wish = Setpoints(expires: Tick(expires), island: true)
        var held = 0
        for n in 1...3000 as ClosedRange<UInt64> {
            sample.tick = Tick(clock(n))
            controller.tick(sample, wanting: wish, into: &record)
            if controller.wish.island { held += 1 }
        }
        return held
    }

    @Test("A wish ends when it should, on a clock that runs, stands still or runs back")
    func expires() {
        #expect(held({ $0 }, expires: 1000) == 999)
        #expect(held({ _ in 1 }, expires: 1000) == 999)
        #expect(held({ 5000 - $0 }, expires: 5500) == 501)
        #expect(held({ $0 == 1 ? 1 : $0 + 1 << 40 }, expires: 1000) == 1)
    }

    @Test("Deadlines come on a clock that stands still")
    func standsStill() {
        var controller = Controller(TestSite.home)
        var sample = Sample()
        var record = Record()
        sample.tick = Tick(77)
        for c in ScalarChannel.allCases { sample[c] = Scalar(raw: 1, age: 0) }
        for c in 0..<9 { sample.waves[c].age = 0 }
        sample[.batteryVoltage] = Scalar(raw: 300, age: 0)
        var states: [String] = []
        for _ in 0..<2100 {
            controller.tick(sample, wanting: .fallback, into: &record)
            let name = String("\(record.contactor!)".prefix { $0 != "(" })
            if name != states.last { states.append(name) }
        }
        #expect(states.first == "preCharging")
        #expect(states.contains("waiting") || states.contains("opening"), "\(states)")
    }

    @Test("A refused wish is counted once, however often it is renewed; a run-out one never")
    func refused() {
        var controller = Controller(TestSite.coupling)
        var sample = Sample()
        var record = Record()
        func offer(_ n: UInt64, _ wish: Setpoints) -> UInt32 {
            sample.tick = Tick(n)
            controller.tick(sample, wanting: wish, into: &record)
            return record.refusedSetpoints
        }
        var now: UInt64 = 0
        func many(_ make: (UInt64) -> Setpoints) -> UInt32 {
            for _ in 0..<50 {
                now += 1
                _ = offer(now, make(now))
            }
            return record.refusedSetpoints
        }
        #expect(many { Setpoints(expires: Tick($0 + 5)) } == 0)
        #expect(many { _ in .fallback } == 0)
        #expect(many { _ in Setpoints() } == 0)
        #expect(many { _ in Setpoints(expires: Tick(120)) } == 1, "over before it came")
        let bad = many { Setpoints(expires: Tick($0 + 5), active: Watts(.nan)) }
        #expect(bad == 2)
        let far = many { Setpoints(expires: Tick($0 + 10_001), island: true) }
        #expect(far == 3)
        let good = many { Setpoints(expires: Tick($0 + 5), island: true) }
        #expect(good == 3)
        let once = now + 10
        #expect(many { _ in Setpoints(expires: Tick(once)) } == 3, "it runs out")
    }
}
