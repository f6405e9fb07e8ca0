import Control
import Feed
import Foundation
import Quantities
import Testing

@testable import HomeAssistant

/// Which units and state classes Home Assistant admits for a device class: `DEVICE_CLASS_UNITS` and
/// `DEVICE_CLASS_STATE_CLASSES` in `homeassistant/components/sensor/const.py` (Home Assistant's source,
/// read in 2026), for the classes in use here.
private let legal: [String: (units: Set<String>, states: Set<String>)] = [
    "power": (["mW", "W", "kW", "MW", "GW", "TW", "BTU/h"], ["measurement"]),
    "voltage": (["V", "mV", "µV", "kV", "MV"], ["measurement"]),
    "frequency": (["Hz", "kHz", "MHz", "GHz"], ["measurement"]),
    "battery": (["%"], ["measurement"]),
    "temperature": (["°C", "°F", "K"], ["measurement"]),
    "energy": (
        [
            "J", "kJ", "MJ", "GJ", "mWh", "Wh", "kWh", "MWh", "GWh", "TWh", "cal", "kcal", "Mcal",
            "Gcal",
        ],
        ["total", "total_increasing"]
    ),
]
/// `DEVICE_DISCOVERY_SCHEMA` of `components/mqtt/schemas.py`: it admits no other key at the root.
private let rootKeys: Set = [
    "device", "origin", "components", "qos", "encoding", "state_topic", "command_topic",
    "availability", "availability_mode", "availability_template", "availability_topic",
    "payload_available", "payload_not_available",
]
private let deviceKeys: Set = [
    "identifiers", "connections", "manufacturer", "model", "model_id", "name", "hw_version",
    "serial_number", "sw_version", "via_device", "suggested_area", "configuration_url",
]
/// What a component of a platform must have, and what else of it is used here: the platform's page under
/// home-assistant.io/integrations and its schema in `components/mqtt`.
private let common: Set = [
    "platform", "unique_id", "name", "qos", "availability", "entity_category", "device_class",
]
private let platforms: [String: (needs: Set<String>, may: Set<String>)] = [
    "sensor": (
        ["state_topic"],
        [
            "value_template", "state_class", "unit_of_measurement", "options",
            "suggested_display_precision",
        ]
    ),
    "binary_sensor": (
        ["state_topic"],
        [
            "value_template", "payload_on", "payload_off", "json_attributes_topic",
            "json_attributes_template",
        ]
    ),
    "button": (["command_topic"], ["payload_press", "retain"]),
    "number": (
        ["command_topic"],
        [
            "state_topic", "value_template", "min", "max", "step", "mode", "unit_of_measurement",
            "retain",
        ]
    ),
]

@Suite("What Home Assistant is told")
struct DiscoveryTests {
    let village = Village()
    private func settings(commands: Bool) -> BrokerSettings {
        var settings = BrokerSettings(host: "127.0.0.1", site: "mill")
        settings.takesCommands = commands
        return settings
    }
    private func discovery(commands: Bool) -> Discovery {
        let settings = settings(commands: commands)
        return Discovery(
            site: Village.site, topics: Topics(settings), takesCommands: commands)
    }
    private func message(_ name: String, commands: Bool = true) throws -> [String: Any] {
        let controller = try #require(Village.site.controllers.first { $0.name == name })
        let json = discovery(commands: commands).message(controller, limits: Village.limits)
        return try #require(parsed(try json.line()))
    }
    private func components(_ message: [String: Any]) throws -> [String: [String: Any]] {
        try #require(message["components"] as? [String: [String: Any]])
    }
    private func state(_ name: String) throws -> [String: Any] {
        let controller = try #require(Village.site.controllers.first { $0.name == name })
        let seen = try #require(village.world.withLock { $0.seen.first { $0.name == name } })
        let state = try #require(ControllerState(controller, seen))
        let energy = village.world.withLock { $0.energy[name] }
        return try #require(parsed(try state.json(energy, scheduled_W: 0).line()))
    }

    @Test(
        "Every announcement is one that Home Assistant admits, and every figure announced is said",
        arguments: Village.site.controllers.map(\.name), [true, false])
    func admitted(_ name: String, commands: Bool) throws {
        let message = try message(name, commands: commands)
        #expect(Set(message.keys).isSubset(of: rootKeys))
        for key in ["device", "origin", "components"] { #expect(message[key] != nil, "\(key)") }
        #expect((message["origin"] as? [String: Any])?["name"] is String)
        let device = try #require(message["device"] as? [String: Any])
        #expect(Set(device.keys).isSubset(of: deviceKeys))
        #expect((device["identifiers"] as? [String])?.count == 1)
        #expect(message["availability_mode"] as? String == "all")
        #expect((message["availability"] as? [[String: String]])?.count == 2)
        let said = try state(name)
        var ids: Set<String> = []
        var withdrawn = 0
        for (key, component) in try components(message) {
            let platform = try #require(component["platform"] as? String)
            if component.count == 1 {
                #expect(!commands, "\(key) is withdrawn")
                withdrawn += 1
                continue
            }
            let (needs, may) = try #require(platforms[platform], "\(platform) is not known")
            let keys = Set(component.keys)
            #expect(keys.isSubset(of: needs.union(may).union(common)), "\(key): \(keys)")
            #expect(needs.union(["unique_id", "name"]).isSubset(of: keys), "\(key)")
            ids.insert(try #require(component["unique_id"] as? String))
            let deviceClass = component["device_class"] as? String
            if platform == "sensor", let deviceClass {
                if deviceClass == "enum" {
                    let options = try #require(component["options"] as? [String])
                    #expect(Set(options).count == options.count && !options.isEmpty)
                    #expect(
                        component["unit_of_measurement"] == nil && component["state_class"] == nil)
                    #expect(said[key] is NSNull || options.contains(said[key] as? String ?? ""))
                } else {
                    let (units, states) = try #require(legal[deviceClass], "\(deviceClass)")
                    #expect(
                        units.contains(component["unit_of_measurement"] as? String ?? ""), "\(key)")
                    #expect(states.contains(component["state_class"] as? String ?? ""), "\(key)")
                }
            } else if platform == "sensor" {
                #expect(component["unit_of_measurement"] == nil && component["state_class"] == nil)
            } else if platform == "binary_sensor", let deviceClass {
                #expect(["connectivity", "problem"].contains(deviceClass))
            } else if platform == "number" {
                let (low, high) = (component["min"] as? Double, component["max"] as? Double)
                #expect(low == -5000 && high == 5000 && deviceClass == "power")
            }
            if let template = component["value_template"] as? String, key != "reply" {
                let named = try #require(template.firstMatch(of: /value_json\.(\w+)/)?.output.1)
                #expect(said[String(named)] != nil, "\(key) is announced and never said")
            }
        }
        #expect(ids.count + withdrawn == (try components(message)).count)
        #expect((withdrawn > 0) != commands, "what was offered before is taken back")
        let isOffered = try components(message).values.contains { $0["command_topic"] != nil }
        #expect(isOffered == commands)
    }

    @Test("The energy dashboard finds what it needs")
    func energy() throws {
        func totals(_ name: String) throws -> Set<String> {
            Set(
                try components(try message(name)).filter {
                    $0.value["state_class"] as? String == "total_increasing"
                        && $0.value["unit_of_measurement"] as? String == "kWh"
                }.keys)
        }
        #expect(try totals("pcc") == ["import_kWh", "export_kWh"])
        #expect(
            try totals("inn") == [
                "pv_kWh", "wind_kWh", "load_kWh", "ev_kWh", "battery_in_kWh", "battery_out_kWh",
            ])
        village.world.withLock {
            $0.energy["inn"] = EnergyTotals(pv_Wh: 12_345.6, batteryIn_Wh: .nan)
        }
        let said = try state("inn")
        #expect(said["pv_kWh"] as? Double == 12.346)
        #expect(said["battery_in_kWh"] is NSNull && said["load_kWh"] is NSNull)
    }

    @Test("What is said has the signs people expect, and null for what is not known")
    func figures() throws {
        var said = try state("inn")
        #expect(
            said["load_consumed_W"] as? Double == 900 && said["ev_consumed_W"] as? Double == 3700)
        #expect(said["battery_W"] as? Double == -512 && said["state_of_charge"] as? Double == 64.1)
        #expect(said["battery_degC"] as? Double == 23.1 && said["bus_Hz"] as? Double == 50.01)
        #expect(said["wind_W"] is NSNull, "no such sensor answers")
        #expect(
            said["source"] as? String == "following" && said["contactor"] as? String == "closed")
        #expect(said["problem"] as? Bool == false)
        village.record("inn") {
            $0.measured.bus.isSettled = false
            $0.verdict.tripped = 0b10
            $0.contactor = .welded
        }
        said = try state("inn")
        #expect(said["bus_V"] is NSNull && said["bus_Hz"] is NSNull && said["active_W"] is NSNull)
        #expect(said["alarms"] as? [String] == ["OV tripped", "battery contactor welded"])
        #expect(said["problem"] as? Bool == true)
        #expect(try state("pcc")["is_islanded"] as? Bool == false)
        village.record("pcc") { $0.islanding = .islanded(.gridLost, since: Tick(0), hold: 0) }
        #expect(try state("pcc")["is_islanded"] as? Bool == true)
        village.record("pcc") { $0.islanding = .fault(.welded) }
        #expect(try state("pcc")["is_islanded"] is NSNull)
    }

    @Test("Devices hang below the coupling, it below the site, and ids stay what they are")
    func devices() throws {
        func device(_ name: String) throws -> [String: Any] {
            try #require(try message(name)["device"] as? [String: Any])
        }
        #expect(try device("pcc")["via_device"] as? String == "skerry-mill")
        #expect(try device("inn")["via_device"] as? String == "skerry-mill-pcc")
        #expect(try device("inn")["identifiers"] as? [String] == ["skerry-mill-inn"])
        #expect(discovery(commands: true).order.first?.kind == .coupling)
        let site = discovery(commands: true).siteMessage()
        #expect(
            discovery(commands: true).siteTopic == "homeassistant/device/skerry-mill/config")
        let root = try #require(parsed(try site.line()))
        #expect(Set(root.keys).isSubset(of: rootKeys))
        // Written down, for whoever changes it takes everybody's history away.
        #expect(
            try components(try message("inn"))["pv_kWh"]?["unique_id"] as? String
                == "skerry-mill-inn-pv_kWh")
        #expect(try device("Mühle 1")["name"] as? String == "Mühle 1")
    }

    @Test("Until the limits are known, nothing is said of scheduling power")
    func noLimits() throws {
        let inn = Village.site.controllers[0]
        var limits = Village.limits
        let discovery = discovery(commands: true)
        for active in [Float.nan, 0, .infinity] {
            limits.active = Watts(active)
            for limits in [nil, limits] {
                let json = discovery.message(inn, limits: limits)
                let message = try #require(parsed(try json.line()))
                #expect(try components(message)["power"] == nil)
                #expect(try components(message)["acknowledge"] != nil)
            }
        }
    }

    @Test("Slugs are safe, stable, and no two names share one")
    func slugs() {
        #expect(Slug.of("mill") == "mill" && Slug.of("pv_2") == "pv_2")
        #expect(Slug.of("Mühle 1") == "m_hle_1_30b119c5")
        let names = [
            "Mill", "mill", "mill ", "mi/ll", "mi+ll", "mi#ll", "mi\u{0}ll", "", "_", "🏠", "🏡",
            String(repeating: "a", count: 41), String(repeating: "a", count: 42), "mühle", "müHle",
        ]
        let slugs = names.map { Slug.of($0) }
        #expect(Set(slugs).count == names.count, "\(slugs)")
        for slug in slugs { #expect(slug.wholeMatch(of: /[a-z0-9_]{1,49}/) != nil, "\(slug)") }
    }
}
