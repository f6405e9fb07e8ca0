import Access
import ArgumentParser
import BoardProfile
import Dashboard
import Feed
import Foundation
import HomeAssistant
import Loop
import Prometheus
import Recorder
import SiteFile
import SiteView
import Wire

/// Everything slow: what happened is taken over from the black boxes into a store, and people see it on a
/// page. It may be killed and begun anew at any moment; no controller notices, and nothing is lost.
@main
struct SkerryHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skerry-hub",
        abstract: "The store and the page of what controllers do, beside them.",
        discussion: """
            Follows the black box of each controller, keeps seconds, quarters of an hour and events in one \
            SQLite file, and serves a page of the site as it is and was. `skerry export` writes the store \
            out, `skerry user` makes people who may command. Ends at Ctrl-C or SIGTERM, at once.

            Example: skerry-hub --board boards/pi-ac --store /var/lib/skerry/hub.sqlite
            """,
        version: ProgramVersion.text)

    @Argument(
        help: ArgumentHelp(
            "A controller and the folder of its black box; left out, all of the board.",
            valueName: "name=folder"))
    var box: [String] = []
    @Option(help: "The board: a folder with a board.yaml and perhaps a site.yaml.")
    var board: String?
    @Option(help: "The folder of the controllers' sockets.")
    var links = "/run/skerry"
    @Option(help: "The folder in which each controller has that of its black box.")
    var boxes = "/var/lib/skerry"
    @Option(help: "The store; made where there is none.")
    var store: String
    @Option(help: "The file of secrets; left out, secrets.yaml beside the store.")
    var secrets: String?
    @Option(help: "The page's address and port; left out, what the site file says.")
    var listen: String?
    @Flag(help: "Takes over what there is, and ends.")
    var once = false
    @Option(help: "Days of seconds that are kept, 1 to 366.")
    var days = 7

    func validate() throws {
        guard (1...366).contains(days) else {
            throw ValidationError("--days \(days): write 1 to 366")
        }
        guard board != nil || !box.isEmpty else {
            throw ValidationError("nothing to follow: write --board, or name=folder")
        }
        if let listen, ListenAddress(listen) == nil {
            throw ValidationError("--listen \(listen): write such as 127.0.0.1:8480")
        }
        var names: Set<String> = []
        for box in box {
            let parts = box.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else {
                throw ValidationError(
                    "\(box): write name=folder, such as mill=/var/lib/skerry/mill")
            }
            guard names.insert(String(parts[0])).inserted else {
                throw ValidationError("\(parts[0]) is there twice: name each controller once")
            }
        }
    }

    func run() async throws {
        let site = try board.map { try SiteOnDisk($0) }
        let kept: Store
        do throws(StoreFault) {
            kept = try Store(path: store)
        } catch {
            Journal.say("\(error)")
            throw ExitCode(73)
        }
        let boxes = followed(site?.plan)
        if once {
            var keeping = Keeping(kept, boxes: boxes, days: days, patience_s: 0)
            guard keeping.once() else { throw ExitCode.failure }
            return
        }
        Thread.detachNewThread { [days] in
            var keeping = Keeping(kept, boxes: boxes, days: days)
            keeping.follow()
        }
        guard let site else {
            while true { try await Task.sleep(for: .seconds(3600)) }
        }
        let folders = Dictionary(uniqueKeysWithValues: boxes.map { ($0.name, $0.folder) })
        try await serve(site, kept) { [boxes = self.boxes] name in
            "\(folders[name] ?? "\(boxes)/\(name)")/ring.skbb"
        }
    }

    /// Black boxes: those that were named, or those of the board.
    private func followed(_ plan: SitePlan?) -> [(name: String, folder: String)] {
        guard box.isEmpty, let plan else {
            return box.map { box in
                let parts = box.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), String(parts[1]))
            }
        }
        return plan.units.map { ($0.name, "\(boxes)/\($0.name)") }
    }

    private func serve(
        _ site: SiteOnDisk, _ kept: Store, ring: @escaping @Sendable (String) -> String
    ) async throws {
        let clocks = Clocks(
            wall_ns: { Int64(Date().timeIntervalSince1970 * 1e9) },
            monotonic_ns: { Pacer.now_ns() })
        let people: Secrets
        let path =
            secrets
            ?? URL(fileURLWithPath: store).deletingLastPathComponent()
            .appendingPathComponent("secrets.yaml").path
        do throws(Secrets.Fault) {
            people = try Secrets.load(path)
        } catch {
            Journal.say(error.words)
            throw ExitCode(78)
        }
        let reserves: [String: Float]
        do {
            reserves = try kept.reserves()
        } catch {
            Journal.say("\(store): the reserves cannot be read: \(error)")
            throw ExitCode(74)
        }
        let feed = Feed(
            site.plan.units.map { ($0.name, "\(links)/\($0.name).sock") }, reserves: reserves,
            clock: clocks.monotonic_ns)
        guard feed.start() else {
            Journal.say("the system gives no thread")
            throw ExitCode.failure
        }
        let metrics = PrometheusMetrics()
        let figures = SiteMetrics(site: site.plan.title, in: metrics)
        let hub = Hub(
            plan: site.plan, version: ProgramVersion.text, feed: feed, store: kept,
            users: Users(people.users, random: secretBytes(32)), clocks: clocks, ring: ring,
            metrics: {
                figures.update(feed.seen)
                return metrics.expose()
            },
            random: { secretBytes($0) })
        let page = page(site.plan.file.page)
        let bridge: HomeAssistantBridge?
        do throws(BrokerProblem) {
            bridge = try site.plan.file.broker.map { broker throws(BrokerProblem) in
                try hub.bridge(broker, site: site.name, password: people.brokerPassword)
            }
        } catch {
            Journal.say("the broker: \(error.words)")
            throw ExitCode(78)
        }
        guard bridge?.start() ?? true else {
            Journal.say("the system gives no thread")
            throw ExitCode.failure
        }
        defer { bridge?.stop() }
        do {
            let server = try PageServer(hub, page)
            let scheme = page.certificate == nil ? "http" : "https"
            try await server.run { port in
                let host = ListenAddress(page.listen)?.host ?? ""
                let shown = ListenAddress(
                    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
                Journal.say("the page: \(scheme)://\(shown?.text ?? page.listen)/")
            }
        } catch let fault as PageServer.Fault {
            Journal.say(fault.words)
            throw ExitCode(78)
        } catch {
            Journal.say(
                "\(page.listen): \(error)\n  = another program may have the port: write --listen")
            throw ExitCode(69)
        }
    }

    /// What the site file says, with what the command line says over it.
    private func page(_ said: SiteFile.PageSettings) -> SiteFile.PageSettings {
        var page = said
        if let listen { page.listen = listen }
        return page
    }
}

/// A board and its site file.
struct SiteOnDisk {
    let plan: SitePlan
    /// Short, and the same for ever: the folder's.
    let name: String

    init(_ board: String) throws {
        let profile = SiteProfile.load(board)
        let file = SiteFile.beside(board)
        for problem in profile.problems + file.problems { Journal.say(problem.rendered) }
        guard let profile = profile.value, let file = file.value else { throw ExitCode(65) }
        plan = SitePlan(profile, file)
        name = profile.name
    }
}
