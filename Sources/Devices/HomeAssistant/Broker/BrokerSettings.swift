import Foundation

/// Where the broker is, who we are there, and what we say and take.
public struct BrokerSettings: Equatable, Sendable {
    /// Files in PEM form. The broker's certificate must name the host it is asked by.
    public struct TLS: Equatable, Sendable {
        /// Certificates that may sign the broker's.
        public var authorityFile: String
        /// Ours and its key, both or none; the key without a passphrase, for nobody is there to type it.
        public var certificateFile: String?
        public var keyFile: String?
        public init(
            authorityFile: String, certificateFile: String? = nil, keyFile: String? = nil
        ) {
            self.authorityFile = authorityFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    public var host: String
    /// 1 ... 65535; 1883 without TLS and 8883 with it are usual.
    public var port: Int
    public var user: String?
    public var password: String?
    public var tls: TLS?
    /// Ours alone at this broker: the second to come with it throws the first one out.
    public var clientID: String
    /// What Home Assistant's MQTT integration is told to look at; `homeassistant` unless changed there.
    public var discoveryPrefix = "homeassistant"
    /// Everything but discovery is said below it.
    public var baseTopic: String
    /// Commands are taken. Whoever may publish below the base topic may then island the site.
    public var takesCommands = false
    /// A scheduled power holds for so long, 1 ... 86 400 s, unless it is sent again.
    public var scheduleHolds_s = 900.0
    /// States are said so often, 0.2 ... 3600 s, and at once when one changes.
    public var period_s = 2.0
    /// Waits between tries to connect, doubled from the first to the last: s.
    public var retry_s = 1.0...30.0

    /// - Parameters:
    ///   - host: a name or an address.
    ///   - site: the site's short name; it becomes part of topics and of unique ids.
    public init(host: String, port: Int = 1883, site: String) {
        self.host = host
        self.port = port
        let slug = Slug.of(site)
        clientID = "skerry-\(slug)"
        baseTopic = "skerry/\(slug)"
    }

    /// Everything that is wrong, each with its remedy; empty where it can be used. Looks at the files.
    public func problems() -> [String] {
        var found: [String] = []
        if host.isEmpty || host.utf8.count > 253
            || host.utf8.contains(where: { $0 <= 32 || $0 == 127 })
        {
            found.append("host: \"\(host)\" is no name and no address")
        }
        if !(1...65535).contains(port) { found.append("port: \(port) is not in 1 ... 65535") }
        for (key, text) in [("user", user), ("password", password)] {
            guard let text else { continue }
            if text.utf8.isEmpty || text.utf8.count > 65535 || text.utf8.contains(0) {
                found.append(
                    "\(key): 1 to 65535 bytes, without NUL; leave it out where none is needed")
            }
        }
        if password != nil && user == nil { found.append("password: needs a user beside it") }
        if !(1...64).contains(clientID.utf8.count) || !clientID.utf8.allSatisfy(Self.isPlain) {
            found.append("client id: \"\(clientID)\" is not 1 to 64 of a-z A-Z 0-9 _ -")
        }
        found += Self.topicProblems("discovery prefix", discoveryPrefix)
        found += Self.topicProblems("base topic", baseTopic)
        if (baseTopic + "/").hasPrefix(discoveryPrefix + "/") {
            found.append(
                "base topic: \"\(baseTopic)\" lies below the discovery prefix, where Home Assistant looks for devices; choose another"
            )
        }
        if !(1...86_400).contains(scheduleHolds_s) {
            found.append("scheduled power: \(scheduleHolds_s) s is not in 1 ... 86400 s")
        }
        if !(0.2...3600).contains(period_s) {
            found.append("period: \(period_s) s is not in 0.2 ... 3600 s")
        }
        if !(retry_s.lowerBound >= 0.05 && retry_s.upperBound <= 3600) {
            found.append("retry: 0.05 s at least and 3600 s at most")
        }
        return found + (tls?.problems() ?? [])
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
    /// Levels of plain letters: MQTT allows more, and `+` and `#` in a name would be wildcards.
    private static func topicProblems(_ key: String, _ topic: String) -> [String] {
        let levels = topic.split(separator: "/", omittingEmptySubsequences: false)
        let isFit =
            topic.utf8.count <= 128
            && levels.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isPlain) }
        return isFit
            ? []
            : [
                "\(key): \"\(topic)\" is not one or more levels of a-z A-Z 0-9 _ - with / between them, 128 bytes at most"
            ]
    }
}

extension BrokerSettings: CustomStringConvertible {
    /// Where and as whom, without the password: it may go to a log.
    public var description: String {
        "\(tls == nil ? "mqtt" : "mqtts")://\(user.map { "\($0)@" } ?? "")\(host):\(port)/\(baseTopic)"
    }
}

extension BrokerSettings.TLS {
    fileprivate func problems() -> [String] {
        var found: [String] = []
        for (key, path) in [
            ("CA file", authorityFile), ("client certificate", certificateFile),
            ("client key", keyFile),
        ] {
            guard let path else { continue }
            if !FileManager.default.isReadableFile(atPath: path) {
                found.append("\(key): \(path) cannot be read")
            }
        }
        if (certificateFile == nil) != (keyFile == nil) {
            found.append("client certificate and client key: give both or none")
        }
        return found
    }
}

/// Settings that cannot be used.
public struct BrokerProblem: Error, Equatable, Sendable, CustomStringConvertible {
    public var words: String
    public var description: String { words }
}
