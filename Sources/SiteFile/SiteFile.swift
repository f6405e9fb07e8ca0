import BoardProfile

/// `boards/<board>/site.yaml`: what the hub needs to know of a site besides its board.
public struct SiteFile: Sendable {
    /// On the page; the board's own where empty.
    public var title = ""
    /// An IANA name, by which days begin and end.
    public var timezone = "UTC"
    public var tariff: Tariff?
    public var intensity: Intensity?
    public var page = PageSettings()
    public var broker: Broker?
    public init() {}

    /// What energy costs at the point of common coupling.
    public struct Tariff: Sendable, Equatable {
        /// ISO 4217.
        public var currency = "EUR"
        public var import_per_kWh = 0.0
        public var export_per_kWh = 0.0
        /// Where these figures are from.
        public var source = ""
        public init() {}
    }
    /// What the grid's energy emits where it is made.
    public struct Intensity: Sendable, Equatable {
        public var grid_g_per_kWh = 0.0
        public var source = ""
        public init() {}
    }
    /// Where the page is served.
    public struct PageSettings: Sendable, Equatable {
        /// An address of this machine and a port.
        public var listen = "127.0.0.1:8480"
        /// TLS, by PEM files; both or none.
        public var certificate: String?
        public var key: String?
        public init() {}
    }
    /// An MQTT broker that Home Assistant listens to.
    public struct Broker: Sendable, Equatable {
        public var host = ""
        public var port = 1883
        public var user: String?
        /// TLS: who signed the broker's certificate, and this program's own.
        public var ca: String?
        public var certificate: String?
        public var key: String?
        public var discovery = "homeassistant"
        public var topic = "skerry"
        /// Whoever may publish at the broker may command then.
        public var takesCommands = false
        public init() {}
    }
}

extension SiteFile {
    /// Reads the site file beside a board's; a board that has none has the defaults.
    ///
    /// - Parameter board: a folder with a `board.yaml` in it, or that file.
    public static func beside(_ board: String) -> Reading<SiteFile> {
        let (folder, file) = BoardFolder.holding(board, "board.yaml")
        let path = (file.split(separator: "/").dropLast().map(String.init) + ["site.yaml"])
            .joined(separator: "/")
        guard folder.exists(path) else {
            return Reading(value: SiteFile(), problems: [], settings: [], names: Names())
        }
        return section.read(path, in: folder)
    }

    /// Reads the file at `path`.
    public static func load(_ path: String) -> Reading<SiteFile> {
        let (folder, file) = BoardFolder.holding(path, "site.yaml")
        return section.read(file, in: folder)
    }

    public static let section = Section(
        "Site", of: SiteFile(), "What the hub needs to know of a site besides its board."
    ) { s in
        s.text("title", \.title, "On the page; the board's title if left out.")
        s.text(
            "timezone", \.timezone, "By which days begin and end, as IANA names it.",
            example: "Europe/Berlin")
        s.section("tariff", \.tariff, Tariff.section)
        s.section("intensity", \.intensity, Intensity.section)
        s.section("page", \.page, PageSettings.section)
        s.section("broker", \.broker, Broker.section)
        s.rule { site, check in
            let parts = site.timezone.split(separator: "/", omittingEmptySubsequences: false)
            let isName = parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy {
                        $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0))
                    }
            }
            if !isName {
                check.refuse(
                    \.timezone, "is no name of a time zone", "write one such as Europe/Berlin")
            }
        }
    }
}

extension SiteFile.Tariff {
    static let section = Section(
        "Tariff", of: Self(), "What energy costs at the point of common coupling."
    ) { s in
        s.text("currency", \.currency, "Three letters, ISO 4217.", example: "EUR")
        s.number(
            "import_per_kWh", \.import_per_kWh, 0...1000, "Paid for energy from the grid.",
            .required, example: 0.31)
        s.number(
            "export_per_kWh", \.export_per_kWh, -1000...1000, "Earned for energy into it.",
            .required, example: 0.08)
        s.text(
            "source", \.source, "Where the figures are from, for whoever reads the page.",
            .required, example: "Contract of 2026-01-01")
        s.rule { tariff, check in
            if tariff.currency.count != 3
                || !tariff.currency.allSatisfy({ $0.isASCII && $0.isUppercase })
            {
                check.refuse(
                    \.currency, "is no code of a currency", "write three capitals, such as EUR")
            }
        }
    }
}

extension SiteFile.Intensity {
    static let section = Section(
        "Intensity", of: Self(), "What the grid's energy emits where it is made."
    ) { s in
        s.number(
            "grid_g_per_kWh", \.grid_g_per_kWh, 0...2000, "Carbon dioxide, or its equivalent.",
            .required, example: 380)
        s.text(
            "source", \.source, "Where the figure is from, and of what year.", .required,
            example: "The grid operator's mean of 2025")
    }
}

extension SiteFile.PageSettings {
    static let section = Section(
        "Page", of: Self(), "Where the page is served."
    ) { s in
        s.text(
            "listen", \.listen,
            "An address of this machine and a port. Others can read what is served on any but 127.0.0.1.",
            example: "127.0.0.1:8480")
        s.text("certificate", \.certificate, "TLS: a PEM file.", example: "/etc/skerry/page.pem")
        s.text("key", \.key, "Its private key.", example: "/etc/skerry/page.key")
        s.rule { page, check in
            if ListenAddress(page.listen) == nil {
                check.refuse(
                    \.listen, "is no address and port", "write such as 127.0.0.1:8480 or [::1]:8480"
                )
            }
            if (page.certificate == nil) != (page.key == nil) {
                check.refuse(
                    \.certificate, "stands without its partner",
                    "write certificate and key, or neither")
            }
            if page.certificate == nil, let address = ListenAddress(page.listen),
                !address.isLoopback
            {
                check.warn(
                    \.listen,
                    "serves to others without TLS: passwords and sessions can be read on the way",
                    "write certificate and key, or listen on 127.0.0.1")
            }
        }
    }
}

extension SiteFile.Broker {
    static let section = Section(
        "Broker", of: Self(), "An MQTT broker that Home Assistant listens to."
    ) { s in
        s.text("host", \.host, "Its name or address.", .required, example: "127.0.0.1")
        s.integer("port", \.port, 1...65_535, "1883, or 8883 with TLS.")
        s.text("user", \.user, "Its password is broker_password of the secrets.", example: "skerry")
        s.text(
            "ca", \.ca, "TLS: the PEM file of who signed the broker's certificate.",
            example: "/etc/skerry/ca.pem")
        s.text(
            "certificate", \.certificate, "This program's own, as a PEM file.",
            example: "/etc/skerry/hub.pem")
        s.text("key", \.key, "Its private key.", example: "/etc/skerry/hub.key")
        s.text("discovery", \.discovery, "The prefix Home Assistant was told.")
        s.text("topic", \.topic, "Where figures are published, below the site's name.")
        s.flag(
            "commands", \.takesCommands,
            "Whoever may publish at the broker may ask for an island and acknowledge trips.")
        s.rule { broker, check in
            if (broker.certificate == nil) != (broker.key == nil) {
                check.refuse(
                    \.certificate, "stands without its partner",
                    "write certificate and key, or neither")
            }
            if broker.certificate != nil && broker.ca == nil {
                check.refuse(
                    \.ca, "is missing", "name the file of who signed the broker's certificate")
            }
            for (path, topic) in [(\Self.discovery, broker.discovery), (\.topic, broker.topic)]
                as [(Path<Self, String>, String)]
            where topic.isEmpty || topic.contains(where: { "#+".contains($0) })
                || topic.hasPrefix("/") || topic.hasSuffix("/") || topic.hasPrefix("$")
            {
                check.refuse(
                    path, "is no topic to publish below",
                    "write such as skerry, without #, +, $ or a slash at its ends")
            }
        }
    }
}
