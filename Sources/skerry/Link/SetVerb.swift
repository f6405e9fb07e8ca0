import ArgumentParser
import Control
import Foundation
import Link
import Quantities

struct SetVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Ask something of a running daemon, for a time.",
        discussion: """
            Example: skerry set --active-W 1500 --tied --for 15min
            What is asked replaces whatever was asked before as a whole, and ends by itself: then the \
            site falls back to its own judgement. What lies outside the limits is refused.
            """)
    enum Switch: String, ExpressibleByArgument, CaseIterable { case on, off }

    @OptionGroup var place: LinkPlace
    @Option(name: .customLong("for"), help: "How long it holds: 60s, 15min, 2h.")
    var length: Span?
    @Flag(help: "A planned island.")
    var island = false
    @Option(help: "The site may be connected to the grid.")
    var connect: Switch?
    @Flag(help: "Latched trips were seen; they may reset where the cause is gone.")
    var acknowledge = false
    @Flag(help: "Neighbours say that the coupling to the grid is closed.")
    var tied = false
    @Flag(help: "Sources on the bus confirm that they push an unseen island out of its window.")
    var guarded = false
    @Option(name: .customLong("active-W"), help: "Power into the bus while tied.")
    var active_W: Float?
    @Option(name: .customLong("reactive-var"), help: "Reactive power into the bus while tied.")
    var reactive_var: Float?
    @Option(
        name: .customLong("frequency-bias-Hz"), help: "Offset of the droop's no-load frequency.")
    var frequencyBias_Hz: Float?
    @Option(name: .customLong("voltage-bias-V"), help: "Offset of the droop's no-load voltage.")
    var voltageBias_V: Float?

    private var asksMore: Bool {
        island || connect != nil || tied || guarded || active_W != nil || reactive_var != nil
            || frequencyBias_Hz != nil || voltageBias_V != nil
    }
    /// An acknowledgement is for what has been seen, not for what comes in the next minutes.
    private static let acknowledgement_s = 1.0

    func validate() throws {
        guard asksMore || acknowledge else {
            throw ValidationError(
                "nothing is asked; for example --island --for 10min, or --acknowledge")
        }
        guard length != nil || !asksMore else {
            throw ValidationError("say how long it is to hold: --for 60s")
        }
        // Milliseconds of 32 bits: 49 days.
        if let length, length.seconds > 4_000_000 {
            throw ValidationError("--for: at most 46 days")
        }
    }

    func run() throws {
        let seconds = length?.seconds ?? Self.acknowledgement_s
        let wish = Setpoints(
            connect: connect != .off, island: island, acknowledge: acknowledge, tied: tied,
            guarded: guarded, frequencyBias: Hertz(frequencyBias_Hz ?? 0),
            voltageBias: Volts(voltageBias_V ?? 0), active: Watts(active_W ?? 0),
            reactive: Vars(reactive_var ?? 0))
        try place.talk { client in
            let answer = try client.set(wish, validity_ms: UInt32((seconds * 1000).rounded(.up)))
            try require(answer)
            print(answer.text)
        }
    }
}
