import Synchronization

/// A message from the broker, its payload cut at ``Heard/longest`` bytes.
struct MQTTMessage: Equatable, Sendable {
    var topic: String
    var payload: [UInt8]
    /// Its length before the cut.
    var length: Int
    var isRetained: Bool
}

/// What the library's callbacks leave for the thread that called it.
///
/// It has a lock although one thread fills and empties it: the compiler cannot know which thread a C
/// library calls from.
final class Heard: Sendable {
    /// One byte more than anything that is taken.
    static let longest = 257
    /// Messages kept between two looks; what is beyond is counted as lost. One look follows each packet.
    static let most = 64

    /// Why it ended, as far as it was said.
    struct Ending: Sendable {
        /// A CONNACK's refusal, and a DISCONNECT's reason.
        var refusal: Int32?
        var farewell: Int32?
        /// The first error of the library's log.
        var error: String?
    }
    struct News: Sendable {
        var isConnected = false
        var messages: [MQTTMessage] = []
        /// PUBACKs by their reason codes; SUBACKs that refuse.
        var acked: UInt64 = 0
        var refused: [Int32] = []
        var refusedSubscriptions: [Int32] = []
        var lost: UInt64 = 0
        var ending = Ending()
    }
    private let news = Mutex(News())

    func take() -> News {
        news.withLock { news in
            let taken = news
            news = News()
            // A later look still wants to know how it began to end.
            news.ending = taken.ending
            return taken
        }
    }

    func connected(_ reason: Int32) {
        news.withLock { news in
            if reason == 0 { news.isConnected = true } else { news.ending.refusal = reason }
        }
    }
    /// Only the broker's reasons are of interest: the library's own are in what its calls return.
    func disconnected(_ reason: Int32) {
        news.withLock { news in
            if reason >= 0x80 && news.ending.refusal == nil { news.ending.farewell = reason }
        }
    }
    func acknowledged(_ reason: Int32) {
        news.withLock { news in
            if reason < 0x80 { news.acked += 1 } else { news.refused.append(reason) }
        }
    }
    func subscribed(_ reasons: [Int32]) {
        news.withLock { $0.refusedSubscriptions += reasons.filter { $0 >= 0x80 } }
    }
    func received(_ message: MQTTMessage) {
        news.withLock { news in
            if news.messages.count < Self.most {
                news.messages.append(message)
            } else {
                news.lost += 1
            }
        }
    }
    func logged(_ text: String) {
        news.withLock { news in
            // OpenSSL's queue is told one by one, and the first says what happened.
            if news.ending.error == nil { news.ending.error = text }
        }
    }
}
