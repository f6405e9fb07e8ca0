import BoardProfile
import Control
import SimBoard

// What can be wrong with a board, as written.

extension FaultPlace {
    /// Sensors by the names files give them.
    static let sensors: [(key: String, place: FaultPlace)] =
        WaveChannel.allCases.map { ($0.key, .wave($0)) }
        + ScalarChannel.allCases.map { ($0.key, .scalar($0)) }

    static func sensor(_ key: String) -> FaultPlace? { sensors.first { $0.key == key }?.place }

    /// The channel's place in a `ChannelSet`, for what is fitted.
    var channels: ChannelSet {
        switch self {
        case .wave(let c): .wave(c)
        case .scalar(let c): .scalar(c)
        case .relay(let c): .contact(c)
        }
    }
}

extension Contact {
    /// Contacts that are relays of a simulated board.
    static let relays: [Contact] = [
        .islandingSwitch, .preCharge, .mainContactor, .load0, .load1, .load2,
    ]
    static func relay(_ key: String) -> Contact? { relays.first { $0.key == key } }
}

extension Event {
    public struct Fault: Sendable, Equatable {
        public var board = ""
        public var channel = ""
        public var kind = ""
        public var rate_per_s: Double?
        public var factor: Double?
        public var probability_percent: Double?
        public var size: Double?
        public var deviation: Double?
        public var value: Double?
        public var other: String?
        public init() {}

        static let needs: [(kind: String, keys: [String])] = [
            ("freeze", []), ("drift", ["rate_per_s"]), ("scale", ["factor"]), ("drop", []),
            ("spike", ["probability_percent", "size"]), ("noise", ["deviation"]),
            ("stick", ["value"]), ("nan", []), ("swap", ["with"]),
        ]

        static let section = Section(
            "Fault", of: Fault(), "A sensor begins to err; see clear. Figures are in its unit."
        ) { s in
            s.reference("board", \.board, to: "board", "Whose sensor.", .required, example: "mill")
            s.choice(
                "channel", \.channel, of: FaultPlace.sensors.map(\.key), "Which sensor.",
                .required, example: "battery_voltage")
            s.choice(
                "kind", \.kind, of: needs.map(\.kind), "How it errs.", .required,
                example: "freeze")
            let any = -1_000_000.0...1_000_000.0
            s.number("rate_per_s", \.rate_per_s, any, "Drift: the error's growth.", .alternative)
            s.number("factor", \.factor, -100...100, "Scale: the wrong ratio.", .alternative)
            s.number(
                "probability_percent", \.probability_percent, 0...100,
                "Spike: how many readings jump.", .alternative)
            s.number("size", \.size, 0...1_000_000, "Spike: how far.", .alternative)
            s.number(
                "deviation", \.deviation, 0...1_000_000, "Noise: standard deviation.",
                .alternative)
            s.number("value", \.value, any, "Stick: the reading.", .alternative)
            s.choice(
                "with", \.other, of: FaultPlace.sensors.map(\.key),
                "Swap: the channel in whose place it is wired.", .alternative)
            s.rule { fault, check in
                let written = fault.written
                let needed = needs.first { $0.kind == fault.kind }?.keys ?? []
                for key in needed where !written.contains(key) {
                    check.refuse(\.kind, "needs \(key)", "add \(key):")
                }
                for key in written where !needed.contains(key) {
                    check.refuse(key: key, "does not belong to \(fault.kind)", "remove it")
                }
                if let other = fault.other.flatMap(FaultPlace.sensor),
                    let mine = FaultPlace.sensor(fault.channel)
                {
                    let wave = { (p: FaultPlace) in if case .wave = p { true } else { false } }
                    if wave(other) != wave(mine) || other == mine {
                        check.refuse(
                            \.other, "cannot be swapped with \(fault.channel)",
                            "write another channel of the same converter")
                    }
                }
            }
        }

        private var written: [String] {
            var keys: [String] = []
            if rate_per_s != nil { keys.append("rate_per_s") }
            if factor != nil { keys.append("factor") }
            if probability_percent != nil { keys.append("probability_percent") }
            if size != nil { keys.append("size") }
            if deviation != nil { keys.append("deviation") }
            if value != nil { keys.append("value") }
            if other != nil { keys.append("with") }
            return keys
        }

        /// The rule has seen that what the kind needs is there.
        var sensorFault: SensorFault {
            switch kind {
            case "drift": .drift(perSecond: rate_per_s ?? 0)
            case "scale": .scale(factor ?? 1)
            case "drop": .drop
            case "spike": .spike(probability: (probability_percent ?? 0) / 100, size: size ?? 0)
            case "noise": .noise(deviation ?? 0)
            case "stick": .stick(value ?? 0)
            case "nan": .nan
            case "swap": .swap(with: otherChannel)
            default: .freeze
            }
        }
        private var otherChannel: UInt8 {
            switch other.flatMap(FaultPlace.sensor) {
            case .wave(let c): c.rawValue
            case .scalar(let c): c.rawValue
            case .relay, nil: 0
            }
        }
    }

    public struct RelayEvent: Sendable, Equatable {
        public var board = ""
        public var contact = ""
        public var kind = ""
        public var factor: Double?
        public init() {}

        static let section = Section(
            "Relay", of: RelayEvent(), "A relay, contactor or switch fails; see clear."
        ) { s in
            s.reference("board", \.board, to: "board", "Whose relay.", .required, example: "mill")
            s.choice(
                "contact", \.contact, of: Contact.relays.map(\.key), "Which relay.", .required,
                example: "main_contactor")
            s.choice(
                "kind", \.kind,
                of: [
                    "weld", "stuck_open", "slow", "feedback_open", "feedback_closed", "deaf",
                    "disconnected",
                ], "What fails.", .required, example: "weld")
            s.number(
                "factor", \.factor, 1...1000, "Slow: how many times longer it travels.",
                .alternative)
            s.rule { relay, check in
                if relay.kind == "slow", relay.factor == nil {
                    check.refuse(\.kind, "needs factor", "add factor:")
                }
                if relay.kind != "slow", relay.factor != nil {
                    check.refuse(\.factor, "does not belong to \(relay.kind)", "remove it")
                }
            }
        }

        var relayFault: RelayFault {
            switch kind {
            case "stuck_open": .stuckOpen
            case "slow": .slow(factor ?? 1)
            case "feedback_open": .feedback(false)
            case "feedback_closed": .feedback(true)
            case "deaf": .deaf
            case "disconnected": .disconnected
            default: .weld
            }
        }
    }

    public struct Clear: Sendable, Equatable {
        public var board = ""
        public var channel: String?
        public var contact: String?
        public init() {}

        static let section = Section(
            "Clear", of: Clear(), "A sensor or relay is whole again."
        ) { s in
            s.reference("board", \.board, to: "board", "Whose.", .required, example: "mill")
            s.choice(
                "channel", \.channel, of: FaultPlace.sensors.map(\.key), "Which sensor.",
                .alternative)
            s.choice(
                "contact", \.contact, of: Contact.relays.map(\.key), "Which relay.", .alternative)
            s.oneOf(["channel", "contact"], "channel or contact")
        }
    }
}
