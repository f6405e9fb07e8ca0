import ArgumentParser
import BlackBox
import BoardProfile
import Control
import Foundation
import Replay
import Words

struct BlackBoxList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Runs, captures, events with their causes, gaps, damage.",
        discussion: "Example: skerry blackbox list out/box/mill")

    @OptionGroup var place: RecordingPlace
    @Option(help: "The newest so many events of a run; all when 0.")
    var most = 50
    @Flag(help: "Trips alone.")
    var trips = false
    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        var files = [place.file]
        if place.file != place.path { files += captures(beside: place.file) }
        var listed: [JSON] = []
        for (n, file) in files.enumerated() {
            let recording = try RecordingPlace.open(file)
            let size_B =
                (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int64) ?? 0
            // Of the captures beside a ring, a line each: their events are the ring's.
            let isBrief = n > 0
            if json {
                listed.append(try self.json(file, recording, size_B: size_B, isBrief: isBrief))
                continue
            }
            let kind = recording.purpose == .ring ? "ring" : "capture"
            if !isBrief {
                print("\(file): \(kind), \(size_B) bytes in segments of \(recording.segmentSize)")
            }
            for run in n == 0 ? try place.runs(recording) : recording.runs {
                if isBrief { brief(file, run) } else { show(run) }
            }
            for skip in recording.skipped { print("  skipped \(skip.words)") }
        }
        if json { print(JSON.object([("files", .list(listed))]).rendered, terminator: "") }
    }

    private func captures(beside ring: String) -> [String] {
        let folder = URL(fileURLWithPath: ring).deletingLastPathComponent().path + "/captures"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".skbb") }.sorted().map { "\(folder)/\($0)" }
    }

    private func brief(_ file: String, _ run: RecordedRun) {
        let listing = Listing(run, most: 0)
        let why = listing.notes.filter { $0.kind == .capture }.map(\.text).joined(separator: "; ")
        print("\(file): \(listing.spanText)\(why.isEmpty ? "" : ", \(why)")")
    }

    private func show(_ run: RecordedRun) {
        let listing = Listing(run, most: most, only: trips ? [.trip] : nil)
        let clock = listing.clock
        print("run \(run.number): \(listing.originText)")
        print("  \(listing.spanText)")
        for note in listing.notes where note.kind != .capture {
            print("  \(clock.text(note.tick))  \(note.kind): \(note.text)")
        }
        if listing.eventCount > listing.events.count {
            print(
                "  \(listing.eventCount) events, the newest \(listing.events.count) (--most 0: all)"
            )
        }
        for event in listing.events {
            let wall = clock.wallText(event.happening.tick)
            let number = "\(event.index)".padded(5)
            print(
                "  \(number) \(clock.text(event.happening.tick).padded(14)) "
                    + (wall.isEmpty ? "" : "\(wall)  ")
                    + "\(event.happening.what.kind.rawValue.padded(11))\(event.happening.what.text)"
            )
        }
        for gap in listing.gaps {
            print("  gap: \(gap.turns) turns from \(gap.first): \(gap.reason.words)")
        }
        for skip in listing.skips.prefix(10) { print("  skipped \(skip.words)") }
        if listing.skips.count > 10 { print("  and \(listing.skips.count - 10) more places") }
    }

    private func json(
        _ file: String, _ recording: Recording, size_B: Int64, isBrief: Bool
    ) throws -> JSON {
        let runs = isBrief ? recording.runs : try place.runs(recording)
        return .object([
            ("file", .text(file)),
            ("kind", .text(recording.purpose == .ring ? "ring" : "capture")),
            ("bytes", .number(Double(size_B))),
            ("skipped", .list(recording.skipped.map { .text($0.words) })),
            (
                "runs",
                .list(
                    runs.map {
                        Listing($0, most: isBrief ? 0 : most, only: trips ? [.trip] : nil).json
                    })
            ),
        ])
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
