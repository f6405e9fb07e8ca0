import ArgumentParser
import BlackBox
import Control
import Foundation
import Replay

/// One moment of a run: a time, or an event by its number in `skerry blackbox list`.
struct Instant: ParsableArguments {
    @Option(help: "Seconds since the loop's start (90s, 5min), or UTC.")
    var at: Moment?
    @Option(
        help:
            "An event by its number in skerry blackbox list; the newest trip when nothing is said.")
    var event: Int?

    func tick(_ run: RecordedRun, _ clock: RunClock) throws -> (tick: Tick, words: String) {
        if let at {
            guard event == nil else { throw ValidationError("--at and --event exclude each other") }
            let tick = try at.tick(clock)
            return (tick, clock.text(tick))
        }
        let listing = Listing(run, most: 0)
        let found: Listing.Event?
        if let event {
            found = listing.events.first { $0.index == event }
            guard found != nil else {
                complain("there is no event \(event); the run has 1 ... \(listing.eventCount)")
                throw ExitCode.failure
            }
        } else {
            found =
                listing.events.last { $0.happening.what.kind == .trip } ?? listing.events.last
            guard found != nil else {
                complain("the run has no event; say a moment with --at")
                throw ExitCode.failure
            }
        }
        let happening = found!.happening
        return (
            happening.tick,
            "\(clock.text(happening.tick)), event \(found!.index): \(happening.what.text)"
        )
    }
}
