import ArgumentParser
import Foundation
import Link

/// Where the daemon listens.
struct LinkPlace: ParsableArguments {
    @Option(
        help: "The daemon's socket; left out, the only one in /run/skerry.", completion: .file())
    var socket: String?

    static let folder = "/run/skerry"

    /// The path given, or the only one there is.
    private func path() throws -> String {
        if let socket { return socket }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Self.folder)) ?? []
        let sockets = names.filter { $0.hasSuffix(".sock") }.sorted()
        switch sockets.count {
        case 1: return "\(Self.folder)/\(sockets[0])"
        case 0:
            complain(
                "no daemon's socket in \(Self.folder)\n  = is skerryd running? Elsewhere: --socket PATH"
            )
        default:
            complain(
                "several daemons in \(Self.folder): \(sockets.joined(separator: ", "))\n"
                    + "  = choose one: --socket \(Self.folder)/\(sockets[0])")
        }
        throw ExitCode.failure
    }

    /// Connects, lets `talk` do its work, and ends the program with words where the link fails.
    func talk(_ talk: (inout LinkClient) throws -> Void) throws {
        let path = try path()
        do {
            var client = try LinkClient(path: path)
            try talk(&client)
        } catch let fault as LinkFault {
            complain("skerry: \(fault.words)")
            throw ExitCode.failure
        }
    }
}

/// Ends the program with a refusal's words.
func require(_ answer: Answer) throws {
    guard answer.code == .accepted else {
        complain("refused: \(answer.text)")
        throw ExitCode.failure
    }
}
