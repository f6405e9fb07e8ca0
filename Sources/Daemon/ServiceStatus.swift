import BlackBox
import BoardProfile
import Control
import Link
import Loop
import Station
import Words

/// How the service stands, in words and numbers.
struct ServiceStatus {
    /// Lines `key: value`.
    let text: String
    /// One sentence for the keeper.
    let sentence: String

    init(
        _ loaded: LoadedBoard, phase: FieldPhase, record: Record, ticks: FieldRun.Ticks,
        lost: [String: String], link: LinkCounts, box: BlackBoxStatus?, granted: RealTime?,
        turnsUnseen: UInt64,
        watchdog: String
    ) {
        let stages = loaded.site.hardwareStages.map(\.name)
        var lines: [(String, String)] = [
            ("board", loaded.site.name), ("title", loaded.site.title),
        ]
        var parts: [String] = []
        switch phase {
        case .testing(let findings):
            lines.append(("state", "self-test"))
            for finding in findings { lines.append(("finding", finding)) }
        case .armed(let remarks):
            lines.append(("state", "armed"))
            for remark in remarks { lines.append(("remark", remark)) }
        case .ended: lines.append(("state", "ended"))
        }
        if let state = record.islanding {
            lines.append(("islanding", state.words))
            parts.append(state.words)
        }
        if record.islandCause != .none {
            lines.append(("island_cause", record.islandCause.words(stages)))
        }
        if let state = record.contactor {
            lines.append(("contactor", state.words))
            parts.append("contactor \(state.words)")
        }
        if let state = record.source {
            lines.append(("source", state.words(stages)))
            parts.append("source \(state.words(stages))")
        }
        lines.append(("converter", record.converterWords(stages)))
        if !record.verdict.blind.isEmpty {
            lines.append(("blind", record.verdict.blind.words.joined(separator: ", ")))
            parts.append("blind: \(record.verdict.blind.words.joined(separator: ", "))")
        }
        for (part, text) in lost.sorted(by: { $0.key < $1.key }) {
            lines.append(("lost", "\(part): \(text)"))
        }
        lines.append(("tick", String(ticks.count)))
        lines.append(("rate_Hz", String(loaded.settings.rate.perSecond)))
        lines += Self.time(ticks)
        lines.append(("setpoints_refused", String(record.refusedSetpoints)))
        lines.append(
            (
                "real_time",
                granted.map { $0.advice ?? "priority \($0.priority ?? 0), memory locked" }
                    ?? "not asked for"
            ))
        lines.append(
            (
                "uncalibrated",
                loaded.uncalibrated.map(String.init) ?? "the board has no serial number"
            ))
        lines.append(("watchdog", watchdog))
        lines += Self.recorded(box)
        lines.append(("clients", String(link.clients)))
        lines.append(("clients_refused", String(link.refusedPeers + link.full)))
        lines.append(("frames_refused", String(link.refusedFrames)))
        lines.append(("records_lost_by_clients", String(link.recordsLost)))
        lines.append(("turns_unseen", String(turnsUnseen)))
        text = lines.map { "\($0.0): \(oneLine($0.1))\n" }.joined()
        sentence = "armed: " + (parts.isEmpty ? "controls" : parts.joined(separator: ", "))
    }

    private static func recorded(_ box: BlackBoxStatus?) -> [(String, String)] {
        guard let box else { return [("black_box", "none is kept")] }
        return [
            ("black_box", box.trouble ?? "records"),
            ("black_box_turns", String(box.turns)),
            ("black_box_missed", String(box.overrun)),
            ("black_box_bytes", String(box.bytes)),
            ("captures", String(box.captures)),
        ]
    }

    private static func time(_ ticks: FieldRun.Ticks) -> [(String, String)] {
        [
            ("wake_p50_us", String(ticks.lateness.quantile_us(0.5))),
            ("wake_p99_us", String(ticks.lateness.quantile_us(0.99))),
            ("wake_max_us", String(ticks.lateness.highest_us)),
            ("cycle_p50_us", String(ticks.cycles.quantile_us(0.5))),
            ("cycle_p99_us", String(ticks.cycles.quantile_us(0.99))),
            ("cycle_max_us", String(ticks.cycles.highest_us)),
            ("overruns", String(ticks.overruns)),
            ("suspensions", String(ticks.suspensions)),
            ("clock_faults", String(ticks.clockFaults)),
            ("sample_faults", String(ticks.sampleFaults)),
            ("act_faults", String(ticks.actFaults)),
        ]
    }
}
