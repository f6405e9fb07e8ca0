import Control
import Foundation
import Loop
import Testing

@testable import Link

@Suite("Who may")
struct PeerTests {
    private func role(_ uid: UInt32, _ gid: UInt32, _ groups: [UInt32] = []) -> LinkRole? {
        LinkAccess(
            readers: .init(users: [10], groups: [20]),
            commanders: .init(users: [11], groups: [21])
        ).role(of: PeerCredentials(pid: 1, uid: uid, gid: gid, groups: groups), own: 500)
    }

    @Test("Root and the daemon's own user command; others as the lists have it")
    func roles() {
        #expect(role(0, 99) == .command && role(500, 99) == .command)
        #expect(
            role(10, 99) == .watch && role(99, 20) == .watch && role(99, 99, [3, 20]) == .watch)
        #expect(role(11, 99) == .command && role(99, 21) == .command)
        #expect(role(10, 99, [21]) == .command, "the greater right")
        #expect(role(99, 99) == nil && role(99, 99, [98]) == nil)
        #expect(
            LinkAccess().role(of: PeerCredentials(pid: 1, uid: 1, gid: 0), own: 500) == nil,
            "root's group is not root")
    }

    @Test("A stranger is told why, counted and closed; the credentials unknown likewise")
    func stranger() throws {
        for peer in [PeerCredentials(pid: 1, uid: 4_000_000, gid: 4_000_001), nil] {
            let table = try Table(peer: peer)
            var client = try RawClient(table.path)
            table.round()
            let heard = client.hear()
            #expect(heard.hellos.isEmpty && heard.goodbye?.code == .noRight)
            let who = peer == nil ? "unknown user" : "user 4000000, group 4000001"
            #expect(heard.goodbye?.text.contains(who) == true)
            #expect(table.exchange.counts.refusedPeers == 1 && table.exchange.callers.isEmpty)
        }
    }

    @Test("A watcher watches; its wish is refused with the reason and does not reach the loop")
    func watcher() throws {
        let table = try Table(peer: PeerCredentials(pid: 1, uid: 4_000_000, gid: 7)) {
            $0.access.readers.groups = [7]
        }
        var client = try RawClient(table.path)
        table.push(1)
        table.round()
        #expect(client.hear().hellos.first?.role == .watch)
        client.subscribe(1)
        client.set(Setpoints(), 1000)
        table.round()
        let answers = client.hear().answers
        #expect(answers.map(\.code) == [.accepted, .noRight])
        #expect(answers.last?.text.contains("user 4000000") == true && table.wishes.take() == nil)
    }

    @Test("A right that is taken away ends with the next wish, though the client stays")
    func revoked() throws {
        let table = try Table(peer: PeerCredentials(pid: 1, uid: 4_000_000, gid: 7)) {
            $0.access.commanders.groups = [7]
        }
        var client = try RawClient(table.path)
        table.push(1)
        table.round()
        client.set(Setpoints(acknowledge: true), 1000)
        table.round()
        #expect(client.hear().answers.map(\.code) == [.accepted] && table.wishes.take() != nil)
        table.news.access = LinkAccess(readers: .init(groups: [7]))
        client.set(Setpoints(island: true), 1000)
        table.round()
        #expect(client.hear().answers.map(\.code) == [.noRight] && table.wishes.take() == nil)
        #expect(table.exchange.callers.count == 1)
    }

    @Test("Watchers cannot take the last two places; beyond sixteen, nobody comes in")
    func full() throws {
        let folder = try ScratchFolder()
        let asWatcher = Atom()
        var options = LinkOptions.test(folder)
        options.access.readers.users = [4_000_000]
        let exchange = try Exchange(
            options, ring: TurnRing(), wishes: WishBox(), news: LinkNews(), doorbell: -1,
            status: { "" },
            credentials: { _ in
                PeerCredentials(pid: 1, uid: asWatcher.is ? 4_000_000 : 0, gid: 9)
            })
        var sockets: [Int32] = []
        defer { for file in sockets { close(file) } }
        func come(_ count: Int) throws {
            for _ in 0..<count {
                let file = try unixSocket(options.path)
                try LinkClient.connect(file, options.path, 1)
                sockets.append(file)
                exchange.round(wait_ms: 0)
            }
        }
        try come(15)
        #expect(exchange.callers.count == 14 && exchange.counts.full == 1)
        asWatcher.is = false
        try come(3)
        #expect(exchange.callers.count == 16 && exchange.counts.full == 2)
        // One leaves, one may come.
        close(sockets.removeFirst())
        exchange.round(wait_ms: 0)
        exchange.round(wait_ms: 0)
        try come(1)
        #expect(exchange.callers.count == 16 && exchange.counts.full == 2)
    }
    private final class Atom {
        var `is` = true
    }

    @Test("The kernel's word on ourselves")
    func ourselves() throws {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        let peer = try #require(PeerCredentials.ofPeer(ends[0]))
        #expect(peer.pid == getpid() && peer.uid == getuid() && peer.gid == getgid())
        let count = getgroups(0, nil)
        var groups = [gid_t](repeating: 0, count: Int(count))
        getgroups(count, &groups)
        #expect(Set(peer.groups) == Set(groups))
        #expect(PeerCredentials.ofPeer(-1) == nil)
    }
}

@Suite("The socket's file")
struct ListenerTests {
    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test(
        "Its folder is made for owner and group, itself has the mode asked for, and goes in the end"
    )
    func made() throws {
        let folder = try ScratchFolder()
        var options = LinkOptions.test(folder)
        options.path = "\(folder.path)/run/site.sock"
        do {
            let listener = try Listener(options)
            #expect(mode(options.path) == 0o660 && mode("\(folder.path)/run") == 0o750)
            #expect(listener.descriptor >= 0)
        }
        #expect(mode(options.path) == 0)
        options.mode = 0o600
        let listener = try Listener(options)
        #expect(mode(options.path) == 0o600 && listener.descriptor >= 0)
    }

    @Test("A dead server's file is replaced; a live one's is not, nor what is no socket")
    func stale() throws {
        let folder = try ScratchFolder()
        let options = LinkOptions.test(folder)
        // Bound and never unlinked: what a killed server leaves.
        let dead = try unixSocket(options.path)
        #expect(try withSocketAddress(options.path) { bind(dead, $0, $1) } == 0)
        close(dead)
        let live = try Listener(options)
        #expect(throws: LinkFault.taken(path: options.path)) { _ = try Listener(options) }
        #expect(live.descriptor >= 0 && mode(options.path) == 0o660)
        var other = options
        other.path = "\(folder.path)/file"
        #expect(FileManager.default.createFile(atPath: other.path, contents: nil))
        #expect(throws: LinkFault.notSocket(path: other.path)) { _ = try Listener(other) }
        other.path = "\(folder.path)/a/b/site.sock"
        #expect(throws: LinkFault.self) { _ = try Listener(other) }
    }

    @Test("A path that does not fit is refused with its bound")
    func long() throws {
        let folder = try ScratchFolder()
        var options = LinkOptions.test(folder)
        options.path = "\(folder.path)/" + String(repeating: "x", count: 100)
        do {
            _ = try Listener(options)
            Issue.record("bound")
        } catch {
            #expect(error == .pathTooLong(path: options.path) && error.words.contains("107"))
        }
    }
}
