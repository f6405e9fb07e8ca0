import BoardProfile
import Control
import Quantities

extension Session {
    /// Values in force, with what may be written.
    func listSettings(_ asked: Members) throws(SessionError) {
        _ = try running()
        var members = asked
        let prefix = try members.text("matching") ?? ""
        try members.finish()
        let found = reading.settings.filter { $0.key.hasPrefix(prefix) }
        reply(asked) { w in
            w.name("settings")
            w.list { w in
                for setting in found {
                    w.object { w in
                        w.member("key", setting.key)
                        w.member("value", setting.value)
                        w.member("unit", setting.unit)
                        w.member("range", Self.range(of: setting))
                        w.member("source", Self.source(of: setting))
                    }
                }
            }
        }
    }

    private static func range(of setting: Setting) -> String {
        if let range = setting.range {
            return "\(plain(range.lowerBound)) to \(plain(range.upperBound))"
        }
        return SiteProfile.section.description.key(at: setting.key)?.rangeWords ?? ""
    }
    /// A value that no file has a line of was set.
    private static func source(of setting: Setting) -> String {
        if case .file(_, line: 0) = setting.origin { return "set" }
        return setting.place
    }

    /// Changes values of the board's file and of those it names, all or none.
    func set(_ asked: Members) throws(SessionError) {
        let rig = try running()
        var members = asked
        guard let changes = try members.object("settings")?.members else {
            throw SessionError("set says no settings", "write \"settings\":{key: value, …}")
        }
        try members.finish()
        var overlay = overlay
        for change in changes {
            guard overlay.set(change.name, try json(change.value, change.name)) else {
                throw SessionError(
                    "\(JSONValue.text(change.name).words) is no path of a key",
                    "settings lists those there are")
            }
        }
        guard overlay.keys.count <= 1000 else {
            throw SessionError("more than 1000 values are set", "take some back with null")
        }
        let reading = terms.source.read(overlay)
        guard let site = reading.value else {
            throw SessionError(
                .settings, reading.errors.first?.description ?? "the board's file has errors",
                "nothing was changed", reading.errors)
        }
        let needsReset = rig.adopt(site)
        (self.overlay, self.reading) = (overlay, reading)
        reply(asked) { w in
            w.member("changed", list: changes.map(\.name))
            w.member("needs_reset", needsReset)
            w.member("warnings", list: reading.problems.map(\.description))
        }
    }

    private func json(_ value: JSONValue, _ key: String) throws(SessionError) -> JSON? {
        switch value {
        case .null: return nil
        case .flag(let flag): return .flag(flag)
        case .number(let number): return .number(number)
        case .text(let text): return .text(text)
        case .numbers(let numbers): return .list(numbers.map { .number($0) })
        case .list(let items):
            var list: [JSON] = []
            for item in items {
                guard let value = try json(item, key) else {
                    throw SessionError("\(key) has null in a list", "leave it out")
                }
                list.append(value)
            }
            return .list(list)
        case .object:
            throw SessionError("\(key) is an object", "set each of its keys: \(key).key")
        }
    }

    /// What people and plans ask for, for a time.
    func wish(_ asked: Members) throws(SessionError) {
        let rig = try running()
        var members = asked
        guard let for_s = try members.number("for_s", 0...86_400) else {
            throw SessionError("wish says not for how long", "write for_s")
        }
        let names = try members.texts("controllers")
        var wish = Setpoints()
        wish.connect = try members.flag("connect") ?? true
        wish.island = try members.flag("island") ?? false
        wish.acknowledge = try members.flag("acknowledge") ?? false
        wish.tied = try members.flag("tied") ?? false
        wish.guarded = try members.flag("guarded") ?? false
        func number(_ name: String) throws(SessionError) -> Float {
            Float(try members.number(name, -1e9...1e9) ?? 0)
        }
        wish.frequencyBias = Hertz(try number("frequency_bias_Hz"))
        wish.voltageBias = Volts(try number("voltage_bias_V"))
        wish.active = Watts(try number("active_W"))
        wish.reactive = Vars(try number("reactive_var"))
        try members.finish()
        // From the next tick on.
        let ends = rig.ticks + 1 + UInt64((for_s * rig.rate_Hz).rounded(.up))
        wish.expires = Tick(ends)
        var those = rig.controllers
        if let names {
            for name in names where !rig.controllers.contains(where: { $0.name == name }) {
                throw SessionError(
                    "no controller is called \(name)",
                    "there is \(rig.controllers.map(\.name).joined(separator: ", "))")
            }
            those = rig.controllers.filter { names.contains($0.name) }
        }
        for controller in those {
            guard controller.settings.limits.admit(wish, at: Tick(rig.ticks + 1)) else {
                throw SessionError(
                    "\(controller.name) admits no such wish", controller.settings.limits.words(rig))
            }
        }
        for controller in those { controller.wish = wish }
        reply(asked) { w in w.member("ends_s", Double(ends) / rig.rate_Hz) }
    }

    /// What binary replies hold.
    func watch(_ asked: Members) throws(SessionError) {
        let rig = try running()
        var members = asked
        var (watched, traced) = (watched, traced)
        if let names = try members.texts("signals") { watched = try numbers(names, rig) }
        if let names = try members.texts("trace") { traced = try numbers(names, rig) }
        try members.finish()
        (self.watched, self.traced) = (watched, traced)
        reply(asked) { w in
            w.member("signals", list: watched.map { rig.signals[$0].name })
            w.member("trace", list: traced.map { rig.signals[$0].name })
        }
    }
    private func numbers(_ names: [String], _ rig: Rig) throws(SessionError) -> [Int] {
        guard names.count <= 10_000 else {
            throw SessionError("\(names.count) signals are named", "name each once")
        }
        var numbers: [Int] = []
        for name in names { numbers.append(try rig.signal(name)) }
        return numbers
    }
}

extension SetpointLimits {
    /// For a person whose wish lies outside.
    func words(_ rig: Rig) -> String {
        "stay within \(frequencyBias.value) Hz, \(voltageBias.value) V, \(active.value) W, "
            + "\(reactive.value) var and \(plain(Double(horizon) / rig.rate_Hz)) s"
    }
}
