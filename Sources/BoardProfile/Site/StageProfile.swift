import Control
import Quantities

/// One protection stage as written.
public struct StageProfile: Sendable, Equatable {
    public var name = ""
    /// A key of `StageProfile.watchedKeys`.
    public var watched = ""
    /// over or under; nil: the only one that makes sense for what is watched.
    public var sense: String?
    /// In the unit of what is watched: per unit for AC voltages, Hz, Hz/s, °, A, V, °C, fraction.
    public var pickup = 0.0
    public var clearing_s = 0.0
    /// Where it drops out; nil: 0.01 pu, 0.05 Hz, or 5 % inside the pickup.
    public var dropout: Double?
    public var reset_s = 1.0
    /// alarm, island, trip_source or cease.
    public var action = "alarm"
    /// automatic or person.
    public var latch = "automatic"
    /// Of a grid code: what an operator may choose `pickup` and `clearing_s` from, and where the
    /// standard says so. Nil: it does not say.
    public var pickupRange: ClosedRange<Double>?
    public var clearingRange: ClosedRange<Double>?
    public var clause: String?
    /// Of a grid code: for a site that can carry itself, which may leave early; a DER has it not.
    public var isSiteOnly = false
    public init() {}
}

/// The unit a pickup is written in, as its key ends.
enum StageUnit: String, CaseIterable, Sendable {
    case pu, Hz, Hz_per_s, deg, A, V, degC, percent

    var range: ClosedRange<Double> {
        switch self {
        case .pu: 0...2
        case .Hz: 40...70
        case .Hz_per_s: 0.05...50
        case .deg: 1...90
        case .A: 0.1...10_000
        case .V: 0...1500
        case .degC: -40...150
        case .percent: 0...100
        }
    }
    /// What is written over what is held: charge is held as a fraction.
    var scale: Double { self == .percent ? 100 : 1 }
}

/// What a stage may watch, as people write it.
struct WatchedKey: Sendable {
    let key: String
    let watched: Watched
    let unit: StageUnit
    /// The only sense that protects, where there is only one.
    let sense: String?

    init(_ key: String, _ watched: Watched, _ unit: StageUnit, _ sense: String? = nil) {
        (self.key, self.watched, self.unit, self.sense) = (key, watched, unit, sense)
    }
}

extension StageProfile {
    /// The keys a stage may watch, what they mean to `Control`, and the unit of their pickup.
    static let watchedKeys: [WatchedKey] = [
        WatchedKey("grid_voltage_low", .gridLowest, .pu, "under"),
        WatchedKey("grid_voltage_high", .gridHighest, .pu, "over"),
        WatchedKey("bus_voltage_low", .busLowest, .pu, "under"),
        WatchedKey("bus_voltage_high", .busHighest, .pu, "over"),
        WatchedKey("grid_frequency", .gridFrequency, .Hz),
        WatchedKey("bus_frequency", .busFrequency, .Hz),
        WatchedKey("grid_rocof", .gridROCOF, .Hz_per_s, "over"),
        WatchedKey("bus_rocof", .busROCOF, .Hz_per_s, "over"),
        WatchedKey("grid_vector_shift", .gridVectorShift, .deg, "over"),
        WatchedKey("current", .current, .A, "over"),
        WatchedKey("dc_bus_voltage", .dcBusVoltage, .V),
        WatchedKey("battery_voltage", .batteryVoltage, .V),
        WatchedKey("battery_current", .batteryCurrent, .A, "over"),
        WatchedKey("battery_temperature", .batteryTemperature, .degC),
        WatchedKey("state_of_charge", .stateOfCharge, .percent),
    ]

    var watchedKey: WatchedKey? { Self.watchedKeys.first { $0.key == watched } }

    /// over or under, written or the only one.
    var effectiveSense: String { sense ?? watchedKey?.sense ?? "over" }

    /// The pickup in the unit of its key; nil for the other units.
    subscript(pickup unit: StageUnit) -> Adjustable? {
        get {
            guard watchedKey?.unit == unit else { return nil }
            return Adjustable(
                scaled(pickup, by: unit.scale, over: 1),
                pickupRange.map { $0.scaled(by: unit.scale, over: 1) })
        }
        set {
            pickup = scaled(newValue?.value ?? 0, by: 1, over: unit.scale)
            pickupRange = newValue?.range.map { $0.scaled(by: 1, over: unit.scale) }
        }
    }
    var clearing: Adjustable? {
        get { Adjustable(clearing_s, clearingRange) }
        set {
            clearing_s = newValue?.value ?? 0
            clearingRange = newValue?.range
        }
    }
    subscript(dropout unit: StageUnit) -> Double? {
        get { watchedKey?.unit == unit ? dropout.map { scaled($0, by: unit.scale, over: 1) } : nil }
        set { dropout = newValue.map { scaled($0, by: 1, over: unit.scale) } }
    }

    /// The stage as the tick runs it. Keys were checked by the reader.
    ///
    /// - Parameter voltage: nominal phase voltage, for per-unit pickups.
    public func stage(rate: TickRate, voltage: Volts) -> Stage {
        guard let entry = watchedKey else { preconditionFailure("no stage watches \(watched)") }
        let over = effectiveSense == "over"
        let scale = entry.unit == .pu ? voltage.value : 1
        let inside: Double =
            switch entry.unit {
            case .pu: 0.01
            case .Hz: 0.05
            case .Hz_per_s, .deg, .A, .V, .degC, .percent: abs(pickup) * 0.05
            }
        let drop = dropout ?? (over ? pickup - inside : pickup + inside)
        let action: StageAction =
            switch self.action {
            case "island": .island
            case "trip_source": .tripSource
            case "cease": .cease
            default: .alarm
            }
        return Stage(
            entry.watched, over ? .over : .under, Float(pickup) * scale,
            clearing: rate.ticks(Seconds(Float(clearing_s))), dropout: Float(drop) * scale,
            reset: rate.ticks(Seconds(Float(reset_s))), action: action,
            latch: latch == "person" ? .person : .automatic)
    }
}

extension StageProfile {
    static let section = section(in: .board)

    static func section(in writer: Writer) -> Section<StageProfile> {
        Section(
            "Stage", of: StageProfile(),
            "One protection function: beyond its pickup for its clearing time, it acts."
        ) { s in describe(&s, in: writer) }
    }

    private static func describe(_ s: inout Section<StageProfile>, in writer: Writer) {
        s.clause(\.clause, in: writer)
        s.text(
            "name", \.name, form: .name, "How reports call the stage.", .required, example: "UV1")
        s.choice(
            "watches", \.watched, of: watchedKeys.map(\.key), "The quantity watched.", .required,
            example: "bus_voltage_low")
        s.choice(
            "sense", \.sense, of: ["over", "under"],
            "The unsound side of the pickup; needed where both are meant at times.", .alternative)
        for unit in StageUnit.allCases {
            s.adjustable(
                "pickup_\(unit)", \.[pickup: unit], unit.range,
                "Beyond this the stage picks up; at it the reading is still sound.", .alternative,
                in: writer, example: unit == .pu ? 0.8 : nil)
        }
        s.oneOf(StageUnit.allCases.map { "pickup_\($0)" }, "pickup") { stage in
            stage.watchedKey.map { "pickup_\($0.unit)" }
        }
        for unit in StageUnit.allCases {
            s.number(
                "dropout_\(unit)", \.[dropout: unit], unit.range,
                "Back at or inside this the stage drops out; 0.01 pu, 0.05 Hz or 5 % inside the pickup if left out.",
                .alternative)
        }
        if writer == .code {
            s.adjustable(
                "clearing_s", \.clearing, 0...3600, "Picked up this long, the stage trips.",
                .required, in: writer, example: 0.2)
        } else {
            s.duration(
                "clearing_s", \.clearing_s, 0...3600, "Picked up this long, the stage trips.",
                .required, example: 0.2)
        }
        s.duration("reset_s", \.reset_s, 0...3600, "Sound this long, a trip may reset.")
        s.choice(
            "action", \.action, of: ["alarm", "island", "trip_source", "cease"],
            "Alarm only, open the islanding switch, stop the own source, or have a DER cease.",
            .required,
            example: "trip_source")
        s.choice(
            "latch", \.latch, of: ["automatic", "person"],
            "Whether a trip resets by itself or waits for a person.")
        if writer == .code {
            s.flag(
                "site_only", \.isSiteOnly,
                "Of a site that carries itself, which may leave early; a DER has it not.")
        }
        s.rule { stage, check in
            guard let watched = stage.watchedKey else { return }
            // Of two pickups the reader has been told already.
            let pickups = StageUnit.allCases.filter { check.isWritten(\.[pickup: $0]) }
            for unit in StageUnit.allCases where unit != watched.unit {
                if pickups == [unit] {
                    check.refuse(
                        \.[pickup: unit], "is not in the unit of \(watched.key)",
                        "write pickup_\(watched.unit)")
                }
                if check.isWritten(\.[dropout: unit]) {
                    check.refuse(
                        \.[dropout: unit], "is not in the unit of \(watched.key)",
                        "write dropout_\(watched.unit)")
                }
            }
            if let only = watched.sense, let sense = stage.sense, sense != only {
                check.refuse(
                    \.sense, "cannot protect by \(watched.key)",
                    "write \(only), or remove the line")
            }
            if watched.sense == nil, stage.sense == nil {
                check.refuse(
                    \.sense, "is needed for \(watched.key)", "add sense: over or sense: under")
            }
        }
        s.rule { stage, check in
            guard let unit = stage.watchedKey?.unit, let dropout = stage.dropout,
                check.isWritten(\.[dropout: unit]), check.isWritten(\.[pickup: unit])
            else { return }
            let over = stage.effectiveSense == "over"
            if over ? dropout > stage.pickup : dropout < stage.pickup {
                let pickup = check.text(\.[pickup: unit], stage)
                check.refuse(
                    \.[dropout: unit], "is beyond the pickup",
                    "make it at \(over ? "most" : "least") pickup_\(unit) (\(pickup))")
            }
        }
    }
}

extension ClosedRange<Double> {
    fileprivate func scaled(by a: Double, over b: Double) -> Self {
        BoardProfile.scaled(
            lowerBound, by: a, over: b)...BoardProfile.scaled(upperBound, by: a, over: b)
    }
}

extension [StageProfile] {
    /// These, with those of `others` in place of the ones of the same name, the rest after them.
    func replaced(by others: [StageProfile]) -> [StageProfile] {
        var stages = self
        for other in others {
            if let n = stages.firstIndex(where: { $0.name == other.name }) {
                let code = stages[n]
                stages[n] = other
                // What the grid code allows stays in sight.
                (stages[n].pickupRange, stages[n].clearingRange) =
                    (
                        other.pickupRange ?? code.pickupRange,
                        other.clearingRange ?? code.clearingRange
                    )
                stages[n].clause = other.clause ?? code.clause
            } else {
                stages.append(other)
            }
        }
        return stages
    }
}
