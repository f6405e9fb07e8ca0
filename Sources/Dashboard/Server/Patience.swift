import NIOCore
import NIOHTTPTypes
import Synchronization

/// What is asked of connections, so that nobody holds the places of others.
struct ConnectionTerms: Sendable {
    /// Until a request has come whole, from the connection's beginning or the answer before it; one that is being
    /// answered may take as long as it likes.
    var patience_s = 60.0
    /// Connections at once of one address; as many as there are places of this machine's own, where a proxy may
    /// stand for many.
    var mostOfOne = 64
    var mostOfOwn = Int.max

    func most(_ address: String) -> Int {
        address.hasPrefix("127.") || address == "::1" ? mostOfOwn : mostOfOne
    }
}

/// How many connections each address has.
final class Guests: Sendable {
    let terms: ConnectionTerms
    private let counts = Mutex<[String: Int]>([:])

    init(_ terms: ConnectionTerms) { self.terms = terms }

    /// - Returns: false where it has as many as it may.
    func enter(_ address: String) -> Bool {
        counts.withLock { counts in
            guard counts[address, default: 0] < terms.most(address) else { return false }
            counts[address, default: 0] += 1
            return true
        }
    }
    func leave(_ address: String) {
        counts.withLock { counts in
            let left = counts[address, default: 1] - 1
            counts[address] = left > 0 ? left : nil
        }
    }
}

/// Closes a connection that does not keep the terms, however slowly it goes on sending.
final class Patience: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let guests: Guests
    private var address: String?
    private var deadline: Scheduled<Void>?
    /// Requests that came whole, and answers that were given whole.
    private var asked = 0, answered = 0

    init(_ guests: Guests) { self.guests = guests }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }
    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }
    private func begin(_ context: ChannelHandlerContext) {
        guard address == nil else { return }
        let peer = context.remoteAddress?.ipAddress ?? ""
        guard guests.enter(peer) else {
            context.close(promise: nil)
            return
        }
        address = peer
        wait(context)
    }
    private func wait(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        let patience = TimeAmount.milliseconds(Int64(guests.terms.patience_s * 1000))
        deadline = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) {
            asked += 1
            deadline?.cancel()
        }
        context.fireChannelRead(data)
    }
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            answered += 1
            if asked <= answered { wait(context) }
        }
        context.write(data, promise: promise)
    }
    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        if let address { guests.leave(address) }
        address = nil
        context.fireChannelInactive()
    }
}
