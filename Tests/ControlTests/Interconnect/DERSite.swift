import Quantities

@testable import Control

/// A DER of 10 kVA on three phases of 120 V at 60 Hz, 1 kHz, under IEEE 1547-2018.
enum DERSite {
    enum Category: CaseIterable { case one, two, three }
    static let rating: Float = 10_000
    static let volts: Float = 120

    /// Tables 14 to 16.
    static func rideThrough(_ category: Category) -> RideThroughSettings {
        switch category {
        case .one:
            RideThroughSettings(
                mandatory: .init(0.70, 1.10), permissive: .init(0.50, 1.20),
                momentaryCessation: .init(0.50, 1.20))
        case .two: RideThroughSettings()
        case .three:
            RideThroughSettings(
                mandatory: .init(0.50, 1.10), permissive: .init(0.50, 1.10),
                momentaryCessation: .init(0, 1.20))
        }
    }

    /// Tables 11 to 13 and 18, the clearing times short of 40 ms that the meter and the inverter take.
    static func stages(_ category: Category) -> [Stage] {
        func voltage(_ w: Watched, _ s: Sense, _ pickup: Float, _ clearing: UInt32) -> Stage {
            Stage(
                w, s, pickup * volts, clearing: clearing,
                dropout: (s == .over ? pickup - 0.01 : pickup + 0.01) * volts, reset: 100,
                action: .cease)
        }
        func frequency(_ s: Sense, _ pickup: Float, _ clearing: UInt32) -> Stage {
            Stage(
                .busFrequency, s, pickup, clearing: clearing,
                dropout: s == .over ? pickup - 0.05 : pickup + 0.05, reset: 100, action: .cease)
        }
        let (ov1, uv1, uv1By, uv2, uv2By): (UInt32, Float, UInt32, Float, UInt32) =
            switch category {
            case .one: (1960, 0.70, 1960, 0.45, 120)
            case .two: (1960, 0.70, 9960, 0.45, 120)
            case .three: (12_960, 0.88, 20_960, 0.50, 1960)
            }
        return [
            voltage(.busHighest, .over, 1.20, 120), voltage(.busHighest, .over, 1.10, ov1),
            voltage(.busLowest, .under, uv1, uv1By), voltage(.busLowest, .under, uv2, uv2By),
            frequency(.over, 62, 120), frequency(.over, 61.2, 299_960),
            frequency(.under, 58.5, 299_960), frequency(.under, 56.5, 120),
        ]
    }

    /// A short way into service: half a second of window, a second of ramp.
    static func settings(
        _ category: Category = .two, canCharge: Bool = false, frequency: Float = 60
    ) -> ControllerSettings {
        var s = ControllerSettings(
            rate: TickRate(perSecond: 1000), frontEnd: .waveform(samplesPerTick: 4),
            nominalFrequency: Hertz(frequency), nominalVoltage: Volts(volts),
            nominalCurrent: Amperes(30),
            presence: PresenceLimits(deadBelow: Volts(12), liveAbove: Volts(84)),
            limits: SetpointLimits(
                frequencyBias: Hertz(2), voltageBias: Volts(30), active: Watts(rating),
                reactive: Vars(rating), horizon: 10_000))
        for c in 3..<9 {
            s.waves[c] = ChannelSettings(
                isFitted: true, gain: c < 6 ? 0.02 : 0.005, lowest: -32_000, highest: 32_000,
                staleAfter: 5, stuckAfter: 30)
        }
        s.blindAfter = 100
        s.stages = stages(category)
        var i = InterconnectSettings(
            nameplate: Nameplate(
                apparent: VoltAmperes(rating), mostOut: Watts(rating),
                mostIn: Watts(canCharge ? rating : 0), mostInjected: Vars(0.44 * rating),
                mostAbsorbed: Vars(0.44 * rating)),
            enterService: EnterServiceSettings(
                window: EnterService.Window(
                    voltage: (Volts(0.917 * volts), Volts(1.05 * volts)),
                    frequency: (Hertz(frequency - 0.5), Hertz(frequency + 0.1)), delay: 500,
                    excursion: 50),
                ramp: Seconds(1)))
        i.rideThrough = rideThrough(category)
        i.isDispatched = canCharge
        s.interconnect = i
        return s
    }

    /// Table 8, categories A and B.
    static var voltVarA: Curve { curve([(0.90, 0.25), (1, 0), (1, 0), (1.10, -0.25)]) }
    static var voltVarB: Curve { curve([(0.92, 0.44), (0.98, 0), (1.02, 0), (1.08, -0.44)]) }
    static func curve(_ points: [(Float, Float)]) -> Curve {
        var c = Curve()
        for (x, y) in points { c.add(x, y) }
        return c
    }
}

/// A DER on a table: figures in, commands out, without a waveform. What is commanded flows in the next
/// tick, as far as it is available.
struct DERDesk {
    var controller: Controller
    private(set) var record = Record()
    var wish = Setpoints.fallback
    /// Phase voltages, per unit, 120° apart.
    var phases: [Float] = [1, 1, 1]
    var frequency: Float
    var available_W: Float = 20_000
    var blind = ChannelSet()
    var battery_degC: Float = 25
    var isReady = true
    /// Figures that are not seen, in place of those that are.
    var override: ((inout ACMeasured) -> Void)?
    private(set) var ticks: UInt64 = 0

    init(_ settings: ControllerSettings) {
        controller = Controller(settings)
        frequency = settings.nominalFrequency.value
    }
    var state: DERState { record.der! }
    var voltage_pu: Float {
        get { phases[0] }
        set { phases = [newValue, newValue, newValue] }
    }
    /// Commanded, per unit of the rating.
    var p: Float { record.command.inverter.active.value / DERSite.rating }
    var q: Float { record.command.inverter.reactive.value / DERSite.rating }

    /// `count` steps of `each` ticks.
    mutating func turn(_ count: Int = 1, each: UInt32 = 1) {
        for _ in 0..<count {
            ticks += UInt64(each)
            controller.clock = Tick(ticks)
            var bus = ACMeasured()
            let v = phases.map { $0 * DERSite.volts }
            (bus.phaseA, bus.phaseB, bus.phaseC) = (Volts(v[0]), Volts(v[1]), Volts(v[2]))
            func line(_ a: Float, _ b: Float) -> Volts {
                Volts((a * a + b * b + a * b).squareRoot())
            }
            (bus.lineAB, bus.lineBC, bus.lineCA) = (
                line(v[0], v[1]), line(v[1], v[2]), line(v[2], v[0])
            )
            bus.hasLines = true
            bus.positive = Volts((v[0] + v[1] + v[2]) / 3)
            bus.frequency = Hertz(bus.positive.value > 6 ? frequency : 0)
            let command = record.command.inverter
            let flows = command.mode == .follow
            bus.active = Watts(flows ? min(command.active.value, available_W) : 0)
            bus.reactive = Vars(flows ? command.reactive.value : 0)
            bus.isSettled = true
            override?(&bus)
            record.measured.bus = bus
            record.measured.blind = blind
            record.measured.batteryTemperature = Celsius(battery_degC)
            record.measured.frequencyFloor = Volts(12)
            var sample = Sample(tick: Tick(ticks))
            sample.contacts[Contact.inverterReady] = isReady
            record.verdict = controller.protection.protect(
                record.measured, elapsed: each, acknowledged: wish.acknowledge, sourceRuns: true)
            controller.decide(sample, wanting: wish, elapsed: each, into: &record)
        }
    }

    /// In service, its ramp done.
    static func running(_ settings: ControllerSettings) -> DERDesk {
        var desk = DERDesk(settings)
        desk.turn(1700)
        precondition(desk.state == .continuous, "\(desk.state)")
        return desk
    }

    /// Ticks until `isThere`, at most `most`; nil where it never is.
    mutating func ticksUntil(_ most: Int, _ isThere: (DERDesk) -> Bool) -> Int? {
        for n in 1...most {
            turn()
            if isThere(self) { return n }
        }
        return nil
    }
}
