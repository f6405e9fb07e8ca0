import Control
import HAL
import Plant
import Quantities
import SimBoard
import Testing

/// A plant of which everything is known.
final class PlainPort: PlantPort {
    var applied: [Command] = []
    var scale = 1.0
    var relays: [(Contact, RelayFault?)] = []
    var contacts = LineSet()
    var deafContacts = LineSet()
    func read(waves: inout TrueWaves, count: Int) {
        for c in 0..<9 {
            for k in 0..<count { waves[c][k] = Double(c * 100 + k) * scale }
        }
    }
    func read(_ channel: ScalarChannel) -> Double { Double(channel.rawValue) * 10 * scale }
    func apply(_ command: Command) { applied.append(command) }
    func fault(_ relay: Contact, _ fault: RelayFault?) { relays.append((relay, fault)) }
}

@Suite("Simulated board")
struct SimBoardTests {
    private static let exact = SensorModel(gain: 1, zero: 0, bits: 16, noise: 0)
    private func board(
        _ port: PlainPort, noise: Double = 0, every: Int = 1, delay: Int = 1, seed: UInt64 = 1
    ) -> SimBoard {
        var d = SimBoardDescription(samplesPerTick: 4, ticksPerSecond: 1000, commandDelay: delay)
        var model = Self.exact
        model.noise = noise
        for c in [WaveChannel.busA, .busB, .currentA] { d.waves[c] = model }
        var slow = SensorModel(gain: 1, bits: 0, noise: noise)
        slow.every = every
        d.scalars = [.batteryVoltage: slow, .linkVoltage: slow]
        return SimBoard(d, port: port, random: Random(seed: seed))
    }
    private func counts(_ s: Sample, _ c: WaveChannel) -> [Int32] {
        (0..<4).map { s.waves[Int(c.rawValue)].counts[$0] }
    }

    @Test("A sample holds what the plant has, with age nil")
    func sample() throws {
        let port = PlainPort()
        port.contacts = LineSet(bits: 0b101)
        port.deafContacts = LineSet(bits: 0b10)
        var b = board(port)
        var s = Sample()
        try b.sample(at: Tick(1), into: &s)
        #expect(s.tick == Tick(1) && s.blockLength == 4)
        #expect(counts(s, .busB) == [400, 401, 402, 403] && s.waves[4].age == 0)
        #expect(s[.linkVoltage].raw == 40 && s[.linkVoltage].age == 0)
        #expect(s.contacts.bits == 0b101 && s.deafContacts.bits == 0b10)
        // What is not fitted stays as it was: never read.
        #expect(s.waves[0].age == .max && s[.pvPower].age == .max && s[.pvPower].raw.isNaN)
    }

    @Test("Drop and NaN: a waveform ages by the ticks that pass and keeps its counts")
    func drop() throws {
        for fault in [SensorFault.drop, .nan] {
            let port = PlainPort()
            var b = board(port)
            var s = Sample()
            try b.sample(at: Tick(1), into: &s)
            let laid = b.fault(.wave(.busB), fault)
            #expect(laid)
            port.scale = 2
            try b.sample(at: Tick(2), into: &s)
            try b.sample(at: Tick(9), into: &s)
            #expect(s.waves[4].age == 8 && counts(s, .busB) == [400, 401, 402, 403])
            #expect(s.waves[3].age == 0 && counts(s, .busA) == [600, 602, 604, 606])
            _ = b.fault(.wave(.busB), nil)
            try b.sample(at: Tick(10), into: &s)
            #expect(s.waves[4].age == 0 && counts(s, .busB) == [800, 802, 804, 806])
        }
    }

    @Test("Scalars: drop ages, NaN says nothing")
    func scalars() throws {
        var b = board(PlainPort())
        var s = Sample()
        try b.sample(at: Tick(1), into: &s)
        _ = b.fault(.scalar(.linkVoltage), .drop)
        try b.sample(at: Tick(4), into: &s)
        #expect(s[.linkVoltage].age == 3 && s[.linkVoltage].raw == 40)
        _ = b.fault(.scalar(.linkVoltage), .nan)
        try b.sample(at: Tick(5), into: &s)
        #expect(s[.linkVoltage].age == 0 && s[.linkVoltage].raw.isNaN)
    }

    @Test("A swap is laid on both, and taken off both, from either side")
    func swap() throws {
        for (first, second) in [(WaveChannel.busA, WaveChannel.busB), (.busB, .busA)] {
            for clear in [SensorFault?.none, .scale(1)] {
                var b = board(PlainPort())
                var s = Sample()
                _ = b.fault(.wave(first), .swap(with: second.rawValue))
                try b.sample(at: Tick(1), into: &s)
                #expect(counts(s, .busA)[0] == 400 && counts(s, .busB)[0] == 300)
                _ = b.fault(.wave(second), clear)
                try b.sample(at: Tick(2), into: &s)
                #expect(counts(s, .busA)[0] == 300 && counts(s, .busB)[0] == 400)
            }
        }
        var b = board(PlainPort())
        var s = Sample()
        _ = b.fault(.scalar(.batteryVoltage), .swap(with: ScalarChannel.linkVoltage.rawValue))
        try b.sample(at: Tick(1), into: &s)
        #expect(s[.batteryVoltage].raw == 40 && s[.linkVoltage].raw == 0)
        _ = b.fault(.scalar(.linkVoltage), nil)
        try b.sample(at: Tick(2), into: &s)
        #expect(s[.batteryVoltage].raw == 0 && s[.linkVoltage].raw == 40)
    }

    @Test("A place that is not fitted refuses its fault; a relay's goes to the plant")
    func places() {
        let port = PlainPort()
        var b = board(port)
        let refused = [
            b.fault(.wave(.gridA), .freeze), b.fault(.scalar(.pvPower), .freeze),
            b.fault(.relay(.load0), .freeze),
        ]
        #expect(refused == [false, false, false])
        b.fault(relay: .mainContactor, .weld)
        #expect(port.relays.count == 1 && port.relays[0] == (.mainContactor, .weld))
    }

    @Test("Commands arrive exactly so many turns late", arguments: [0, 1, 5, 15])
    func delay(turns: Int) throws {
        let port = PlainPort()
        var b = board(port, delay: turns)
        for n in 1...40 {
            var c = Command()
            c.charging = Float(n)
            try b.act(c)
        }
        let expected = (1...40).map { Float(max(0, $0 - turns)) }
        #expect(port.applied.map(\.charging) == expected)
    }

    @Test("Making safe lets go at once, and forgets what was on its way")
    func makeSafe() throws {
        let port = PlainPort()
        var b = board(port, delay: 3)
        var c = Command()
        c.charging = 1
        for _ in 0..<5 { try b.act(c) }
        b.makeSafe()
        #expect(port.applied.last == Command())
        for _ in 0..<4 { try b.act(c) }
        #expect(port.applied.suffix(4).map(\.charging) == [0, 0, 0, 1])
    }

    @Test("A driver that fails throws from both, and leaves the sample as it was")
    func driver() throws {
        var b = board(PlainPort())
        var s = Sample()
        try b.sample(at: Tick(1), into: &s)
        b.driverFault = BoardFault(.bus, code: 121)
        var thrown: [BoardFault] = []
        do throws(BoardFault) { try b.sample(at: Tick(2), into: &s) } catch { thrown.append(error) }
        do throws(BoardFault) { try b.act(Command()) } catch { thrown.append(error) }
        #expect(thrown == [BoardFault(.bus, code: 121), BoardFault(.bus, code: 121)])
        #expect(s.tick == Tick(1))
        b.driverFault = nil
        try b.sample(at: Tick(5), into: &s)
        #expect(s.tick == Tick(5) && s.waves[3].age == 0)
    }

    @Test("Slow channels publish by time, missed ticks or not", arguments: [1, 2, 7] as [UInt64])
    func every(step: UInt64) throws {
        var b = board(PlainPort(), every: 10)
        var s = Sample()
        var oldest: UInt16 = 0
        var fresh = 0
        for n in stride(from: step, through: 700, by: Int(step)) {
            try b.sample(at: Tick(n), into: &s)
            oldest = max(oldest, s[.linkVoltage].age)
            if s[.linkVoltage].age == 0 { fresh += 1 }
        }
        #expect(fresh >= 69 && fresh <= 71, "\(fresh)")
        #expect(oldest < 10 + UInt16(step))
    }

    @Test("Two boards of one seed read alike; another seed does not")
    func deterministic() throws {
        func run(_ seed: UInt64) throws -> [Int32] {
            var b = board(PlainPort(), noise: 5, seed: seed)
            var s = Sample()
            var all: [Int32] = []
            for n in 1...50 as ClosedRange<UInt64> {
                try b.sample(at: Tick(n), into: &s)
                all += counts(s, .busA) + [Int32(s[.linkVoltage].raw * 1000)]
            }
            return all
        }
        let a = try run(1), b = try run(1), c = try run(2)
        #expect(a == b && a != c)
    }
}
