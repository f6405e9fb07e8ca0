import ArgumentParser
import Foundation
import Wire

@main
struct Skerry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skerry",
        abstract: "The controller of a neighbourhood microgrid.",
        discussion: """
            Exit codes: 0 done, 1 it ran and something is wrong (a file with errors, a violated rule), \
            64 wrong use of the command line, 66 a file that cannot be read, 73 a file that cannot be \
            written. Completion for a shell: skerry --generate-completion-script bash (or zsh, fish).
            """,
        version: ProgramVersion.text,
        subcommands: [
            Run.self, Simulate.self, Check.self, Schema.self, ProbeVerb.self, BenchVerb.self,
            Worlds.self, CalibrateVerb.self, StatusVerb.self, WatchVerb.self, SetVerb.self,
            ReplayVerb.self, BlackBoxVerb.self, ExportVerb.self, UserVerb.self, HilVerb.self,
        ])
}

/// Prints to standard error.
func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}

extension ExitCode {
    /// sysexits: an input file could not be read; an output could not be written.
    static let noInput = ExitCode(66)
    static let cannotCreate = ExitCode(73)
}
