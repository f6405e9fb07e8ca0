import Control
import HAL
import Quantities
import Testing

@testable import Loop

/// A board that does what its script says, and tells what it was told.
struct ScriptedBoard: Board, ~Copyable {
    enum Moment { case good, frozen, sampleFails, actFails, allFails }
    /// What happens at each turn; good after the last.
    var script: [Moment] = []
    private(set) var turns = 0
    private(set) var commands: [Command] = []
    private(set) var safes: [Int] = []
    private var auxiliary = LineSet()
    /// Turns a contact takes to follow.
    private let travel = 5
    private var coils: [UInt16] = []

    private var moment: Moment {
        turns >= 1 && turns <= script.count ? script[turns - 1] : .good
    }

    init(script: [Moment] = []) { self.script = script }

    mutating func sample(at now: Tick, into sample: inout Sample) throws(BoardFault) {
        turns += 1
        switch moment {
        case .sampleFails, .allFails: throw BoardFault(.timeout, code: 110)
        case .frozen: return
        case .good, .actFails: break
        }
        sample.tick = now
        sample.contacts = LineSet(bits: coils.count >= travel ? coils[coils.count - travel] : 0)
        sample.deafContacts = LineSet()
        // Figures that move, and a link that is charged.
        let wobble = Float(turns % 7) * 0.001
        sample[.batteryVoltage] = Scalar(raw: 51 + wobble, age: 0)
        sample[.linkVoltage] = Scalar(raw: 51, age: 0)
        sample[.batteryCurrent] = Scalar(raw: wobble, age: 0)
        sample[.stateOfCharge] = Scalar(raw: 0.6 + wobble, age: 0)
        sample[.dcBusVoltage] = Scalar(raw: 48 + wobble, age: 0)
        sample[.converterCurrent] = Scalar(raw: 1 + wobble, age: 0)
    }
    mutating func act(_ command: Command) throws(BoardFault) {
        switch moment {
        case .actFails, .allFails:
            coils.append(coils.last ?? 0)
            throw BoardFault(.bus, code: 121)
        case .good, .frozen, .sampleFails: break
        }
        commands.append(command)
        coils.append(command.outputs.bits)
    }
    mutating func makeSafe() {
        safes.append(turns)
        if !coils.isEmpty { coils[coils.count - 1] = 0 }
    }
}

@Suite("Runner")
struct RunnerTests {
    /// A DC controller at 1 kHz: blind after 20 ticks, stale after 5.
    static var controller: Controller {
        let rate = TickRate(perSecond: 1000)
        var s = ControllerSettings(
            rate: rate, frontEnd: .none, nominalCurrent: Amperes(10),
            presence: PresenceLimits(deadBelow: Volts(5), liveAbove: Volts(40)),
            limits: SetpointLimits(
                frequencyBias: Hertz(1), voltageBias: Volts(1), active: Watts(1),
                reactive: Vars(1), horizon: 1000))
        for c in [
            ScalarChannel.batteryVoltage, .linkVoltage, .batteryCurrent, .stateOfCharge,
            .dcBusVoltage, .converterCurrent,
        ] { s.scalars[Int(c.rawValue)] = ChannelSettings(isFitted: true, staleAfter: 5) }
        s.blindAfter = 20
        s.sourceTripHold = 30
        s.contactor = ContactorSettings(
            leastVoltage: Volts(40),
            doneVoltage: Volts(1), doneCurrent: Amperes(0.05), preChargeBy: 100, tries: 3,
            pause: 50, lockout: 200, travel: 20, settleClose: 10, settleOpen: 10,
            hotCurrent: Amperes(1))
        s.converter = ConverterDroopSettings(
            nominalVoltage: Volts(48), resistance: Ohms(0.05), mostCurrent: Amperes(40))
        return Controller(s)
    }
    /// Runs `script` after 100 good turns, and 400 after; what `look` makes of each turn.
    private func run<T>(
        _ script: [ScriptedBoard.Moment], after: Int = 400,
        _ look: (borrowing Runner<ScriptedBoard>) -> T
    ) -> [T] {
        let lead = [ScriptedBoard.Moment](repeating: .good, count: 100)
        var runner = Runner(
            board: ScriptedBoard(script: lead + script), controller: Self.controller)
        var seen: [T] = []
        for n in 1...(100 + script.count + after) {
            runner.turn(Tick(UInt64(n)), wanting: .fallback)
            seen.append(look(runner))
        }
        return seen
    }

    @Test("A good board closes its contactor and runs")
    func good() {
        let main = run([]) { $0.record.command.outputs[Output.mainContactor] }
        #expect(main.last == true)
        let faults = run([]) { $0.sampleFaults + $0.actFaults }
        #expect(faults.last == 0)
    }

    @Test("Samples that fail age the readings until they are blind, and then the source is off")
    func sampleFails() {
        let seen = run(Array(repeating: .sampleFails, count: 60)) {
            (
                $0.sample[.batteryVoltage].age, $0.record.verdict.blind, $0.sampleFaults,
                $0.record.command.outputs[Output.mainContactor],
                $0.lastFault, $0.sample.deafContacts.bits, $0.sample.tick.count
            )
        }
        // Turn 101 is index 100.
        #expect(seen[99].0 == 0 && seen[99].1.isEmpty)
        #expect(seen[100].0 == 1 && seen[100].5 == 0xFF && seen[100].6 == 101)
        #expect(!seen[104].1.meets(.scalar(.batteryVoltage)) && seen[104].0 == 5)
        #expect(seen[105].1.meets(.scalar(.batteryVoltage)) && seen[105].0 == 6)
        #expect(seen[118].3, "19 turns without a contact are forgiven")
        #expect(!seen[119].3, "20 are not: the contacts were unheard since the first")
        #expect(seen.last?.2 == 60 && seen.last?.4 == BoardFault(.timeout, code: 110))
        #expect(seen.last?.3 == true, "it comes back by itself")
    }

    @Test("A frozen board keeps its old ages; the controller's time goes on")
    func frozen() {
        let ticks = run(Array(repeating: .frozen, count: 30)) { $0.record.elapsed }
        #expect(ticks.allSatisfy { $0 >= 1 })
        #expect(ticks[130] == 31, "what was missed is seen when it thaws")
    }

    @Test("Commands that fail are forgiven twice; the third makes the board safe")
    func actFails() {
        for (count, safes) in [(1, 0), (2, 0), (3, 1), (5, 3)] {
            let seen = run(Array(repeating: .actFails, count: count)) {
                ($0.board.safes.count, $0.actFaults)
            }
            #expect(seen.last?.0 == safes && seen.last?.1 == UInt64(count))
        }
        let apart: [ScriptedBoard.Moment] = [.actFails, .actFails, .good, .actFails, .actFails]
        let seen = run(apart) { $0.board.safes.count }
        #expect(seen.last == 0, "in a row")
    }

    @Test("What a board let go of is not closed again without pre-charge")
    func afterMakeSafe() {
        let seen = run(Array(repeating: .actFails, count: 3)) {
            (
                $0.record.command.outputs[Output.mainContactor],
                $0.record.command.outputs[Output.preCharge],
                $0.record.contactorCause
            )
        }
        // Turn 103 made it safe; 104 may drive nothing, though the contact has not fallen yet.
        #expect(seen[102].0 && !seen[103].0 && !seen[103].1)
        let again = seen.indices.dropFirst(104).first { seen[$0].0 }
        let charged = seen.indices.dropFirst(104).first { seen[$0].1 }
        #expect(again != nil && charged != nil && charged! < again!)
        #expect(seen[110].2 == .droppedOut)
    }

    @Test("A driver that fails whole, and comes back")
    func allFails() {
        let seen = run(Array(repeating: .allFails, count: 50)) {
            ($0.sampleFaults, $0.actFaults, $0.board.safes.count, $0.record.command.converter.isOn)
        }
        #expect(seen.last! == (50, 50, 48, true))
    }

    @Test("Ages stop at the highest")
    func ages() {
        var s = Sample(tick: Tick(0))
        s[.batteryVoltage].age = 0
        s.waves[0].age = 65_530
        s.grow(to: Tick(10))
        #expect(s[.batteryVoltage].age == 10 && s.waves[0].age == .max && s.tick == Tick(10))
        s.grow(to: Tick(5))
        #expect(s[.batteryVoltage].age == 11, "a clock that runs back ages by one")
        s.grow(to: Tick(1 << 50))
        #expect(s[.batteryVoltage].age == .max && s.blockLength == 0)
    }
}
