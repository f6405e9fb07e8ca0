import Foundation
import Testing

@testable import Dashboard

@Suite("Snapshots as they come")
struct StreamTests {
    let house: House
    init() throws { house = try House() }

    private func watch() throws -> Wire {
        let wire = try Wire(port: house.port)
        wire.send(
            Array("GET /api/v1/live/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8))
        return wire
    }

    @Test("Four a second, each whole JSON on a line of its own")
    func snapshots() throws {
        let wire = try watch()
        var all: [UInt8] = []
        let began = Date()
        while Date().timeIntervalSince(began) < 2.2 {
            house.pcc.push()
            all += wire.receive()
        }
        let text = String(decoding: all, as: UTF8.self)
        #expect(text.lowercased().contains("content-type: text/event-stream\r\n"))
        let data = text.components(separatedBy: "event: snapshot\ndata: ").dropFirst()
        // A slow machine gives fewer; none gives more.
        #expect((4...10).contains(data.count), "\(data.count)")
        var times = Set<UInt64>()
        for piece in data.dropLast() {
            let line = try #require(piece.components(separatedBy: "\n\n").first)
            let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let units = try #require(json?["controllers"] as? [[String: Any]])
            #expect(units.map { $0["name"] as? String }.first == "pcc" && units.count == 5)
            times.insert(units[0]["tick"] as? UInt64 ?? 0)
        }
        #expect(times.count > 1, "they are new")
    }

    @Test("64 may watch; the next is told to wait; who goes makes room")
    func places() throws {
        var watchers = try (0..<64).map { _ in try watch() }
        for wire in watchers { #expect(wire.receive().starts(with: Array("HTTP/1.1 200".utf8))) }
        let full = try house.client.get("/api/v1/live/stream")
        #expect(full.status == 503 && full.error.contains("64 are watching"))
        #expect(full.headers["retry-after"] == "10")
        // A question for the head alone, and others, need no place.
        #expect(try house.client.get("/api/v1/live").status == 200)
        // One says farewell, one breaks.
        watchers[3].close()
        watchers[40].abort()
        watchers.remove(at: 40)
        watchers.remove(at: 3)
        func tryAgain() -> Bool {
            guard let wire = try? watch() else { return false }
            let isIn = wire.receive().starts(with: Array("HTTP/1.1 200".utf8))
            if isIn { watchers.append(wire) }
            return isIn
        }
        house.until("a place is free") { tryAgain() }
        house.until("and another") { tryAgain() }
        #expect(try house.client.get("/api/v1/live/stream").status == 503)
        watchers = []
        house.until("all are free") {
            let heads = (0..<64).map { _ in try? house.client.ask("HEAD", "/api/v1/live/stream") }
            return heads.allSatisfy { $0?.status == 200 }
        }
    }
}
