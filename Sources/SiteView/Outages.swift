import BoardProfile
import Recorder

/// A time without a usable grid.
public struct Outage: Equatable, Sendable {
    public var from_ns: Int64
    /// Nil: it lasts.
    public var to_ns: Int64?
    /// In the words of the first event that names one.
    public var cause: String
    /// The bus stayed alive.
    public var isRiddenThrough = true

    /// Islands that nobody asked for, from the events of the controller at the point of common coupling, in
    /// their order. Planned islands are none.
    public static func all(_ events: [DatedEvent]) -> [Outage] {
        let mark = "islanding switch: "
        var found: [Outage] = []
        var open: Outage?
        var isPlanned = false
        for event in events where event.text.hasPrefix(mark) {
            let words = event.text.dropFirst(mark.count)
            if words.hasPrefix("grid-tied") {
                if var outage = open, !isPlanned {
                    outage.to_ns = event.wall_ns
                    found.append(outage)
                }
                (open, isPlanned) = (nil, false)
            } else if words.hasPrefix("islanded: planned") {
                isPlanned = true
            } else if words.hasPrefix("islanded: since start") {
                // How it stood when it was started: no outage began then.
                continue
            } else if words.hasPrefix("opening") || words.hasPrefix("islanded") {
                if open == nil {
                    let cause = words.hasPrefix("islanded: ") ? words.dropFirst(10) : words
                    open = Outage(from_ns: event.wall_ns, to_ns: nil, cause: String(cause))
                } else if words.hasPrefix("islanded: grid") {
                    open!.cause = String(words.dropFirst("islanded: ".count))
                }
            } else if words.hasPrefix("energising a dead bus") {
                open?.isRiddenThrough = false
            }
        }
        if let open, !isPlanned { found.append(open) }
        return found
    }

    var json: JSON {
        var m = Members()
        m.put("from", UTC.text(ns: from_ns))
        m.put("to", to_ns.map { UTC.text(ns: $0) })
        m.put("duration_s", to_ns.map { (Double($0 - from_ns) * 1e-8).rounded() / 10 })
        m.put("cause", cause)
        m.put("ridden_through", isRiddenThrough)
        return m.json
    }
}
