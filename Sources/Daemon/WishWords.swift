import Control
import Link

extension AcceptedWish {
    /// Who asked for what, for the journal.
    var words: String {
        var asked: [String] = []
        if wish.island { asked.append("island") }
        if !wish.connect { asked.append("not connected") }
        if wish.acknowledge { asked.append("acknowledge") }
        if wish.tied { asked.append("tied") }
        if wish.guarded { asked.append("guarded") }
        for (value, unit) in [
            (wish.active.value, "W"), (wish.reactive.value, "var"),
            (wish.frequencyBias.value, "Hz of bias"), (wish.voltageBias.value, "V of bias"),
        ] where value != 0 { asked.append("\(value) \(unit)") }
        return "user \(peer.uid) (process \(peer.pid)) asks for "
            + (asked.isEmpty ? "nothing special" : asked.joined(separator: ", "))
            + " until tick \(wish.expires.count)"
    }
}
