import Quantities
import Testing

@testable import Control

/// Samples, clocks and wishes that no board and no person would give, and what must hold whatever
/// comes: no trap, a finite command, and in the very tick of a verdict the outputs that obey it.
@Suite("Hostile input")
struct HostileTests {
    #if DEBUG
        static let seeds: UInt64 = 100
    #else
        static let seeds: UInt64 = 2000
    #endif
    static let ticks = 500
    static let floats: [Float] = [
        .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        .leastNonzeroMagnitude, 0, -0.0, 1, -1, 50, 230, 400, 1e9, -1e9, .signalingNaN,
    ]
    static let counts: [Int32] = [.min, .max, 0, 1, -1, 6505, -6505, 32_000, -32_000, 1 << 24]
    static let ages: [UInt16] = [0, 0, 0, 0, 1, 5, 6, 499, 500, 501, .max, .max - 1]

    private func fill(_ s: inout Sample, _ dice: inout Dice) {
        // Half of the runs are mostly sound, so that states are reached which only sound input
        // reaches.
        for c in 0..<WaveChannel.count where dice.oneIn(4) {
            s.waves[c].age = Self.ages[Int(dice.below(UInt64(Self.ages.count)))]
            for k in 0..<blockLimit where dice.oneIn(2) {
                s.waves[c].counts[k] = Self.counts[Int(dice.below(UInt64(Self.counts.count)))]
            }
        }
        for c in 0..<ScalarChannel.count where dice.oneIn(4) {
            s.scalars[c] = Scalar(
                raw: Self.floats[Int(dice.below(UInt64(Self.floats.count)))],
                age: Self.ages[Int(dice.below(UInt64(Self.ages.count)))])
        }
        s.contacts = LineSet(bits: UInt16(truncatingIfNeeded: dice.next()))
        s.deafContacts = LineSet(bits: dice.oneIn(3) ? UInt16(truncatingIfNeeded: dice.next()) : 0)
        let lengths = [4, 4, 4, 4, 0, 1, 3, 5, 20, 21, -1, .max, .min]
        s.blockLength = lengths[Int(dice.below(UInt64(lengths.count)))]
    }

    private func next(_ tick: UInt64, _ dice: inout Dice) -> UInt64 {
        switch dice.below(12) {
        case 0: tick
        case 1: tick &- dice.below(1000)
        case 2: tick &+ 1 << 40
        case 3: dice.oneIn(10) ? .max : tick &+ 7
        case 4: dice.oneIn(10) ? 0 : tick &+ dice.below(100_000)
        default: tick &+ 1
        }
    }

    private func wish(_ now: UInt64, _ dice: inout Dice) -> Setpoints {
        var w = Setpoints(expires: Tick(dice.oneIn(3) ? dice.next() : now &+ dice.below(20_000)))
        let bits = dice.next()
        w.connect = bits & 1 != 0
        w.island = bits & 6 == 6
        w.acknowledge = bits & 8 != 0
        w.tied = bits & 16 != 0
        w.guarded = bits & 32 != 0
        func some(_ dice: inout Dice) -> Float {
            Self.floats[Int(dice.below(UInt64(Self.floats.count)))]
        }
        if bits & 0x1C0 == 0 {
            w.frequencyBias = Hertz(some(&dice))
            w.voltageBias = Volts(some(&dice))
            w.active = Watts(some(&dice))
            w.reactive = Vars(some(&dice))
        }
        return w
    }

    /// The first thing that should not be, or nil.
    static func fault(_ r: Record, _ s: Sample, _ settings: ControllerSettings) -> String? {
        let c = r.command
        let numbers = [
            c.inverter.frequency.value, c.inverter.voltage.value, c.inverter.active.value,
            c.inverter.reactive.value, c.converter.voltage.value, c.converter.mostOut.value,
            c.converter.mostIn.value,
            c.renewables, c.charging, r.frequencyBias.value, r.voltageBias.value,
        ]
        if !numbers.allSatisfy(\.isFinite) { return "not finite: \(numbers)" }
        if !(c.renewables >= 0 && c.renewables <= 1) { return "renewables \(c.renewables)" }
        if let d = settings.source?.droop, c.inverter.mode != .off {
            let off = (c.inverter.frequency - d.nominalFrequency).magnitude
            if !(off <= d.frequencySpan) { return "frequency \(c.inverter.frequency)" }
            if !(c.inverter.voltage.value >= 0
                && c.inverter.voltage <= d.nominalVoltage + d.voltageSpan)
            {
                return "voltage \(c.inverter.voltage)"
            }
        }
        if r.verdict.mustTripSource {
            if c.outputs[Output.mainContactor] { return "main contactor driven through a trip" }
            if c.outputs[Output.preCharge] { return "pre-charge driven through a trip" }
            if c.inverter.mode != .off || c.outputs[Output.inverterEnable] {
                return "inverter on through a trip"
            }
            if c.converter.isOn { return "converter on through a trip" }
        }
        if r.verdict.mustIsland && c.outputs[Output.islandingSwitch] {
            return "switch driven through a verdict"
        }
        let pauses = r.der.map { $0.isInService && !$0.isEnergising } ?? false
        if c.inverter.mode == .off && c.outputs[Output.inverterEnable] != pauses {
            return pauses ? "paused and disabled" : "enabled and off"
        }
        if let i = settings.interconnect, settings.source == nil {
            let n = i.nameplate
            let p = c.inverter.active.value, q = c.inverter.reactive.value
            let most = n.apparent.value * 1.000_01
            let isInside =
                p <= n.mostOut.value && p >= -n.mostIn.value && q <= n.mostInjected.value
                && q >= -n.mostAbsorbed.value && p * p + q * q <= most * most
            if !isInside { return "outside the nameplate: \(p) W, \(q) var" }
            if r.verdict.mustCease && c.outputs[Output.inverterEnable] {
                return "inverter on through a verdict to cease"
            }
        }
        if c.outputs[Output.mainContactor] && r.contactor == .welded { return "welded and driven" }
        for k in 0..<ScalarChannel.count where settings.scalars[k].isFitted {
            let bad =
                !s.scalars[k].raw.isFinite || s.scalars[k].age > settings.scalars[k].staleAfter
            if bad && r.verdict.blind.bits & 1 << UInt64(16 + k) == 0 {
                return "scalar \(k) healthy: \(s.scalars[k])"
            }
        }
        for k in 0..<WaveChannel.count where settings.waves[k].isFitted {
            if s.waves[k].age > settings.waves[k].staleAfter
                && r.verdict.blind.bits & 1 << UInt64(k) == 0
            {
                return "wave \(k) healthy at age \(s.waves[k].age)"
            }
        }
        if s.deafContacts.bits & 0xFF != 0
            && (r.verdict.blind.bits >> 48) & 0xFF != UInt64(s.deafContacts.bits & 0xFF)
        {
            return "deaf contact healthy"
        }
        return nil
    }

    /// Chip and DC sites get the same treatment.
    static var sites: [(String, ControllerSettings)] {
        var chip = TestSite.everything
        chip.frontEnd = .chip
        for c in ScalarChannel.allCases {
            chip.scalars[Int(c.rawValue)] = ChannelSettings(isFitted: true, staleAfter: 5)
        }
        return [
            ("everything", TestSite.everything), ("coupling", TestSite.coupling),
            ("home", TestSite.home), ("nanogrid", TestSite.nanogrid), ("chip", chip),
            ("der", TestSite.der),
        ]
    }

    @Test("From nothing: random samples, clocks and wishes")
    func hostile() {
        var first: String?
        let sites = Self.sites
        for seed in 0..<Self.seeds where first == nil {
            var dice = Dice(seed)
            let (name, settings) = sites[Int(seed % UInt64(sites.count))]
            var controller = Controller(settings)
            var sample = Sample()
            var record = Record()
            var tick = seed % 7 == 0 ? dice.next() : 0
            for n in 0..<Self.ticks {
                tick = next(tick, &dice)
                sample.tick = Tick(tick)
                if !(seed % 2 == 0 && n % 50 > 2) || n == 0 { fill(&sample, &dice) }
                controller.tick(sample, wanting: wish(tick, &dice), into: &record)
                if let fault = Self.fault(record, sample, settings) {
                    first = "\(name), seed \(seed), tick \(n): \(fault)"
                    break
                }
            }
        }
        #expect(first == nil, "\(first ?? "")")
    }

    @Test("Out of a running site: hostile ticks among sound ones")
    func amongSound() {
        var first: String?
        for seed in 0..<Self.seeds / 20 where first == nil {
            var dice = Dice(seed)
            let settings = [TestSite.home, TestSite.everything, TestSite.der][Int(seed % 3)]
            var bench = TestBench(settings)
            bench.grid.voltage_V = 230
            bench.neighbours.voltage_V = 230
            bench.power_W = 2000
            for n in 0..<2500 {
                if n > 1000 && dice.oneIn(20) {
                    let c = UInt8(dice.below(9))
                    if bench.stale.remove(c) == nil { bench.stale.insert(c) }
                }
                if n > 1000 && dice.oneIn(20) {
                    let c = Contact(rawValue: UInt8(dice.below(8)))!
                    bench.habits[c] =
                        [.follows, .follows, .deaf, .says(true), .says(false)][Int(dice.below(5))]
                }
                if n > 1000 && dice.oneIn(20) {
                    let c = ScalarChannel(rawValue: UInt8(dice.below(5)))!
                    bench.scalars[c] =
                        dice.oneIn(2)
                        ? Self.floats[Int(dice.below(UInt64(Self.floats.count)))]
                        : [400, 0, 25, 0.8, 400][Int(c.rawValue)]
                }
                if dice.oneIn(50) { bench.wish = wish(bench.now, &dice) }
                bench.turn(passed: dice.oneIn(100) ? 1 + dice.below(100) : 1)
                if let fault = Self.fault(bench.record, bench.sample, settings) {
                    first = "seed \(seed), tick \(n): \(fault)"
                    break
                }
            }
        }
        #expect(first == nil, "\(first ?? "")")
    }

    @Test("Settings that are no numbers form no command")
    func hostileSettings() {
        var s = TestSite.home
        s.source!.droop.frequencySpan = Hertz(.nan)
        s.source!.droop.voltageSpan = Volts(.infinity)
        s.source!.droop.rating = VoltAmperes(0)
        s.source!.droop.filter = Seconds(.nan)
        s.waves[3].gain = .nan
        s.scalars[0].gain = .infinity
        var bench = TestBench(s)
        bench.neighbours.voltage_V = 230
        var first: String?
        for _ in 0..<1500 where first == nil {
            bench.turn()
            let c = bench.record.command.inverter
            if c.mode != .off { first = "\(c)" }
            if !c.frequency.isFinite || !c.voltage.isFinite { first = "\(c)" }
        }
        #expect(first == nil, "\(first ?? "")")
        #expect(bench.record.verdict.blind.meets(.wave(.busA)))
    }

    @Test("A command that is no number turns the source off, with a cause")
    func proof() {
        var s = TestSite.home
        s.source!.droop.frequencySpan = Hertz(.nan)
        var bench = TestBench(s)
        bench.neighbours.voltage_V = 230
        for _ in 0..<1000 { bench.turn() }
        #expect(bench.record.command.inverter == InverterCommand())
        #expect(bench.record.sourceCause == .blind)
        if case .tripped(.blind, _)? = bench.record.source {
        } else {
            Issue.record("\(bench.record.source!)")
        }
    }
}
