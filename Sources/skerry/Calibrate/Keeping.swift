import ArgumentParser
import BoardProfile
import Calibration
import Foundation

extension OpenBoard {
    /// Fits the points, adds the record, and takes the unfinished walk away.
    func keep(
        _ channel: Calibrated, _ points: [Point], _ nominal: Nominal, _ recipe: Recipe
    ) throws -> (record: CalibrationRecord, fit: ChannelFit) {
        let fit: ChannelFit
        do throws(FitRefusal) { fit = try recipe.fit(channel, points, nominal) } catch {
            complain("\(channel.key): \(error.message)\n  = \(error.remedy)")
            throw ExitCode.failure
        }
        let record = try keep(recipe.record(channel, points, nominal, fit, at_s: utc_s()))
        return (record, fit)
    }

    func keep(_ record: CalibrationRecord) throws -> CalibrationRecord {
        do throws(StoreFault) {
            let kept = try store.add(record)
            try store.discard(record.channel)
            return kept
        } catch {
            for problem in error.problems { complain(problem.rendered) }
            throw ExitCode.cannotCreate
        }
    }

    /// What a calibration brought, for people.
    func report(_ record: CalibrationRecord, _ fit: ChannelFit) {
        print(record.sheet)
        for remark in fit.remarks { print("  ! \(remark)") }
        guard
            let plan = ChannelPlan(
                channel: record.channel, nominal: record.nominal,
                required: site.accuracy(of: record.channel), span: site.span(of: record.channel))
        else { return }
        let summary = SessionSummary(plan: plan, points: record.points, fit: fit)
        let unit = record.channel.unit
        print(
            "  errors at the points: before \(Digits.quantity(summary.before.most, unit)), after "
                + "\(Digits.quantity(summary.after.most, unit)) at most")
        print("  required, \(plan.required.source): \(summary.verdict)")
    }

    /// False where the board file or its grid code asks for more than the record has; it is kept all
    /// the same.
    func suffices(_ record: CalibrationRecord) -> Bool {
        guard let settings = site.hardwareSettings() else { return true }
        return AccuracyVerdict(record.channel, record, site: site, settings: settings)?.passes
            ?? true
    }

    func summary(_ record: CalibrationRecord, _ fit: ChannelFit) -> JSON {
        .object([
            ("calibrated", .text(record.channel.key)), ("number", .number(Double(record.number))),
            ("zero", .number(record.coefficients.zero)),
            ("scale", .number(record.coefficients.scale)),
            ("phase_deg", .number(record.coefficients.phase_deg)),
            (
                "expanded",
                .number(
                    max(
                        record.expanded(at: record.range.lowerBound),
                        record.expanded(at: record.range.upperBound)))
            ),
            ("reversed", .flag(fit.isReversed)),
            ("remarks", .list(fit.remarks.map { .text($0) })),
            ("file", .text(store.path(record.channel))),
        ])
    }
}

/// One flat object a line.
func progress(_ members: [(String, JSON)]) {
    print(JSON.object(members).compact)
    fflush(nil)
}
