import Control
import Quantities

/// What would run, controller by controller, as a relay's settings sheet: for `skerry check` and for
/// whoever signs it.
public struct SettingsSheet: Sendable {
    public let title: String
    public let controllers: [Controller]

    /// One controller as it would be started.
    public struct Controller: Sendable {
        public let name: String
        /// `1000 ticks/s, 20 samples a tick`.
        public let rate: String
        /// Channels fitted, by the names files give them.
        public let channels: [String]
        public let stages: [StageRow]
        public let times: [TimeRow]
        /// What its grid code has it do besides, as written; empty where there is no DER.
        public let support: [SupportRow]
    }

    /// One protection stage in absolute values.
    public struct StageRow: Sendable, Equatable {
        public let name: String
        public let watched: String
        /// over or under.
        public let sense: String
        /// In `unit`.
        public let pickup: Double
        public let dropout: Double
        /// V, Hz, Hz/s, °, A, °C or %.
        public let unit: String
        public let clearing_ticks: Int
        public let reset_ticks: Int
        public let action: String
        public let latch: String
        /// What an operator may choose pickup and clearing time from, as the grid code writes it, and
        /// where it says so; empty where it does not.
        public let choice: String
        public let clause: String
    }

    /// A time in ticks.
    public struct TimeRow: Sendable, Equatable {
        public let name: String
        public let ticks: Int
        public let seconds: Double
    }
}

extension SettingsSheet {
    /// - Parameter sensing: the profile's own, or that of a slower run.
    public init(_ site: SiteProfile, sensing: Sensing? = nil) {
        let sensing = sensing ?? site.sensing
        title = site.title
        var sheets: [Controller] = []
        if let hardware = site.hardware, let settings = site.hardwareSettings() {
            // A real board runs the one controller it has the chips for.
            let name = hardware.controls.isEmpty ? site.coupling?.name : hardware.controls
            let home = site.homes.first { $0.name == name }
            controllers = [
                Controller(
                    name ?? site.name, settings, site.hardwareStages, home?.supportRows ?? [])
            ]
            return
        }
        if let coupling = site.coupling, let settings = site.couplingSettings(sensing) {
            sheets.append(
                Controller(
                    coupling.name, settings, site.gridCode.stages,
                    coupling.isProtected ? site.gridCode.couplingRows(coupling.enterDelay_s) : []))
        }
        for home in site.homes {
            sheets.append(
                Controller(
                    home.name, site.settings(home, sensing), home.protection, home.supportRows))
        }
        if let nanogrid = site.nanogrid {
            for (k, battery) in nanogrid.batteries.enumerated() {
                sheets.append(
                    Controller(
                        battery.name, site.nanogridSettings(k, sensing),
                        nanogrid.stages(of: battery)
                    ))
            }
        }
        controllers = sheets
    }
}

extension SettingsSheet.Controller {
    /// - Parameter stages: as written, in the order of the settings, for their names.
    public init(
        _ name: String, _ s: ControllerSettings, _ stages: [StageProfile],
        _ support: [SupportRow] = []
    ) {
        self.name = name
        self.support = support
        let ticks = "\(plain(Double(s.rate.perSecond))) ticks/s"
        rate =
            switch s.frontEnd {
            case .waveform(let n, .tick): "\(ticks), \(n) samples a tick"
            case .waveform(let n, .converter):
                "\(ticks), \(n) samples a tick in the mean, by the converter's clock"
            case .chip: "\(ticks), meter chip"
            case .none: "\(ticks), no AC"
            }
        channels =
            WaveChannel.allCases.filter { s.waves[Int($0.rawValue)].isFitted }.map(\.key)
            + ScalarChannel.allCases.filter { s.scalars[Int($0.rawValue)].isFitted }.map(\.key)
        self.stages = zip(stages, s.stages).map { SettingsSheet.StageRow($0, $1) }
        times = s.times.map {
            SettingsSheet.TimeRow(
                name: $0.0, ticks: Int($0.1), seconds: Double($0.1) / Double(s.rate.perSecond))
        }
    }
}

extension SettingsSheet.StageRow {
    /// What is written, and what runs of it.
    init(_ written: StageProfile, _ stage: Stage) {
        name = written.name
        watched = written.watched
        sense = stage.sense == .over ? "over" : "under"
        let unit = written.watchedKey?.unit ?? .A
        // Charge is held as a fraction; per unit has become volts.
        let scale = unit.scale
        pickup = Double(stage.pickup) * scale
        dropout = Double(stage.dropout) * scale
        self.unit =
            switch unit {
            case .pu, .V: "V"
            case .Hz: "Hz"
            case .Hz_per_s: "Hz/s"
            case .deg: "°"
            case .A: "A"
            case .degC: "°C"
            case .percent: "%"
            }
        clearing_ticks = Int(stage.clearing)
        reset_ticks = Int(stage.reset)
        action = written.action
        latch = written.latch
        clause = written.clause ?? ""
        let suffix = "\(unit)"
        let symbol = UnitSuffix(of: "pickup_\(suffix)")?.symbol ?? suffix
        choice = [
            written[pickup: unit]?.range.map { "\(rangeWords($0)) \(symbol)" },
            written.clearingRange.map { "\(rangeWords($0)) s" },
        ].compactMap { $0 }.joined(separator: ", ")
    }
}

extension ControllerSettings {
    /// Every time of the settings, by name.
    fileprivate var times: [(String, UInt32)] {
        var times: [(String, UInt32)] = [
            ("blind_after", blindAfter), ("source_trip_hold", sourceTripHold),
        ]
        if let c = coupling {
            times += [
                ("open_by", c.times.openBy), ("close_by", c.times.closeBy),
                ("diagnose", c.times.diagnose), ("retry", c.times.retry),
                ("sync_alarm", c.times.syncBy),
                ("dead_bus", c.times.deadBus), ("enter_delay", c.window.delay),
                ("enter_excursion", c.window.excursion), ("sync_confirm", c.sync.confirm),
            ]
        }
        if let s = source {
            times += [("observe", s.times.observe), ("follow", s.times.follow)]
            if let start = s.times.blackStartAfter { times.append(("black_start_after", start)) }
            times += [("ramp", s.times.ramp), ("source_retry", s.times.retry)]
        }
        if let c = contactor {
            times += [
                ("precharge_by", c.preChargeBy), ("contactor_travel", c.travel),
                ("contactor_lockout", c.lockout),
            ]
        }
        for (k, group) in loads.enumerated() {
            let name = k < SheddingProfile.groups.count ? SheddingProfile.groups[k] : "\(k)"
            times += [
                ("shed_\(name)_after", group.shedAfter),
                ("restore_\(name)_after", group.restoreAfter),
            ]
        }
        return times
    }
}

extension SettingsSheet {
    /// For a terminal: a block for each controller.
    public var text: String {
        controllers.map { c in
            var text = "\(c.name): \(c.rate)\n"
            text += "  channels: \(c.channels.joined(separator: ", "))\n"
            text += Self.columns(
                [
                    [
                        "stage", "watches", "", "pickup", "dropout", "clearing", "reset", "action",
                        "latch", "operator's choice", "clause",
                    ]
                ]
                    + c.stages.map { s in
                        [
                            s.name, s.watched, s.sense, "\(Self.four(s.pickup)) \(s.unit)",
                            "\(Self.four(s.dropout)) \(s.unit)", "\(s.clearing_ticks) ticks",
                            "\(s.reset_ticks) ticks", s.action, s.latch,
                            s.choice, s.clause,
                        ]
                    })
            text += Self.columns(
                [["setting", "value", "operator's choice", "clause"]]
                    + c.support.map { row in
                        [row.key, row.value, row.range.map(rangeWords) ?? "", row.clause]
                    })
            text += Self.columns(
                [["time", "ticks", "seconds"]]
                    + c.times.map { ["\($0.name)", "\($0.ticks)", Self.four($0.seconds)] })
            return text
        }.joined(separator: "\n")
    }

    /// For machines; the names of the fields are stable.
    public var json: JSON {
        .object([
            ("title", .text(title)),
            (
                "controllers",
                .list(
                    controllers.map { c in
                        .object([
                            ("name", .text(c.name)), ("rate", .text(c.rate)),
                            ("channels", .list(c.channels.map { .text($0) })),
                            ("stages", .list(c.stages.map(\.json))),
                            ("times", .list(c.times.map(\.json))),
                            ("settings", .list(c.support.map(\.json))),
                        ])
                    })
            ),
        ])
    }

    /// To four decimals: 184 V of 0.8 · 230 V in single precision is 184.00000274.
    private static func four(_ number: Double) -> String { plain((number * 1e4).rounded() / 1e4) }

    private static func columns(_ rows: [[String]]) -> String {
        guard rows.count > 1 else { return "" }
        let widths = rows[0].indices.map { k in rows.map { $0[k].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { k, cell in
                cell + String(repeating: " ", count: widths[k] - cell.count)
            }
            let line = "  " + cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }
}

extension SettingsSheet.StageRow {
    fileprivate var json: JSON {
        .object([
            ("name", .text(name)), ("watched", .text(watched)), ("sense", .text(sense)),
            ("pickup", .number(pickup)), ("dropout", .number(dropout)), ("unit", .text(unit)),
            ("clearing_ticks", .number(Double(clearing_ticks))),
            ("reset_ticks", .number(Double(reset_ticks))), ("action", .text(action)),
            ("latch", .text(latch)), ("choice", .text(choice)), ("clause", .text(clause)),
        ])
    }
}

extension SettingsSheet.TimeRow {
    fileprivate var json: JSON {
        .object([
            ("name", .text(name)), ("ticks", .number(Double(ticks))),
            ("seconds", .number(seconds)),
        ])
    }
}
