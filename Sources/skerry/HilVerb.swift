import ArgumentParser
import BoardProfile
import Foundation
import Hil
import Wire

struct HilVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hil", abstract: "Let an external simulator play the plant, in lockstep.",
        discussion: """
            Example: skerry hil boards/sim-village --controller mill
            The simulator says what the sensors see and how long to go on; it is told what the \
            controllers command. Hil.docc/Protocol.md describes what goes over the socket; \
            clients/skerry_hil.py speaks it in Python. Ctrl-C ends.
            """)

    @Argument(help: "A board folder or a board file.", completion: .file())
    var board: String
    @Option(
        name: .customLong("controller"),
        help: "A controller to run; may be repeated. Left out: all.")
    var controllers: [String] = []
    @Option(help: "Listen at a Unix socket, for this user alone.", completion: .file())
    var socket: String?
    @Option(
        help: "Listen at ADDRESS:PORT, or PORT on loopback; port 0: any. Left out: 127.0.0.1:7475.")
    var listen: String?
    @Flag(help: "Simulated time goes no faster than real.")
    var paced = false
    @Option(help: "Let a partner go that says nothing for so long: 30s, 5min; 0: never.")
    var patience = "60s"
    @Flag(help: "End with the first partner.")
    var once = false

    private var patience_s: Double? { patience == "0" ? 0 : Span(argument: patience)?.seconds }

    func validate() throws {
        guard socket == nil || listen == nil else {
            throw ValidationError("write one of --socket and --listen")
        }
        if let listen, HilPlace(listen: listen) == nil {
            throw ValidationError(
                "--listen \(listen): write a numeric address and a port, such as 127.0.0.1:7475")
        }
        guard let patience_s, patience_s <= 1e6 else {
            throw ValidationError("--patience \(patience): write a time such as 30s, or 0")
        }
    }

    func run() throws {
        try requireFile(board)
        let source = BoardSource(board)
        let site = try load(source.read())
        for name in controllers where !site.controllerNames.contains(name) {
            complain(
                "\(board) has no controller \(name); it has \(site.controllerNames.joined(separator: ", "))"
            )
            throw ExitCode.validationFailure
        }
        var options = HilOptions(source)
        options.controllers = controllers.isEmpty ? nil : controllers
        options.program = "skerry \(ProgramVersion.text)"
        options.isPaced = paced
        options.patience_s = patience_s ?? 60
        options.isOnce = once
        if let socket {
            options.place = .unix(path: socket)
        } else if let listen, let place = HilPlace(listen: listen) {
            options.place = place
        }
        do throws(HilFault) {
            let server = try HilServer(options) { complain($0) }
            if !server.place.isLocal {
                complain(
                    "warning: other machines can reach \(server.place), and nobody asks who they are"
                )
            }
            print("\(site.name): listening at \(server.place)")
            fflush(nil)
            let stop = server.stopper
            Interrupt.watch { stop() }
            server.run()
        } catch {
            complain(error.words)
            throw ExitCode.cannotCreate
        }
    }
}
