import ArgumentParser
import BoardProfile
import Foundation
import Link
import Report

struct StatusVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How a running daemon stands.",
        discussion: "Example: skerry status")
    @OptionGroup var place: LinkPlace
    @Flag(help: "One JSON object of texts.")
    var json = false

    func run() throws {
        try place.talk { client in
            let hello = client.hello
            let limits = hello.limits
            let horizon_s = Double(limits.horizon) / Double(hello.rate_Hz)
            let pairs =
                [
                    ("site", hello.site), ("tick", "\(hello.tick.count)"),
                    ("rate_Hz", "\(hello.rate_Hz)"),
                    ("you_may", hello.role == .command ? "watch and command" : "watch"),
                    (
                        "limits",
                        "frequency \(limits.frequencyBias.value) Hz, voltage "
                            + "\(limits.voltageBias.value) V, \(limits.active.value) W, "
                            + "\(limits.reactive.value) var, for \(horizon_s) s"
                    ),
                ] + (try client.status().pairs.map { ($0.key, $0.value) })
            if json {
                print(JSON.object(pairs.map { ($0.0, .text($0.1)) }).compact)
                return
            }
            let width = pairs.map(\.0.count).max() ?? 0
            for (key, value) in pairs {
                print(key.padding(toLength: width + 2, withPad: " ", startingAt: 0) + value)
            }
        }
    }
}
