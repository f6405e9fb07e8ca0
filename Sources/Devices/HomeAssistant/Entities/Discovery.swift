import Control

/// The announcements that make Home Assistant show a site without anybody configuring it: one message a
/// device, retained.
///
/// Field names and what must be there: Home Assistant, "MQTT: Device discovery payload"
/// (home-assistant.io, integrations/mqtt) and `components/mqtt/schemas.py` of its source. One unknown key
/// at the root has the whole device refused there, so the root has five: `device`, `origin`,
/// `components`, `availability`, `availability_mode`. A template that meets null renders `None`, and Home
/// Assistant shows `unknown`.
struct Discovery: Sendable {
    let site: PublishedSite
    let topics: Topics
    let takesCommands: Bool

    private var siteID: String { "skerry-\(Slug.of(site.name))" }
    private func id(_ controller: PublishedController) -> String {
        "\(siteID)-\(Slug.of(controller.name))"
    }
    /// Homes hang below the coupling where there is one, and everything else below the site.
    private func parent(_ controller: PublishedController) -> String {
        guard controller.kind != .coupling,
            let coupling = site.controllers.first(where: { $0.kind == .coupling })
        else { return siteID }
        return id(coupling)
    }

    /// The order in which they must be said: whoever is pointed at comes first.
    var order: [PublishedController] {
        site.controllers.filter { $0.kind == .coupling }
            + site.controllers.filter { $0.kind != .coupling }
    }

    /// The site itself: whether this program is there.
    var siteTopic: String { topics.discovery(siteID) }
    func siteMessage() -> JSON {
        let connected: [String: JSON] = [
            "platform": "binary_sensor", "unique_id": "\(siteID)-connected", "name": "Hub",
            "device_class": "connectivity", "entity_category": "diagnostic",
            "state_topic": .text(topics.bridgeAvailability), "payload_on": "online",
            "payload_off": "offline", "qos": .number(1),
        ]
        let device: [String: JSON] = [
            "identifiers": .list([.text(siteID)]), "name": .text(site.title),
            "manufacturer": "Skerry", "model": "Microgrid", "sw_version": .text(site.version),
        ]
        return .object([
            "device": .object(device), "origin": origin,
            "components": .object(["connected": .object(connected)]),
        ])
    }

    func topic(_ controller: PublishedController) -> String { topics.discovery(id(controller)) }

    /// - Parameter limits: the controller's; until they are known nothing is said of scheduling power, and
    ///   what was said of it before stays.
    func message(_ controller: PublishedController, limits: SetpointLimits?) -> JSON {
        let slug = Slug.of(controller.name)
        var components: [String: JSON] = [:]
        func add(_ key: String, _ platform: String, _ name: String, _ fields: [String: JSON]) {
            var all = fields
            all["platform"] = .text(platform)
            all["unique_id"] = "\(id(controller))-\(key)"
            all["name"] = .text(name)
            all["qos"] = .number(1)
            components[key] = .object(all)
        }
        let state = JSON.text(topics.state(slug))
        for figure in Figure.all(of: controller) {
            add(
                figure.key, "sensor", figure.name,
                [
                    "state_topic": state, "value_template": Self.template(figure.key),
                    "device_class": .text(figure.kind.deviceClass),
                    "state_class": .text(figure.kind.stateClass),
                    "unit_of_measurement": .text(figure.kind.unit),
                    "suggested_display_precision": .number(Double(figure.kind.decimals)),
                ])
        }
        for word in StateWord.all(of: controller) {
            add(
                word.key, "sensor", word.name,
                [
                    "state_topic": state, "value_template": Self.template(word.key),
                    "device_class": "enum", "options": .list(word.options.map { .text($0) }),
                ])
        }
        if controller.kind == .coupling {
            add(
                "is_islanded", "binary_sensor", "Islanded",
                ["state_topic": state, "value_template": Self.truth("is_islanded")])
        }
        add(
            "problem", "binary_sensor", "Problem",
            [
                "state_topic": state, "value_template": Self.truth("problem"),
                "device_class": "problem", "entity_category": "diagnostic",
                "json_attributes_topic": state,
                "json_attributes_template": "{{ {'alarms': value_json.alarms} | tojson }}",
            ])
        // A controller that is gone is no unavailable link but a link that is down.
        add(
            "connected", "binary_sensor", "Connection",
            [
                "state_topic": .text(topics.availability(slug)), "payload_on": "online",
                "payload_off": "offline", "device_class": "connectivity",
                "entity_category": "diagnostic",
                "availability": .list([availability(topics.bridgeAvailability)]),
            ])
        if takesCommands {
            addCommands(controller, slug, limits, add)
        } else {
            // A component left out stays where it was; one that is nothing but its platform goes.
            for command in CommandName.all(for: controller.kind) {
                components[command.rawValue] = .object([
                    "platform": command == .power ? "number" : "button"
                ])
            }
            components["reply"] = .object(["platform": "sensor"])
        }
        return .object([
            "device": .object(device(controller)), "origin": origin,
            "availability": .list([
                availability(topics.bridgeAvailability), availability(topics.availability(slug)),
            ]),
            "availability_mode": "all", "components": .object(components),
        ])
    }

    private func addCommands(
        _ controller: PublishedController, _ slug: String, _ limits: SetpointLimits?,
        _ add: (String, String, String, [String: JSON]) -> Void
    ) {
        let names: [CommandName: String] = [
            .island: "Planned island", .reconnect: "Reconnect", .acknowledge: "Acknowledge trips",
            .power: "Scheduled power",
        ]
        for command in CommandName.all(for: controller.kind) {
            var fields: [String: JSON] = [
                "command_topic": .text(topics.command(slug, command)), "retain": .truth(false),
            ]
            let name = names[command] ?? command.rawValue
            if command == .power {
                // Whole watts, so that the last step is inside.
                guard let limits, limits.active.isFinite, limits.active.value >= 1 else { continue }
                let most_W = Double(limits.active.value.rounded(.down))
                fields["state_topic"] = .text(topics.state(slug))
                fields["value_template"] = Self.template("scheduled_W")
                fields["min"] = .number(-most_W)
                fields["max"] = .number(most_W)
                fields["step"] = .number(1)
                fields["mode"] = "box"
                fields["device_class"] = "power"
                fields["unit_of_measurement"] = "W"
                add(command.rawValue, "number", name, fields)
            } else {
                fields["payload_press"] = .text(command.rawValue)
                add(command.rawValue, "button", name, fields)
            }
        }
        add(
            "reply", "sensor", "Last command",
            [
                "state_topic": .text(topics.reply(slug)), "value_template": Self.template("words"),
                "entity_category": "diagnostic",
            ])
    }

    private func device(_ controller: PublishedController) -> [String: JSON] {
        [
            "identifiers": .list([.text(id(controller))]), "name": .text(controller.name),
            "manufacturer": "Skerry", "model": .text(controller.kind.rawValue),
            "via_device": .text(parent(controller)),
        ]
    }
    private var origin: JSON {
        .object(["name": "Skerry", "sw_version": .text(site.version)])
    }
    private func availability(_ topic: String) -> JSON {
        .object(["topic": .text(topic)])
    }
    private static func template(_ key: String) -> JSON { "{{ value_json.\(key) }}" }
    /// Binary sensors want ON, OFF or None.
    private static func truth(_ key: String) -> JSON {
        "{{ None if value_json.\(key) is none else 'ON' if value_json.\(key) else 'OFF' }}"
    }
}
