import Control
import Quantities
import Wire

/// The server's first words.
public struct Hello: Equatable, Sendable {
    /// Bytes before the text.
    public static let fixedBytes = 44
    public static let mostText = 4096

    /// `linkVersion` of the server.
    public var version: UInt8
    public var role: LinkRole
    /// The layout of `Record` and `Setpoints`, see `FieldDigest`.
    public var digest: UInt64
    /// Ticks in a second.
    public var rate_Hz: Float
    /// Of the newest record; 0 before the first.
    public var tick: Tick
    /// What the controller follows; a wish outside is refused.
    public var limits: SetpointLimits
    /// Most bytes a request's body may have.
    public var mostRequest: UInt16
    public var site: String
    /// Names of the protection stages, in the order of the bits and numbers in records.
    public var stages: [String]

    public init(
        version: UInt8 = linkVersion, role: LinkRole, digest: UInt64 = FieldDigest.ofThisProgram,
        rate_Hz: Float, tick: Tick, limits: SetpointLimits, mostRequest: UInt16, site: String,
        stages: [String]
    ) {
        self.version = version
        self.role = role
        self.digest = digest
        self.rate_Hz = rate_Hz
        self.tick = tick
        self.limits = limits
        self.mostRequest = mostRequest
        self.site = site
        self.stages = stages
    }

    func write(into bytes: inout ByteWriter) {
        bytes.put(version)
        bytes.put(role.rawValue)
        bytes.put(mostRequest)
        bytes.put(digest)
        bytes.put(rate_Hz)
        bytes.put(tick.count)
        bytes.put(limits.frequencyBias.value)
        bytes.put(limits.voltageBias.value)
        bytes.put(limits.active.value)
        bytes.put(limits.reactive.value)
        bytes.put(limits.horizon)
        let lines = ([site] + stages).map { $0.split { $0.isNewline }.joined(separator: " ") }
        bytes.put(text: lines.joined(separator: "\n"), most: Self.mostText)
    }

    /// - Returns: nil where bytes are missing or mean nothing. Of another version only `version` is
    ///   believed.
    static func read(_ bytes: inout ByteReader) -> Hello? {
        let version: UInt8 = bytes.take()
        let role = LinkRole(rawValue: bytes.take())
        let mostRequest: UInt16 = bytes.take()
        let digest: UInt64 = bytes.take()
        let rate = bytes.takeFloat()
        let tick = Tick(bytes.take())
        let limits = SetpointLimits(
            frequencyBias: Hertz(bytes.takeFloat()), voltageBias: Volts(bytes.takeFloat()),
            active: Watts(bytes.takeFloat()), reactive: Vars(bytes.takeFloat()),
            horizon: bytes.take())
        let lines = bytes.takeText().split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
        guard bytes.isSound, let role, rate >= 1, rate <= 100_000 else { return nil }
        return Hello(
            version: version, role: role, digest: digest, rate_Hz: rate, tick: tick,
            limits: limits, mostRequest: mostRequest, site: lines.first ?? "",
            stages: Array(lines.dropFirst()))
    }
}

extension ByteWriter {
    /// UTF-8 to the end of the body; what is longer than `most` bytes is cut between characters.
    mutating func put(text: String, most: Int) {
        var room = most
        for scalar in text.unicodeScalars {
            let bytes = UTF8.encode(scalar)!
            room -= bytes.count
            guard room >= 0 else { return }
            for byte in bytes { put(byte) }
        }
    }
}

extension ByteReader {
    /// The rest, as UTF-8; what is none becomes U+FFFD.
    mutating func takeText() -> String {
        String(decoding: takeBytes(max(0, left)), as: UTF8.self)
    }
}
