import ArgumentParser
import Foundation
import Recorder

/// `skerry export`: what the hub's store holds, as text.
struct ExportVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Seconds, quarters of an hour or events of the hub's store, as CSV or JSON lines.",
        discussion: """
            Times are UTC, as 2027-01-15, 2027-01-15T08:00 or 2027-01-15T08:00:00Z. Powers and energies \
            are positive into the bus; energies are whole millijoules: 1 kWh is 3 600 000 000.
            """)
    @Argument(help: "The hub's store.")
    var store: String
    @Option(help: "From this time on; all that there is if left out.")
    var from: String?
    @Option(help: "Before this time.")
    var to: String?
    @Option(help: "seconds, quarters or events.")
    var what = Export.What.quarters
    @Option(help: "csv, json, or postgresql: a script for psql.")
    var format = Export.Format.csv
    @Option(help: "A controller; all if left out.")
    var controller: [String] = []

    func run() throws {
        let range = try (from_s: time(from, "--from") ?? 0, to_s: time(to, "--to") ?? .max)
        guard range.from_s < range.to_s else {
            complain("--from \(from ?? "") is not before --to \(to ?? "")")
            throw ExitCode.validationFailure
        }
        guard FileManager.default.fileExists(atPath: store) else {
            complain("\(store): there is no such file\n  = skerry-hub --store makes one")
            throw ExitCode.noInput
        }
        do {
            let opened = try Store(path: store)
            let there = try opened.controllers()
            for name in controller where !there.contains(name) {
                complain(
                    "no controller is called \(name)\n  = there is \(there.joined(separator: ", "))"
                )
                throw ExitCode.validationFailure
            }
            var lines = ""
            let export = Export(what, format, from_s: range.from_s, to_s: range.to_s)
            try export.write(opened, controllers: controller.isEmpty ? there : controller) { line in
                lines += line + "\n"
                guard lines.utf8.count > 1 << 16 else { return }
                try FileHandle.standardOutput.write(contentsOf: Data(lines.utf8))
                lines = ""
            }
            try FileHandle.standardOutput.write(contentsOf: Data(lines.utf8))
        } catch let fault as StoreFault {
            complain("\(fault)")
            throw ExitCode.noInput
        }
    }

    private func time(_ text: String?, _ option: String) throws -> Int64? {
        guard let text else { return nil }
        guard let s = UTC.seconds(text) else {
            complain("\(option) \(text): is no time\n  = write 2027-01-15 or 2027-01-15T08:00:00Z")
            throw ExitCode.validationFailure
        }
        return s
    }
}

extension Export.What: ExpressibleByArgument {}
extension Export.Format: ExpressibleByArgument {}
