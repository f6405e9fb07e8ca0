import Foundation

/// A run as comma-separated values (RFC 4180: CRLF, doubled quotes; UTF-8), every row of it.
///
/// `time_s` comes first, then each series under its name with its unit (`home2.battery_W`), then
/// each state track under its name. Numbers are the shortest that read back the same, with a
/// point in every locale; a missing value is an empty field.
public struct CSVReport: Sendable {
    public var trace: Trace
    /// Bytes gathered before they are handed on.
    static let chunk = 1 << 16

    /// Every series has as many values as the trace has rows.
    public init(_ trace: Trace) {
        for series in trace.series {
            precondition(
                series.values.count == trace.time_s.count,
                "\(series.name) has \(series.values.count) values, not \(trace.time_s.count)")
        }
        self.trace = trace
    }

    /// The heads of the columns.
    public var columns: [String] {
        ["time_s"] + trace.series.map(\.column) + trace.states.map(\.name)
    }

    /// Hands the rows on in pieces of about 64 KiB; what `take` throws ends the writing.
    public func write(_ take: ([UInt8]) throws -> Void) throws {
        var piece: [UInt8] = []
        piece.reserveCapacity(Self.chunk + 4096)
        Self.append(columns, to: &piece)
        var reached = trace.states.map { _ in -1 }
        for row in trace.time_s.indices {
            let time_s = trace.time_s[row]
            piece += Escape.seconds(time_s).utf8
            for series in trace.series {
                piece.append(UInt8(ascii: ","))
                let value = series.values[row]
                if value.isFinite { piece += Escape.plain(value).utf8 }
            }
            for (n, track) in trace.states.enumerated() {
                while reached[n] + 1 < track.changes.count,
                    track.changes[reached[n] + 1].time_s <= time_s
                {
                    reached[n] += 1
                }
                piece.append(UInt8(ascii: ","))
                if reached[n] >= 0 {
                    Self.append(field: track.changes[reached[n]].state, to: &piece)
                }
            }
            piece += [0x0D, 0x0A]
            if piece.count >= Self.chunk {
                try take(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
        if !piece.isEmpty { try take(piece) }
    }

    /// The events: `time_s,source,kind,text`.
    public func writeEvents(_ take: ([UInt8]) throws -> Void) throws {
        var piece: [UInt8] = []
        Self.append(["time_s", "source", "kind", "text"], to: &piece)
        for event in trace.eventsInOrder {
            Self.append(
                [Escape.seconds(event.time_s), event.source, event.kind.rawValue, event.text],
                to: &piece)
            if piece.count >= Self.chunk {
                try take(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
        try take(piece)
    }

    /// Writes the rows to a file, replacing what was there. Throws what the file system says.
    public func write(to url: URL) throws { try Self.save(to: url, write) }

    /// Writes the events to a file of their own.
    public func writeEvents(to url: URL) throws { try Self.save(to: url, writeEvents) }

    private static func save(
        to url: URL, _ produce: (([UInt8]) throws -> Void) throws -> Void
    ) throws {
        try Data().write(to: url)
        let file = try FileHandle(forWritingTo: url)
        do {
            try produce { try file.write(contentsOf: $0) }
        } catch {
            try? file.close()
            throw error
        }
        try file.close()
    }

    private static func append(_ fields: [String], to piece: inout [UInt8]) {
        for (n, field) in fields.enumerated() {
            if n > 0 { piece.append(UInt8(ascii: ",")) }
            append(field: field, to: &piece)
        }
        piece += [0x0D, 0x0A]
    }

    private static func append(field: String, to piece: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let special = field.utf8.contains {
            $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0D || $0 == 0x0A
        }
        guard special else {
            piece += field.utf8
            return
        }
        piece.append(quote)
        for byte in field.utf8 {
            if byte == quote { piece.append(quote) }
            piece.append(byte)
        }
        piece.append(quote)
    }
}

extension Trace.Series {
    /// The name with its unit: `home2.battery_W`.
    public var column: String { unit.suffix.isEmpty ? name : "\(name)_\(unit.suffix)" }
}
