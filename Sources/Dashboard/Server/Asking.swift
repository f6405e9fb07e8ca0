import Feed
import Recorder
import SiteView

extension Hub {
    /// Asks a controller on somebody's behalf, and puts down what became of it; a reserve that was accepted is
    /// kept for the next hub.
    ///
    /// - Parameters:
    ///   - user: who gave the command.
    ///   - via: the door it came by: page, mqtt.
    public func ask(
        _ command: AskedCommand, of controller: String, user: String, via: String
    ) -> Reply {
        var reply = feed.ask(command, of: controller)
        let record = RecordedCommand(
            wall_ns: clocks.wall_ns(), user: user, via: via, controller: controller,
            command: command.words, isAccepted: reply.isAccepted, words: reply.words)
        // What the controller does is true, whether it could be written or not.
        do { try store.record(record) } catch {
            reply.words += " (this could not be put down: the store cannot be written)"
        }
        guard reply.isAccepted, case .reserve(let charge) = command else { return reply }
        do { try store.keep(reserve: charge, of: controller) } catch {
            reply.words += " (it holds until the hub begins anew: the store cannot be written)"
        }
        return reply
    }
}
