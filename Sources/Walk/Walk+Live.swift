import Calibration
import Report

/// The view in which points are taken.
extension Walk {
    mutating func inLive(_ key: Key) {
        if typed.isEmpty, case .character(let c) = key {
            switch c {
            case "u": return undo()
            case "s": return skip()
            case "f": return finish()
            case "b":
                (place, message) = (.list(current), nil)
                return
            default: break
            }
        }
        guard key == .enter else { return edit(key) }
        let text = typed
        typed = ""
        if let first = text.first, first == "r" || first == "x" {
            return byNumber(first, String(text.dropFirst()))
        }
        guard text.contains(where: { $0 != " " }) else { return }
        do throws(MeterReading.Refusal) {
            take(try MeterReading(text, for: session.plan.channel), confirmed: false)
        } catch {
            message = .init("Not taken: \(error.message).", .attention)
        }
    }

    mutating func take(_ reading: MeterReading, confirmed: Bool) {
        guard let moment else {
            message = .init("No readings yet.", remedy: "Wait a second.", .attention)
            return
        }
        do throws(PointRefusal) {
            let index = session.redoing ?? session.points.count
            try sessions[current].take(
                reading.value, phase_deg: reading.phase_deg, at: moment, confirmed: confirmed)
            changed("Point \(index + 1) taken.")
        } catch {
            if error.canBeConfirmed {
                place = .confirm(reading, error)
                message = .init(error.message, remedy: error.remedy, .attention)
                return
            }
            message = .init("Refused: \(error.message)", remedy: error.remedy, .alarm)
            // Whoever mends the leads sets the level again.
            if error.kind == .wrongChannel || error.kind == .unmoved { suggest() }
        }
    }

    private mutating func undo() {
        guard sessions[current].undo() else {
            message = .init("Nothing to take back.", .attention)
            return
        }
        changed("Taken back.")
    }

    /// `r3` and `x3`.
    private mutating func byNumber(_ verb: Character, _ text: String) {
        guard let n = Int(text), session.points.indices.contains(n - 1) else {
            let have = session.points.count
            message = .init(
                have == 0 ? "There is no point yet." : "There are points 1 to \(have).",
                .attention)
            return
        }
        if verb == "x" {
            sessions[current].remove(n - 1)
            changed("Point \(n) removed; u brings it back.")
        } else {
            sessions[current].redo(n - 1)
            message = .init("The next reading replaces point \(n); u leaves it as it is.")
            suggest()
        }
    }

    private mutating func changed(_ text: String) {
        refit()
        standings[current] = .open
        order(.save(session.plan.channel, session.points))
        suggest()
        let isComplete = session.wanted == nil
        message = .init(text, remedy: isComplete ? "All levels are there: f finishes." : "")
    }

    private mutating func finish() {
        switch fit {
        case .success: (place, message) = (.summary, nil)
        case .failure(let why):
            message = .init("No calibration yet: \(why.message)", remedy: why.remedy, .attention)
        case nil:
            message = .init(
                "There is no point yet.", remedy: "Read the meter and type its number.", .attention)
        }
    }
}
