import ArgumentParser
import BoardProfile
import Control
import Foundation
import Link
import Report
import Panel

struct WatchVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "What a running daemon measures and does, as it happens.",
        discussion: """
            Example: skerry watch
            q quits; the daemon goes on. Without a terminal, or with --plain, a line a second.
            """)
    @OptionGroup var place: LinkPlace
    @Option(help: "Time between two records; what happens between them is shown anyway.")
    var every: Span?
    @Option(name: .customLong("for"), help: "End by itself after this long: 30s, 5min.")
    var length: Span?
    @Flag(help: "Lines even on a terminal.")
    var plain = false
    @Flag(help: "One JSON object a line, for scripts.")
    var json = false

    func run() throws {
        try place.talk { client in
            let live = plain || json ? nil : TerminalScreen()
            let usual = live == nil ? 1 : 0.1
            let turns = ((every?.seconds ?? usual) * Double(client.hello.rate_Hz)).rounded()
            guard Double(Subscription.rates.upperBound) >= turns else {
                let most_s = Double(Subscription.rates.upperBound) / Double(client.hello.rate_Hz)
                throw ValidationError("--every: at most \(most_s) s at this site")
            }
            try require(client.subscribe(every: UInt32(max(1, turns)), events: true))
            var watched = Watched(client.hello)
            let end = Date().addingTimeInterval(length?.seconds ?? .infinity)
            if var screen = live {
                try watchOnScreen(&client, &watched, &screen, until: end)
                screen.close()
            } else {
                try watchInLines(&client, &watched, until: end)
            }
        }
    }

    private func watchOnScreen(
        _ client: inout LinkClient, _ watched: inout Watched, _ screen: inout TerminalScreen,
        until end: Date
    ) throws {
        while Date() < end, !screen.isGone {
            while let key = screen.key() {
                if key == .character("q") || key == .escape { return }
            }
            try watched.hear(&client, for_s: 0.1)
            let size = screen.size
            let view = TerminalView(columns: size.columns, rows: size.rows, ability: .ofOutput())
            var frame = watched.look().frame(nil)
            frame.hint = "q quits; the daemon goes on"
            screen.show(view.lines(frame))
        }
    }

    private func watchInLines(
        _ client: inout LinkClient, _ watched: inout Watched, until end: Date
    ) throws {
        var lines = LineView()
        let start = Date()
        var shown: UInt64 = 0
        while Date() < end {
            try watched.hear(&client, for_s: min(0.1, max(0, end.timeIntervalSinceNow)))
            guard watched.records > 0 else { continue }
            let view = watched.look()
            if json {
                for event in view.events {
                    print(
                        JSON.object([
                            ("event", .text(event.kind.rawValue)),
                            ("time_s", .number(event.time_s)),
                            ("source", .text(event.source)), ("text", .text(event.text)),
                        ]).compact)
                }
                if watched.records > shown { print(view.json.compact) }
                shown = watched.records
            } else {
                let wall_s = Date().timeIntervalSince(start)
                for line in lines.lines(view.frame(nil), wall_s: wall_s) { print(line) }
            }
            fflush(nil)
        }
    }
}

/// What a client has heard of a site, in the words of a board that is run here.
private struct Watched {
    private var log: FieldLog
    private let hello: Hello
    private var ticks = LiveFrame.Ticks()
    private var nextStatus = Date.distantPast
    var records: UInt64 { log.recordsSeen }

    init(_ hello: Hello) {
        self.hello = hello
        log = FieldLog(
            name: hello.site, stages: hello.stages, period_s: 1 / Double(hello.rate_Hz),
            origin_ns: 0)
        ticks.rate_Hz = Double(hello.rate_Hz)
    }

    /// Takes what comes within `for_s`.
    mutating func hear(_ client: inout LinkClient, for_s: Double) throws {
        let end = Date().addingTimeInterval(for_s)
        while let event = try client.next(timeout_s: max(0, end.timeIntervalSinceNow)) {
            switch event {
            case .record(let sent): log.see(sent.record)
            case .lost(let losses): log.lost(losses.records)
            }
            // A stream that never pauses is shown all the same.
            if Date() >= end { break }
        }
        if Date() >= nextStatus {
            nextStatus = Date().addingTimeInterval(1)
            read(try client.status())
        }
    }

    /// How the fixed rate is kept only the daemon knows.
    private mutating func read(_ status: Status) {
        for (key, value) in status.pairs {
            switch key {
            case "overruns": ticks.overruns = UInt64(value) ?? ticks.overruns
            case "wake_p50_us": ticks.wakeUpP50_us = Double(value) ?? .nan
            case "wake_p99_us": ticks.wakeUpP99_us = Double(value) ?? .nan
            case "wake_max_us": ticks.wakeUpMax_us = Double(value) ?? .nan
            default: break
            }
        }
    }

    mutating func look() -> FieldView {
        var view = FieldView(
            title: hello.site, events: log.fresh(), record: log.record, time_s: log.time_s)
        ticks.count = log.record.tick.count
        view.newest = log.newest
        view.ticks = ticks
        view.recordsLost = log.recordsLost
        view.contactorCause = log.contactorCause
        view.converter = log.converterWords
        return view
    }
}
