import ArgumentParser
import Bench
import BoardProfile
import Foundation
import HAL
import LinuxBoard

struct BenchVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract:
            "A virtual board behind the kernel's own drivers: a plant poses as CP2112 bridges.",
        discussion: """
            As root, on Linux with the modules uhid and hid-cp2112. In one terminal:
              skerry bench
            in another:
              skerry run boards/bench-cp2112
              skerry bench fault unplug a
            """,
        subcommands: [Serve.self, FaultVerb.self, StateVerb.self], defaultSubcommand: Serve.self)

    struct Socket: ParsableArguments {
        @Option(help: "The control socket.")
        var socket = "/run/skerry-bench.sock"
    }

    struct Serve: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Plug the virtual board in and answer for it until Ctrl-C.")
        @Option(help: "The board it is wired for.", completion: .file())
        var board = "boards/bench-cp2112"
        @OptionGroup var socket: Socket
        @Option(help: "Seed of noise and contact travel.")
        var seed: UInt64 = 1

        func run() throws {
            try requireFile(board)
            let site = try load(SiteProfile.load(board))
            guard let hardware = site.hardware,
                hardware.gpio.contains(where: { $0.parent.contains("SKERRY-BENCH") })
            else {
                complain(
                    "\(board) is not wired for the bench: its gpio names no bridge of serial "
                        + "SKERRY-BENCH-A")
                throw ExitCode.validationFailure
            }
            var options = Bench.Options()
            options.controlPath = socket.socket
            options.seed = seed
            let path = socket.socket
            Interrupt.watch { _ = try? Bench.ask("quit", at: path) }
            do throws(BoardFault) {
                try Bench.serve(options) {
                    print("bench: two CP2112 bridges plugged in; orders at \(path)")
                    fflush(nil)
                }
            } catch {
                complain(
                    "bench: /dev/uhid or \(path) \(error.words)\n"
                        + "  = as root: modprobe -a uhid hid-cp2112 i2c-dev")
                throw ExitCode.failure
            }
        }
    }

    struct FaultVerb: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fault",
            abstract:
                "Break or mend something of a running bench; `skerry bench fault help` lists it.")
        @OptionGroup var socket: Socket
        @Argument(help: "The order: unplug a, nack 0x40, relay main_contactor weld, clear ...")
        var order: [String]

        func run() throws {
            let answer = try ask(order.joined(separator: " "), socket.socket)
            print(answer.replacingOccurrences(of: "; ", with: "\n"))
        }
    }

    struct StateVerb: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "state", abstract: "What is true on a running bench, as one JSON object.")
        @OptionGroup var socket: Socket

        func run() throws { print(try ask("state", socket.socket)) }
    }
}

/// Sends one order and answers what came; ends the program where it was refused.
private func ask(_ order: String, _ path: String) throws -> String {
    do {
        let answer = try Bench.ask(order, at: path)
        guard !answer.hasPrefix("error") else {
            complain(answer)
            throw ExitCode.failure
        }
        return answer
    } catch let fault as BoardFault {
        complain("\(path) \(fault.words)\n  = is `skerry bench` running?")
        throw ExitCode.failure
    }
}
