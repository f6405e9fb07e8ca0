import BoardProfile
import Feed
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import Recorder
import SiteView
import Synchronization

/// What everybody may read.
struct ReadRoutes: Sendable {
    let plan: SitePlan
    let version: String
    let feed: Feed
    let store: Store
    let newest: NewestSnapshot
    let clocks: Clocks
    let metrics: @Sendable () -> String?
    private let streams = StreamCount()

    init(_ hub: Hub, _ newest: NewestSnapshot) {
        plan = hub.plan
        version = hub.version
        feed = hub.feed
        store = hub.store
        clocks = hub.clocks
        metrics = hub.metrics
        self.newest = newest
    }

    func add(to router: Router<HubContext>) {
        for (path, asset) in Asset.all {
            router.get(RouterPath(path)) { request, _ in Self.send(asset, request) }
        }
        router.get("/api/v1/site") { _, _ in Response.json(plan.json(version: version)) }
        router.get("/api/v1/live") { _, _ in
            Response.text(newest.text, "application/json; charset=utf-8")
        }
        router.get("/api/v1/live/stream") { _, _ in try stream() }
        router.get("/api/v1/history") { request, _ in try await history(Query(request)) }
        router.get("/api/v1/summary") { request, _ in try await summary(Query(request)) }
        router.get("/api/v1/events") { request, _ in try await events(Query(request)) }
        router.get("/api/v1/settings") { request, _ in try await settings(Query(request)) }
        router.get("/metrics") { _, _ in
            guard let text = metrics() else {
                throw Refusal(.notFound, "this hub keeps no metrics")
            }
            return Response.text(text, "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private static func send(_ asset: Asset, _ request: Request) -> Response {
        let headers: HTTPFields = [
            .contentType: asset.type, .eTag: asset.tag, .cacheControl: "no-cache",
        ]
        if request.headers[.ifNoneMatch] == asset.tag {
            return Response(status: .notModified, headers: headers)
        }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }

    /// Snapshots as they come, until the reader goes.
    private func stream() throws -> Response {
        guard let place = streams.take() else {
            throw Refusal(
                .serviceUnavailable, "\(StreamCount.most) are watching; close one of them",
                retryAfter_s: 10)
        }
        let newest = newest
        let body = ResponseBody { writer in
            defer { place.leave() }
            var number: UInt64 = 0
            var quiet = 0
            while !Task.isCancelled {
                if let next = newest.after(number) {
                    number = next.number
                    quiet = 0
                    try await writer.write(
                        ByteBuffer(string: "event: snapshot\ndata: \(next.text)\n\n"))
                } else {
                    quiet += 1
                    if quiet % 40 == 0 {
                        try await writer.write(ByteBuffer(string: ": still here\n\n"))
                    }
                }
                try await Task.sleep(for: .milliseconds(1000 / (2 * NewestSnapshot.perSecond)))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store",
                // A browser that leaves would otherwise read on for seconds, to use the connection again, and
                // has six of them for all of a site.
                .connection: "close",
            ], body: body)
    }

    private func history(_ query: Query) async throws -> Response {
        let range = try query.range(clocks)
        let controller = try query.controller(of: plan)
        let figures = query["figures"]?.split(separator: ",").map(String.init) ?? []
        let step = try query.whole("step_s", 1...366 * 86_400) ?? 900
        let question: HistoryQuestion
        do throws(HistoryQuestion.Fault) {
            question = try HistoryQuestion(
                controller: controller, from_s: range.from_s, to_s: range.to_s,
                step_s: Int64(step), figures: figures)
        } catch { throw Refusal(.badRequest, error.words) }
        return try await aside { Response.json(try question.answer(store, plan)) }
    }

    private func summary(_ query: Query) async throws -> Response {
        let range = try query.range(clocks)
        return try await aside {
            let summary = try Summary(store, plan, from_s: range.from_s, to_s: range.to_s)
            return Response.json(
                summary.json(plan, from_s: range.from_s, to_s: range.to_s))
        }
    }

    private func events(_ query: Query) async throws -> Response {
        let range = try query.range(clocks)
        let names =
            query["controller"] == nil ? plan.units.map(\.name) : [try query.controller(of: plan)]
        let limit = try query.whole("limit", 1...10_000) ?? 200
        return try await aside {
            var all: [(String, DatedEvent)] = []
            for name in names {
                all += try store.events(of: name, from_s: range.from_s, to_s: range.to_s)
                    .map { (name, $0) }
            }
            all.sort { $0.1.wall_ns > $1.1.wall_ns }
            return Response.json(
                .list(
                    all.prefix(limit).map { name, event in
                        .object([
                            ("time", .text(UTC.text(ns: event.wall_ns))),
                            ("controller", .text(name)), ("kind", .text(event.kind)),
                            ("text", .text(event.text)),
                        ])
                    }))
        }
    }

    private func settings(_ query: Query) async throws -> Response {
        let controller = try query.controller(of: plan)
        return try await aside {
            Response.json(
                .list(
                    try store.settings(of: controller).map {
                        .object([("name", .text($0.name)), ("text", .text($0.text))])
                    }))
        }
    }
}

/// Work that waits for a disk, on threads that may wait.
func aside<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await NIOThreadPool.singleton.runIfActive(work)
}

/// How many watch the stream.
final class StreamCount: Sendable {
    static let most = 64
    private let count = Mutex(0)

    /// A place, left once.
    final class Place: Sendable {
        private let count: StreamCount
        private let isLeft = Mutex(false)
        fileprivate init(_ count: StreamCount) { self.count = count }
        deinit { leave() }
        func leave() {
            let isFirst = isLeft.withLock { left in
                defer { left = true }
                return !left
            }
            if isFirst { count.count.withLock { $0 -= 1 } }
        }
    }
    func take() -> Place? {
        count.withLock {
            guard $0 < Self.most else { return false }
            $0 += 1
            return true
        } ? Place(self) : nil
    }
}
