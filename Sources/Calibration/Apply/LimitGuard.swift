import Control
import Quantities

/// A limit moved by the uncertainty of what it judges, in the safe direction.
public struct GuardedLimit: Equatable, Sendable {
    /// `stage 3`, `synchronism voltage`, `pre-charge done`, ...
    public var name: String
    /// Index of the stage it is the pickup of.
    public var stage: Int?
    public var nominal: Double
    public var effective: Double
    /// V, A, Hz, °, °C.
    public var unit: String
    /// The channel that was the least certain, and what dominates its uncertainty.
    public var channel: String
    public var dominant: String
    /// Nothing is left of the limit: no reading could be proved to be inside.
    public var isSpent: Bool
}

/// Moves every limit that a calibrated channel is held against.
///
/// A stage trips when the truth may be beyond its pickup: over-stages come down by the expanded
/// uncertainty at the pickup (k = 2), under-stages go up, dropouts with them. The windows in which a
/// switch may close shrink: synchronism check, enter service, dead and live bus, pre-charge. A channel
/// that is not calibrated moves nothing: how far it is off nobody knows, and `skerry check` says so.
public struct LimitGuard: Sendable {
    public private(set) var settings: ControllerSettings
    public private(set) var limits: [GuardedLimit] = []
    private let set: CalibrationSet

    public init(_ settings: ControllerSettings, by set: CalibrationSet) {
        self.settings = settings
        self.set = set
        for k in settings.stages.indices { guardStage(k) }
        guardPresence()
        guardCoupling()
        guardContactor()
    }

    /// The least certain of `channels` at `v`: its expanded uncertainty; nil where none is calibrated.
    private func worst(_ channels: [Calibrated], at v: Double) -> (
        U: Double, of: CalibrationRecord
    )? {
        channels.compactMap { set[$0] }.map { ($0.expanded(at: v), $0) }.max { $0.0 < $1.0 }
    }

    private var gridChannels: [Calibrated] {
        settings.frontEnd == .chip
            ? [.scalar(.gridRMS)] : [.wave(.gridA), .wave(.gridB), .wave(.gridC)]
    }
    private var busChannels: [Calibrated] {
        settings.frontEnd == .chip
            ? [.scalar(.busRMS)] : [.wave(.busA), .wave(.busB), .wave(.busC)]
    }
    private func frequencyChannel(_ scalar: ScalarChannel) -> [Calibrated] {
        settings.frontEnd == .chip ? [.scalar(scalar)] : [.clock]
    }

    /// What a stage rests on. A rate of change and a phase step are differences over short times: the
    /// errors of their channel cancel to their own ratio, which is nothing beside the pickup.
    private func channels(_ watched: Watched) -> [Calibrated] {
        switch watched {
        case .gridLowest, .gridHighest: gridChannels
        case .busLowest, .busHighest: busChannels
        case .gridFrequency: frequencyChannel(.gridFrequency)
        case .busFrequency: frequencyChannel(.busFrequency)
        case .gridROCOF, .busROCOF, .gridVectorShift, .stateOfCharge: []
        case .current:
            settings.frontEnd == .chip
                ? [.scalar(.busCurrent)] : [.wave(.currentA), .wave(.currentB), .wave(.currentC)]
        case .dcBusVoltage: [.scalar(.dcBusVoltage)]
        case .batteryVoltage: [.scalar(.batteryVoltage)]
        case .batteryCurrent: [.scalar(.batteryCurrent)]
        case .batteryTemperature: [.scalar(.batteryTemperature)]
        }
    }

    private mutating func guardStage(_ k: Int) {
        let stage = settings.stages[k]
        guard let (U, record) = worst(channels(stage.watched), at: Double(stage.pickup)) else {
            return
        }
        let by = Float(U) * (stage.sense == .over ? -1 : 1)
        settings.stages[k].pickup += by
        settings.stages[k].dropout += by
        let left = Double(settings.stages[k].pickup)
        note(
            "stage \(k)", Double(stage.pickup), left, record.channel.unit, record,
            isSpent: stage.sense == .over && stage.pickup > 0 && left <= 0, stage: k)
    }

    private mutating func guardPresence() {
        let channels = gridChannels + busChannels
        let (dead, live) = (settings.presence.deadBelow, settings.presence.liveAbove)
        if let (U, record) = worst(channels, at: Double(dead.value)) {
            settings.presence.deadBelow = Volts(dead.value - Float(U))
            note(
                "dead below", Double(dead.value), Double(settings.presence.deadBelow.value), "V",
                record, isSpent: settings.presence.deadBelow.value <= 0)
        }
        if let (U, record) = worst(channels, at: Double(live.value)) {
            settings.presence.liveAbove = Volts(live.value + Float(U))
            note(
                "live above", Double(live.value), Double(settings.presence.liveAbove.value), "V",
                record)
        }
    }

    private mutating func guardCoupling() {
        guard var coupling = settings.coupling else { return }
        let v = Double(settings.nominalVoltage.value), f = Double(settings.nominalFrequency.value)
        // A difference has the errors of both sides, which are independent but for the reference's.
        if let (a, record) = worst(gridChannels, at: v), let (b, other) = worst(busChannels, at: v)
        {
            let limit = coupling.sync.voltage
            coupling.sync.voltage = Volts(limit.value - Float(root(of: a, b)))
            note(
                "synchronism voltage", Double(limit.value), Double(coupling.sync.voltage.value),
                "V",
                a > b ? record : other, isSpent: coupling.sync.voltage.value <= 0, at: v)
        }
        guardAngle(&coupling, f)
        guardFrequency(&coupling, f)
        let window = coupling.window
        if let (low, record) = worst(gridChannels, at: Double(window.lowVoltage.value)),
            let (high, _) = worst(gridChannels, at: Double(window.highVoltage.value))
        {
            coupling.window.lowVoltage = Volts(window.lowVoltage.value + Float(low))
            coupling.window.highVoltage = Volts(window.highVoltage.value - Float(high))
            let isSpent = coupling.window.lowVoltage >= coupling.window.highVoltage
            note(
                "enter service, lowest", Double(window.lowVoltage.value),
                Double(coupling.window.lowVoltage.value), "V", record, isSpent: isSpent)
            note(
                "enter service, highest", Double(window.highVoltage.value),
                Double(coupling.window.highVoltage.value), "V", record, isSpent: isSpent)
        }
        settings.coupling = coupling
    }

    /// The phases of both sides, and what the switch's own spread makes of the greatest slip.
    private mutating func guardAngle(_ coupling: inout CouplingSettings, _ f: Double) {
        func phase(_ channels: [Calibrated]) -> (Double, CalibrationRecord)? {
            channels.compactMap { set[$0] }.map { ($0.expandedPhase(at: f), $0) }
                .max { $0.0 < $1.0 }
        }
        let limit = coupling.sync.angle_deg
        let travel = set[.travel(.islandingSwitch)]
        let spread_deg =
            360 * Double(coupling.sync.slip.value) * 2 * (travel?.travel?.closeSpread_s ?? 0)
        let sides = settings.frontEnd == .chip ? nil : phase(gridChannels)
        let bus = settings.frontEnd == .chip ? nil : phase(busChannels)
        let across = settings.frontEnd == .chip ? worst([.scalar(.angleAcross)], at: 0) : nil
        let parts = [
            sides.map { ($0.0, $0.1) }, bus.map { ($0.0, $0.1) },
            across.map { ($0.U, $0.of) }, travel.map { (spread_deg, $0) },
        ].compactMap { $0 }
        guard let most = parts.max(by: { $0.0 < $1.0 }) else { return }
        let U = parts.reduce(0) { $0 + $1.0 * $1.0 }.squareRoot()
        coupling.sync.angle_deg = limit - Float(U)
        coupling.sync.aim_deg = min(coupling.sync.aim_deg, max(0, coupling.sync.angle_deg))
        note(
            "synchronism angle", Double(limit), Double(coupling.sync.angle_deg), "°", most.1,
            isSpent: coupling.sync.angle_deg <= 0, at: 0,
            dominant: most.1.travel != nil ? "spread" : settings.frontEnd == .chip ? nil : "phase")
    }

    private mutating func guardFrequency(_ coupling: inout CouplingSettings, _ f: Double) {
        guard let (U, record) = worst(frequencyChannel(.gridFrequency), at: f) else { return }
        let window = coupling.window
        coupling.window.lowFrequency = Hertz(window.lowFrequency.value + Float(U))
        coupling.window.highFrequency = Hertz(window.highFrequency.value - Float(U))
        note(
            "enter service, lowest", Double(window.lowFrequency.value),
            Double(coupling.window.lowFrequency.value), "Hz", record, at: f)
        note(
            "enter service, highest", Double(window.highFrequency.value),
            Double(coupling.window.highFrequency.value), "Hz", record, at: f)
        // Both sides by one clock: its error is in the difference by its own ratio alone.
        let other = settings.frontEnd == .chip ? worst([.scalar(.busFrequency)], at: f)?.U ?? 0 : 0
        let slip = coupling.sync.slip
        let both =
            settings.frontEnd == .chip ? root(of: U, other) : U / f * Double(slip.value)
        coupling.sync.slip = Hertz(slip.value - Float(both))
        note(
            "synchronism slip", Double(slip.value), Double(coupling.sync.slip.value), "Hz", record,
            isSpent: coupling.sync.slip.value <= 0, at: f)
    }

    private mutating func guardContactor() {
        guard var contactor = settings.contactor else { return }
        // As high as the battery may get: where its over-voltage stage stands, or 60 V.
        let v =
            settings.stages.filter { $0.watched == .batteryVoltage && $0.sense == .over }
            .map { Double($0.pickup) }.max() ?? 60
        if let (a, record) = worst([.scalar(.batteryVoltage)], at: v),
            let (b, other) = worst([.scalar(.linkVoltage)], at: v)
        {
            let limit = contactor.doneVoltage
            contactor.doneVoltage = Volts(limit.value - Float(root(of: a, b)))
            note(
                "pre-charge done, voltage", Double(limit.value),
                Double(contactor.doneVoltage.value),
                "V", a > b ? record : other, isSpent: contactor.doneVoltage.value <= 0, at: v)
        }
        if let (U, record) = worst([.scalar(.batteryCurrent)], at: 0) {
            let limit = contactor.doneCurrent
            contactor.doneCurrent = Amperes(limit.value - Float(U))
            note(
                "pre-charge done, current", Double(limit.value),
                Double(contactor.doneCurrent.value),
                "A", record, isSpent: contactor.doneCurrent.value <= 0, at: 0)
        }
        if let (U, record) = worst(
            [.scalar(.batteryVoltage)], at: Double(contactor.leastVoltage.value))
        {
            let limit = contactor.leastVoltage
            contactor.leastVoltage = Volts(limit.value + Float(U))
            note(
                "battery there from", Double(limit.value), Double(contactor.leastVoltage.value),
                "V",
                record)
        }
        settings.contactor = contactor
    }

    private func root(of a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }

    private mutating func note(
        _ name: String, _ nominal: Double, _ effective: Double, _ unit: String,
        _ record: CalibrationRecord, isSpent: Bool = false, stage: Int? = nil, at v: Double? = nil,
        dominant: String? = nil
    ) {
        let unit = record.channel == .clock && unit.isEmpty ? "Hz" : unit
        limits.append(
            GuardedLimit(
                name: name, stage: stage, nominal: nominal, effective: effective, unit: unit,
                channel: record.channel.key,
                dominant: dominant ?? record.uncertainty.dominant(at: v ?? nominal),
                isSpent: isSpent))
    }
}
