import BlackBox
import BoardProfile
import Hummingbird
import Moments
import Recorder
import Report
import SiteView
import Synchronization

/// Readings at full rate, out of the black box.
struct TurnRoutes: Sendable {
    let plan: SitePlan
    let clocks: Clocks
    let ring: @Sendable (String) -> String
    private let work = OneAtATime()

    init(_ hub: Hub) {
        plan = hub.plan
        clocks = hub.clocks
        ring = hub.ring
    }

    func add(to router: Router<HubContext>) {
        router.get("/api/v1/turns") { request, _ in try await turns(Query(request)) }
    }

    private func turns(_ query: Query) async throws -> Response {
        let controller = try query.controller(of: plan)
        // What is newest is on the disk a second later.
        let to_ns = try query.instant("to") ?? clocks.wall_ns()
        let from_ns = try query.instant("from") ?? to_ns - 5_000_000_000
        guard from_ns < to_ns else { throw Refusal(.badRequest, "from is not before to") }
        let waves = try query.flag("waves")
        let path = ring(controller)
        return try await aside {
            guard let known = work.begin() else {
                throw Refusal(
                    .serviceUnavailable, "turns are being lived again for somebody else",
                    retryAfter_s: 2)
            }
            var found: Recording?
            defer { work.end(controller, found) }
            do throws(Stretch.Fault) {
                let stretch = try Stretch(
                    ring: path, from_ns: from_ns, to_ns: to_ns, name: controller, waves: waves,
                    after: known[controller])
                found = stretch.recording
                return Response.json(stretch.json(controller))
            } catch {
                if case .tooMuch = error { throw Refusal(.badRequest, error.words) }
                throw Refusal(.notFound, error.words)
            }
        }
    }
}

/// Work of which there is one piece at a time, because it takes a core; and what was known after it.
private final class OneAtATime: Sendable {
    private let state = Mutex((isBusy: false, known: [String: Recording]()))
    /// - Returns: nil where somebody is at it.
    func begin() -> [String: Recording]? {
        state.withLock { state in
            guard !state.isBusy else { return nil }
            state.isBusy = true
            return state.known
        }
    }
    func end(_ controller: String, _ found: Recording?) {
        state.withLock { state in
            state.isBusy = false
            if let found { state.known[controller] = found }
        }
    }
}

extension Stretch {
    /// In columns; numbers to a ten-thousandth of their unit, times to a microsecond.
    func json(_ controller: String) -> JSON {
        func time(_ seconds: Double) -> JSON { .number((seconds * 1e6).rounded() / 1e6) }
        func value(_ number: Float) -> JSON { .number((Double(number) * 1e4).rounded() / 1e4) }
        return .object([
            ("controller", .text(controller)), ("start", .text(UTC.text(ns: start_ns))),
            ("rate_Hz", .number(ticksPerSecond)), ("missed_turns", .number(Double(missed))),
            ("t_s", .list(trace.time_s.map(time))),
            (
                "series",
                .list(
                    trace.series.map {
                        .object([
                            ("name", .text($0.name)), ("unit", .text($0.unit.suffix)),
                            ("group", .text($0.group)), ("label", .text($0.label)),
                            ("values", .list($0.values.map(value))),
                        ])
                    })
            ),
            (
                "states",
                .list(
                    trace.states.map { track in
                        .object([
                            ("name", .text(track.name)),
                            (
                                "changes",
                                .list(
                                    track.changes.map {
                                        .object([
                                            ("t_s", time($0.time_s)), ("state", .text($0.state)),
                                        ])
                                    })
                            ),
                        ])
                    })
            ),
            (
                "events",
                .list(
                    trace.events.map {
                        .object([
                            ("t_s", time($0.time_s)), ("kind", .text($0.kind.rawValue)),
                            ("text", .text($0.text)),
                        ])
                    })
            ),
        ])
    }
}
