import CMosquitto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the library and the broker say, in words that name the remedy.
enum BrokerWords {
    /// A reason code of MQTT 5.
    static func reason(_ code: Int32) -> String {
        String(cString: mosquitto_reason_string(code)) + hex(code)
    }
    private static func hex(_ code: Int32) -> String { " (0x" + String(code, radix: 16) + ")" }

    /// Why a connection did not come about, or ended.
    ///
    /// - Parameters:
    ///   - result: of the library's call; `number` is errno right after it.
    ///   - heard: what came from the broker and from the TLS library before.
    ///   - wasConnected: the broker had let us in.
    static func failure(
        _ result: Int32, errno number: Int32, heard: Heard.Ending, wasConnected: Bool,
        _ settings: BrokerSettings
    ) -> String {
        let place = "\(settings.host):\(settings.port)"
        if let log = heard.error, let words = tls(log, place, settings) { return words }
        if let code = heard.refusal {
            return
                "the broker at \(place) refuses us: \(reason(code)); look at user, password and client id"
        }
        if let code = heard.farewell {
            let remedy =
                code == Int32(MQTT_RC_SESSION_TAKEN_OVER.rawValue)
                ? "; another client calls itself \(settings.clientID) too" : ""
            return "the broker at \(place) ends it: \(reason(code))\(remedy)"
        }
        // In TLS 1.3 the client's side is done before the broker looks at its certificate, and what the
        // broker says of it may be lost when it hangs up.
        if let tls = settings.tls, !wasConnected,
            result == MOSQ_ERR_CONN_LOST.rawValue
                || (result == MOSQ_ERR_ERRNO.rawValue
                    && [EPROTO, ECONNRESET, EPIPE].contains(number))
        {
            return "\(certificateRefused(tls, place)) (it hung up without a word)"
        }
        switch result {
        case MOSQ_ERR_ERRNO.rawValue where number == ECONNREFUSED:
            return "no broker at \(place): nobody listens there"
        case MOSQ_ERR_ERRNO.rawValue:
            return "no broker at \(place): \(String(cString: strerror(number)))"
        case MOSQ_ERR_EAI.rawValue: return "there is no host \(settings.host)"
        case MOSQ_ERR_TLS.rawValue:
            return "no TLS with \(place): \(heard.error ?? "the handshake failed")"
        default: return "\(place): \(String(cString: mosquitto_strerror(result)))"
        }
    }

    /// What OpenSSL's line means; nil where it is none of TLS.
    private static func tls(
        _ log: String, _ place: String, _ settings: BrokerSettings
    ) -> String? {
        guard let tls = settings.tls else { return nil }
        if log.contains("host name verification") {
            return
                "the certificate of the broker at \(place) is another host's: it does not name \(settings.host)"
        }
        if log.contains("certificate verify failed") {
            return
                "the certificate of the broker at \(place) is not believed: the CA file \(tls.authorityFile) did not sign it, or it is out of its dates"
        }
        if [
            "unknown ca", "bad certificate", "certificate required", "certificate expired",
            "certificate revoked", "certificate unknown", "unsupported certificate",
        ].contains(where: { log.contains("alert \($0)") || log.contains("alert_\($0)") }) {
            return certificateRefused(tls, place)
        }
        if log.contains("wrong version number") {
            return "\(place) does not speak TLS; look at the port"
        }
        return log.contains("OpenSSL") ? "no TLS with \(place): \(log)" : nil
    }

    private static func certificateRefused(_ tls: BrokerSettings.TLS, _ place: String) -> String {
        tls.certificateFile.map {
            "the broker at \(place) refuses our client certificate \($0): its own CA did not sign it, or it is out of its dates"
        } ?? "the broker at \(place) wants a client certificate, and none is set"
    }
}
