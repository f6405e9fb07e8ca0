import BoardProfile
import Calibration
import Control
import Station

/// What is known of a board's channels, for `skerry check` and whoever signs it.
public struct CalibrationSheet: Sendable {
    private let calibration: BoardCalibration
    private let now_s: Double
    private let rule: CalibrationProfile

    public init(_ calibration: BoardCalibration, rule: CalibrationProfile, now_s: Double) {
        (self.calibration, self.rule, self.now_s) = (calibration, rule, now_s)
    }

    /// For a terminal.
    public var text: String {
        var text = ""
        let verdicts = calibration.verdicts
        var rows = [["channel", "calibration", "at", "uncertainty", "asked for", "verdict"]]
        for record in calibration.set.all where record.travel == nil {
            rows.append(row(record, verdicts.first { $0.channel == record.channel }))
        }
        for verdict in verdicts where calibration.set[verdict.channel] == nil {
            let unit = verdict.channel.unit
            rows.append([
                verdict.channel.key, "none", Digits.quantity(verdict.value, unit), "not known",
                "±\(Digits.quantity(verdict.allowed, unit))", "not calibrated",
            ])
        }
        if rows.count > 1 { text += "calibration\n" + Self.columns(rows) }
        for record in calibration.set.all {
            guard let t = record.travel else { continue }
            text +=
                "  \(record.channel.key): closes in \(Digits.fixed(t.close_s * 1e3, 1)) ms, opens in "
                + "\(Digits.fixed(t.open_s * 1e3, 1)) ms, by \(t.operations) operations\n"
        }
        let bare = calibration.missing.filter { channel in
            !verdicts.contains { $0.channel == channel }
        }
        if !bare.isEmpty {
            text += "  not calibrated: \(bare.map(\.key).joined(separator: ", "))\n"
        }
        if !calibration.limits.isEmpty {
            text += "limits in force, guarded by the uncertainty (k = 2)\n"
            text += Self.columns(
                [["limit", "nominal", "in force", "by", "most of it from"]]
                    + calibration.limits.map(limitRow))
        } else if !calibration.set.isEmpty && !rule.isGuarding {
            text += "  limits are not guarded: guard is false\n"
        }
        return text + power
    }

    private func row(_ record: CalibrationRecord, _ verdict: AccuracyVerdict?) -> [String] {
        let unit = record.channel.unit
        let made = record.measured_s ?? record.at_s
        let ends = UTC.day(made + rule.valid_days * 86_400) ?? "never"
        let name = "\(record.number), to \(ends)"
        guard let verdict, let expanded = verdict.expanded else {
            let at = record.range.upperBound
            return [
                record.channel.key, name, Digits.quantity(at, unit),
                "±\(Digits.quantity(record.expanded(at: at), unit))", "nothing", "",
            ]
        }
        let words =
            verdict.passes
            ? "passes"
            : "\(Digits.quantity(expanded - verdict.allowed, unit)) too much, most from the "
                + verdict.dominant
        return [
            record.channel.key, name, Digits.quantity(verdict.value, unit),
            "±\(Digits.quantity(expanded, unit))", "±\(Digits.quantity(verdict.allowed, unit))",
            words,
        ]
    }

    private func limitRow(_ limit: GuardedLimit) -> [String] {
        // To two digits of what it was moved by.
        let moved = (limit.effective - limit.nominal).magnitude
        return [
            limit.name, "\(Digits.matched(limit.nominal, to: moved)) \(limit.unit)",
            "\(Digits.matched(limit.effective, to: moved)) \(limit.unit)"
                + (limit.isSpent ? " (used up)" : ""), limit.channel, limit.dominant,
        ]
    }

    /// Power and energy of every pair of a voltage and a current that are both calibrated.
    private var power: String {
        let pairs: [(String, WaveChannel, WaveChannel)] = [
            ("a", .busA, .currentA), ("b", .busB, .currentB), ("c", .busC, .currentC),
        ]
        var text = ""
        for (phase, v, i) in pairs {
            guard
                let u = PowerUncertainty(
                    calibration.set[v], calibration.set[i], calibration.settings)
            else { continue }
            func percent(_ c: Double) -> String {
                "±\(Digits.significant(200 * u.active(powerFactor: c), 2)) %"
            }
            let half = u.ofApparent(powerFactor: 0.5)
            text +=
                "  P and Q of phase \(phase) at nominal and a power factor of 0.5: "
                + "±\(Digits.significant(200 * half.active, 2)) % and "
                + "±\(Digits.significant(200 * half.reactive, 2)) % of S\n"
            text +=
                "  energy of phase \(phase) at nominal: \(percent(1)) at unity, "
                + "\(percent(0.5)) at a power factor of 0.5\n"
        }
        return text
    }

    private static func columns(_ rows: [[String]]) -> String {
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

extension PowerUncertainty {
    /// At nominal voltage and current; nil unless both are calibrated.
    init?(
        _ voltage: CalibrationRecord?, _ current: CalibrationRecord?, _ settings: ControllerSettings
    ) {
        guard let voltage, let current else { return nil }
        let v = Double(settings.nominalVoltage.value), i = Double(settings.nominalCurrent.value)
        self.init(
            voltage: voltage.expanded(at: v) / 2 / v, current: current.expanded(at: i) / 2 / i,
            phase_deg: current.expandedPhase(at: Double(settings.nominalFrequency.value)) / 2)
    }
}

extension BoardCalibration {
    /// For machines; the names of the fields are stable.
    public var json: JSON {
        .object([
            ("calibrated", .list(set.all.map(\.json))),
            ("missing", .list(missing.map { .text($0.key) })),
            (
                "accuracy",
                .list(
                    verdicts.map { v in
                        .object([
                            ("channel", .text(v.channel.key)), ("source", .text(v.source)),
                            ("at", .number(v.value)), ("allowed", .number(v.allowed)),
                            ("expanded", v.expanded.map { .number($0) } ?? .null),
                            ("dominant", .text(v.dominant)), ("passes", .flag(v.passes)),
                        ])
                    })
            ),
            (
                "limits",
                .list(
                    limits.map { l in
                        .object([
                            ("name", .text(l.name)), ("nominal", .number(l.nominal)),
                            ("effective", .number(l.effective)), ("unit", .text(l.unit)),
                            ("channel", .text(l.channel)), ("dominant", .text(l.dominant)),
                            ("spent", .flag(l.isSpent)),
                        ])
                    })
            ),
        ])
    }
}
