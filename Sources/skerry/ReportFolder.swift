import ArgumentParser
import Foundation
import Report

/// The files of a report in a folder.
enum ReportFolder {
    static func write(_ trace: Trace, to folder: String) throws {
        do {
            let base = URL(fileURLWithPath: folder, isDirectory: true)
            try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
            try HTMLReport(trace).write(to: base.appendingPathComponent("report.html"))
            try CSVReport(trace).write(to: base.appendingPathComponent("report.csv"))
            try CSVReport(trace).writeEvents(to: base.appendingPathComponent("events.csv"))
            try Data(trace.summaryJSON().utf8).write(
                to: base.appendingPathComponent("figures.json"))
        } catch {
            complain("\(folder): cannot be written: \(error.localizedDescription)")
            throw ExitCode.cannotCreate
        }
    }
}
