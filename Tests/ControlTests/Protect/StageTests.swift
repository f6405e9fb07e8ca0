import Quantities
import Testing

@testable import Control

extension Measured {
    /// All settled and at 0, with the floor of a 230 V site.
    fileprivate static var quiet: Measured {
        var m = Measured()
        m.grid = side(230)
        m.bus = side(230)
        m.frequencyFloor = Volts(23)
        m.dcBusVoltage = Volts(0)
        m.batteryVoltage = Volts(0)
        m.batteryCurrent = Amperes(0)
        m.batteryTemperature = Celsius(0)
        m.stateOfCharge = 0
        return m
    }
    /// Gives `value` to what is watched, the other phases a sound figure.
    fileprivate mutating func set(_ watched: Watched, _ value: Float) {
        switch watched {
        case .gridLowest, .gridHighest: grid.phaseB = Volts(value)
        case .busLowest, .busHighest: bus.phaseC = Volts(value)
        case .gridFrequency: grid.frequency = Hertz(value)
        case .busFrequency: bus.frequency = Hertz(value)
        case .gridROCOF: grid.rocof = HertzPerSecond(-value)
        case .busROCOF: bus.rocof = HertzPerSecond(-value)
        case .gridVectorShift: grid.vectorShift = -value
        case .current: bus.currentB = Amperes(value)
        case .dcBusVoltage: dcBusVoltage = Volts(value)
        case .batteryVoltage: batteryVoltage = Volts(value)
        case .batteryCurrent: batteryCurrent = Amperes(-value)
        case .batteryTemperature: batteryTemperature = Celsius(value)
        case .stateOfCharge: stateOfCharge = value
        }
    }
}

extension Watched {
    /// A threshold that the other phases, at 230 V or 0 A, do not decide.
    fileprivate func pickup(_ sense: Sense) -> Float {
        switch self {
        case .gridLowest, .busLowest: 200
        case .gridHighest, .busHighest: 260
        default: sense == .over ? 51.5 : 47.5
        }
    }
    /// The channels whose blindness blinds it.
    fileprivate var channels: [ChannelSet] {
        switch self {
        case .gridLowest, .gridHighest, .gridFrequency, .gridROCOF, .gridVectorShift:
            [.wave(.gridA), .wave(.gridB), .wave(.gridC)]
        case .busLowest, .busHighest, .busFrequency, .busROCOF:
            [.wave(.busA), .wave(.busB), .wave(.busC)]
        case .current: [.wave(.currentA), .wave(.currentB), .wave(.currentC)]
        case .dcBusVoltage: [.scalar(.dcBusVoltage)]
        case .batteryVoltage: [.scalar(.batteryVoltage)]
        case .batteryCurrent: [.scalar(.batteryCurrent)]
        case .batteryTemperature: [.scalar(.batteryTemperature)]
        case .stateOfCharge: [.scalar(.stateOfCharge)]
        }
    }
    fileprivate var isFrequency: Bool {
        switch self {
        case .gridFrequency, .busFrequency, .gridROCOF, .busROCOF, .gridVectorShift: true
        default: false
        }
    }
    fileprivate var isVoltage: Bool {
        switch self {
        case .gridLowest, .gridHighest, .busLowest, .busHighest: true
        default: false
        }
    }
}

@Suite("Protection stages")
struct StageTests {
    static let senses: [Sense] = [.over, .under]

    @Test("Everything that can be watched, at pickup and dropout and a unit in the last place away")
    func thresholds() {
        var wrong: [String] = []
        for watched in Watched.allCases {
            for sense in Self.senses {
                let pickup = watched.pickup(sense)
                let dropout = sense == .over ? pickup - 1 : pickup + 1
                let stage = Stage(
                    watched, sense, pickup, clearing: 1, dropout: dropout, reset: 1, action: .alarm)
                let beyond = sense == .over ? pickup.nextUp : pickup.nextDown
                let between = sense == .over ? dropout.nextUp : dropout.nextDown
                let rows: [(Float, Finding)] = [
                    (pickup, .between), (beyond, .beyond), (dropout, .sound), (between, .between),
                    (.nan, .blind), (.infinity, .blind), (-.infinity, .blind),
                ]
                for (value, finding) in rows {
                    var m = Measured.quiet
                    m.set(watched, value)
                    let found = m.finding(for: stage)
                    // The lowest of three is no higher than 230 V, the highest no lower.
                    if found != finding && !(watched.isVoltage && isMasked(watched, value)) {
                        wrong.append("\(watched) \(sense) \(value): \(found)")
                    }
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }
    private func isMasked(_ watched: Watched, _ value: Float) -> Bool {
        guard value.isFinite else { return false }
        return watched == .gridLowest || watched == .busLowest ? value >= 230 : value <= 230
    }

    @Test("A blind channel makes what rests on it blind, and nothing else")
    func blind() {
        var wrong: [String] = []
        let bits: [UInt64] = Array(0..<9) + Array(16..<35) + Array(48..<56)
        for watched in Watched.allCases {
            let stage = Stage(
                watched, .over, 1e9, clearing: 1, dropout: 1e9, reset: 1, action: .alarm)
            for bit in bits {
                var m = Measured.quiet
                m.blind = ChannelSet(bits: 1 << bit)
                let mine = watched.channels.contains { $0.meets(m.blind) }
                if (m.finding(for: stage) == .blind) != mine { wrong.append("\(watched) \(bit)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test("An unsettled meter has no voltage, a dead circuit no frequency: absent, not sound")
    func absent() {
        var wrong: [String] = []
        for watched in Watched.allCases {
            let stage = Stage(
                watched, .over, 1e9, clearing: 1, dropout: 1e9, reset: 1, action: .alarm)
            var unsettled = Measured.quiet
            unsettled.grid.isSettled = false
            unsettled.bus.isSettled = false
            let expected: Finding = watched.isFrequency || watched.isVoltage ? .absent : .sound
            if unsettled.finding(for: stage) != expected { wrong.append("\(watched) unsettled") }
            var dead = Measured.quiet
            dead.grid.positive = Volts(Float(23).nextDown)
            dead.bus.positive = dead.grid.positive
            let then: Finding = watched.isFrequency ? .absent : .sound
            if dead.finding(for: stage) != then { wrong.append("\(watched) dead") }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test("A person's latch holds until acknowledged, and only where the cause is gone")
    func latch() {
        let stage = Stage(
            .current, .over, 1, clearing: 1, dropout: 1, reset: 5, action: .alarm, latch: .person)
        var state = StageState()
        _ = state.step(stage, .beyond, elapsed: 1, acknowledged: true, hold: 9)
        for _ in 0..<100 { _ = state.step(stage, .beyond, elapsed: 1, acknowledged: true, hold: 9) }
        #expect(state.phase == .tripped)
        for _ in 0..<100 { _ = state.step(stage, .sound, elapsed: 1, acknowledged: false, hold: 9) }
        #expect(state.phase == .tripped)
        _ = state.step(stage, .between, elapsed: 1, acknowledged: true, hold: 9)
        #expect(state.phase == .tripped)
        for _ in 0..<4 { _ = state.step(stage, .sound, elapsed: 1, acknowledged: true, hold: 9) }
        #expect(state.phase == .tripped)
        _ = state.step(stage, .sound, elapsed: 1, acknowledged: true, hold: 9)
        #expect(state.phase == .watching)
    }
}
