import Control
import Dispatch
import Link
import Synchronization
import Threads

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The talk with one controller: a thread that connects, listens, renews what is wanted, and starts again
/// when the controller does.
final class Talk: Sendable {
    let name: String
    private let path: String
    private let perSecond: Float
    private let clock: @Sendable () -> Int64

    struct Request: Sendable {
        var command: AskedCommand
        var number: UInt64
        var answered: DispatchSemaphore
    }
    private struct Known: Sendable {
        var seen: Seen
        var heard_ns: Int64?
        var wants = Wants()
        var requests: [Request] = []
        var replies: [UInt64: Reply] = [:]
        var asked: UInt64 = 0
        var mustStop = false
    }
    private let known: Mutex<Known>
    /// Requests that wait at once; one more is refused.
    private static let mostWaiting = 16

    init(
        name: String, path: String, reserve: Float = 0, perSecond: Float,
        clock: @escaping @Sendable () -> Int64
    ) {
        self.name = name
        self.path = path
        self.perSecond = perSecond
        self.clock = clock
        var first = Known(seen: Seen(name: name))
        first.wants.reserve = min(max(reserve, 0), 1)
        known = Mutex(first)
    }

    func start() -> Bool {
        do throws(SystemThread.Fault) {
            try SystemThread.start("skerry-feed", isOrdinary: true) { [self] in live() }
            return true
        } catch { return false }
    }
    func stop() { known.withLock { $0.mustStop = true } }
    private var mustStop: Bool { known.withLock { $0.mustStop } }

    var seen: Seen {
        let now_ns = clock()
        return known.withLock { known in
            var seen = known.seen
            guard let heard_ns = known.heard_ns else { return seen }
            let quiet_s = Double(now_ns - heard_ns) * 1e-9
            if seen.record != nil { seen.age_s = quiet_s }
            if seen.connection == .connected && quiet_s > Seen.silence_s {
                seen.connection = .silent
            }
            return seen
        }
    }
    var wants: Wants { known.withLock { $0.wants } }

    func ask(_ command: AskedCommand) -> Reply {
        let answered = DispatchSemaphore(value: 0)
        let number: UInt64? = known.withLock { known in
            guard known.requests.count < Self.mostWaiting else { return nil }
            known.asked += 1
            known.requests.append(
                Request(command: command, number: known.asked, answered: answered))
            return known.asked
        }
        guard let number else {
            return Reply(isAccepted: false, words: "too much is asked of \(name) at once")
        }
        let isLate = answered.wait(timeout: .now() + 6) == .timedOut
        return known.withLock { known in
            // Whoever stops waiting takes the request back: it must not come true behind his back.
            known.requests.removeAll { $0.number == number }
            return known.replies.removeValue(forKey: number)
                ?? Reply(
                    isAccepted: false,
                    words: isLate ? "\(name) did not answer" : "\(name) could not be asked")
        }
    }

    // MARK: - On the thread

    private func live() {
        var wait_s = 0.25
        while !mustStop {
            let began_ns = clock()
            do throws(LinkFault) {
                try talk()
                return
            } catch {
                let words = error.words
                known.withLock { $0.seen.connection = .absent(words) }
                // A link that held for a while is tried again at once.
                wait_s = clock() - began_ns > 10_000_000_000 ? 0.25 : min(2 * wait_s, 5)
            }
            let end_ns = clock() + Int64(wait_s * 1e9)
            while clock() < end_ns && !mustStop {
                refuseWaiting()
                usleep(50_000)
            }
        }
        refuseWaiting()
    }

    /// Until it must stop; a fault ends it.
    private func talk() throws(LinkFault) {
        var client = try LinkClient(path: path, timeout_s: 2)
        let hello = client.hello
        let every = UInt32(max(1, (hello.rate_Hz / perSecond).rounded()))
        let answer = try client.subscribe(every: every)
        guard answer.code == .accepted else { throw .notUnderstood(answer.text) }
        known.withLock { known in
            known.seen.connection = .connected
            known.seen.connections += 1
            // What the one before said is not this one's.
            known.seen.record = nil
            known.seen.stages = hello.stages
            known.seen.rate_Hz = hello.rate_Hz
            known.seen.limits = hello.limits
            known.seen.mayCommand = hello.role == .command
            // Silence is counted from now.
            known.heard_ns = clock()
        }
        var nextStatus_ns = Int64.min
        var nextWish_ns = Int64.min
        var hasAsked = false
        while !mustStop {
            switch try client.next(timeout_s: 0.05) {
            case .record(let sent):
                let now_ns = clock()
                known.withLock { known in
                    known.seen.record = sent.record
                    known.heard_ns = now_ns
                }
            case .lost(let losses): known.withLock { $0.seen.lost &+= losses.records }
            case nil: break
            }
            let now_ns = clock()
            if now_ns >= nextStatus_ns {
                let pairs = try client.status().pairs
                known.withLock { $0.seen.status = pairs }
                nextStatus_ns = now_ns + 2_000_000_000
            }
            while let request = known.withLock({ $0.requests.first }) {
                try serve(request, &client)
                hasAsked = true
                nextWish_ns = .min
            }
            if now_ns >= nextWish_ns {
                let wants = wants
                // One wish that asks for nothing more ends what was asked before.
                if hasAsked || !wants.isIdle(at: now_ns) {
                    _ = try client.set(
                        wants.wish(at: now_ns, charge: charge), validity_ms: Feed.validity_ms)
                    hasAsked = !wants.isIdle(at: now_ns)
                }
                nextWish_ns = now_ns + 1_000_000_000
            }
        }
    }

    /// Asks the controller, and keeps what is wanted only where it agrees.
    private func serve(_ request: Request, _ client: inout LinkClient) throws(LinkFault) {
        let now_ns = clock()
        var wants = wants
        switch request.command {
        case .island: (wants.island, wants.connect) = (true, true)
        case .reconnect: (wants.island, wants.connect) = (false, true)
        case .acknowledge: wants.acknowledgedUntil_ns = now_ns + 1_000_000_000
        case .reserve(let charge): wants.reserve = min(max(charge, 0), 1)
        case .setpoints(let active, let reactive, let for_s):
            wants.scheduled = (active, reactive, now_ns + Int64(min(max(for_s, 1), 86_400) * 1e9))
        }
        // What is asked for is judged by the controller whole, and held back below the reserve from the next
        // renewal on.
        let answer = try client.set(
            wants.wish(at: now_ns, charge: 1), validity_ms: Feed.validity_ms)
        let isAccepted = answer.code == .accepted
        known.withLock { known in
            if isAccepted { known.wants = wants }
            settle(request, Reply(isAccepted: isAccepted, words: answer.text), &known)
        }
    }

    /// NaN where it is not known now: what a controller said before it fell silent is no ground to discharge on.
    private var charge: Float { seen.live?.measured.stateOfCharge ?? .nan }

    private func refuseWaiting() {
        known.withLock { known in
            guard case .absent(let words) = known.seen.connection else { return }
            for request in known.requests {
                settle(
                    request, Reply(isAccepted: false, words: "\(name) is not there: \(words)"),
                    &known)
            }
        }
    }
    private func settle(_ request: Request, _ reply: Reply, _ known: inout Known) {
        // Nobody waits for it any more.
        guard known.requests.contains(where: { $0.number == request.number }) else { return }
        known.requests.removeAll { $0.number == request.number }
        known.replies[request.number] = reply
        request.answered.signal()
    }
}
