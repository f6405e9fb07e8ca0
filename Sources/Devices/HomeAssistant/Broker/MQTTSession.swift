import CMosquitto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One connection to a broker, MQTT 5, from its making to its end; it belongs to one thread and cannot be
/// copied. Each try makes a new one: nothing half said comes with it, and renewed certificates are read.
struct MQTTSession: ~Copyable {
    /// The broker hears from us this often, and misses us after one and a half of it: s.
    static let keepAlive_s: Int32 = 15
    /// Messages that wait for their PUBACK; more are not begun.
    static let mostWaiting = 512

    private let handle: OpaquePointer
    /// The callbacks' address book; the library holds it unretained, and this holds it for as long.
    let heard: Heard
    private let settings: BrokerSettings
    private(set) var waiting = 0

    private static let isReady = mosquitto_lib_init() == MOSQ_ERR_SUCCESS.rawValue

    enum Sent { case sent, later, never }

    /// - Parameter will: what the broker says, retained, when we are gone without a word.
    static func make(
        _ settings: BrokerSettings, will: (topic: String, payload: String)
    ) throws(BrokerProblem) -> MQTTSession {
        let heard = Heard()
        guard isReady,
            let handle = mosquitto_new(
                settings.clientID, true, Unmanaged.passUnretained(heard).toOpaque())
        else { throw BrokerProblem(words: "libmosquitto cannot begin: no memory") }
        let session = MQTTSession(handle: handle, heard: heard, settings: settings)
        let result = session.prepare(will)
        guard result == 0 else {
            throw BrokerProblem(
                words:
                    "libmosquitto refuses the settings: \(String(cString: mosquitto_strerror(result)))"
            )
        }
        return session
    }

    private init(handle: OpaquePointer, heard: Heard, settings: BrokerSettings) {
        (self.handle, self.heard, self.settings) = (handle, heard, settings)
    }

    /// - Returns: the library's result.
    private func prepare(_ will: (topic: String, payload: String)) -> Int32 {
        mosquitto_int_option(handle, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5)
        mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1)
        Self.listen(handle)
        var result = Self.bytes(will.payload) {
            mosquitto_will_set(handle, will.topic, $0, $1, 1, true)
        }
        if result == 0, let user = settings.user {
            result = mosquitto_username_pw_set(handle, user, settings.password)
        }
        guard result == 0, let tls = settings.tls else { return result }
        // A key with a passphrase is refused here; the library would ask the terminal for it.
        result = mosquitto_tls_set(
            handle, tls.authorityFile, nil, tls.certificateFile, tls.keyFile
        ) { _, _, _, _ in 0 }
        // 1: the broker's certificate must be good. The name in it is looked at by default.
        return result == 0 ? mosquitto_tls_opts_set(handle, 1, "tlsv1.2", nil) : result
    }

    deinit { mosquitto_destroy(handle) }

    private static func heard(_ context: UnsafeMutableRawPointer?) -> Heard? {
        context.map { Unmanaged<Heard>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func listen(_ handle: OpaquePointer) {
        mosquitto_connect_v5_callback_set(handle) { _, context, reason, _, _ in
            MQTTSession.heard(context)?.connected(reason)
        }
        mosquitto_disconnect_v5_callback_set(handle) { _, context, reason, _ in
            MQTTSession.heard(context)?.disconnected(reason)
        }
        mosquitto_publish_v5_callback_set(handle) { _, context, _, reason, _ in
            MQTTSession.heard(context)?.acknowledged(reason)
        }
        mosquitto_subscribe_v5_callback_set(handle) { _, context, _, count, granted, _ in
            MQTTSession.heard(context)?.subscribed(
                Array(UnsafeBufferPointer(start: granted, count: Int(max(count, 0)))))
        }
        mosquitto_log_callback_set(handle) { _, context, level, text in
            guard level == MOSQ_LOG_ERR, let text else { return }
            MQTTSession.heard(context)?.logged(String(cString: text))
        }
        mosquitto_message_v5_callback_set(handle) { _, context, message, _ in
            guard let message = message?.pointee, let topic = message.topic else { return }
            let length = Int(max(message.payloadlen, 0))
            MQTTSession.heard(context)?.received(
                MQTTMessage(
                    topic: String(cString: topic),
                    payload: Array(
                        UnsafeRawBufferPointer(
                            start: message.payload, count: min(length, Heard.longest))),
                    length: length, isRetained: message.retain))
        }
    }

    /// Waits for the host's name and for TCP, as long as the system does.
    ///
    /// - Returns: the library's result, and errno.
    func connect() -> (Int32, Int32) {
        errno = 0
        let result = mosquitto_connect_bind_v5(
            handle, settings.host, Int32(settings.port), Self.keepAlive_s, nil, nil)
        return (result, errno)
    }

    /// Reads and writes what is there, or waits `wait_ms` for it.
    mutating func loop(wait_ms: Int32) -> (Int32, Int32) {
        errno = 0
        let result = mosquitto_loop(handle, wait_ms, 1)
        return (result, errno)
    }

    /// So many of those sent were answered.
    mutating func answered(_ count: Int) { waiting = max(0, waiting - count) }

    /// QoS 1: the broker says what became of it. `later`: try again when something was answered;
    /// `never`: this message cannot be sent.
    mutating func publish(_ topic: String, _ payload: String, isRetained: Bool) -> Sent {
        guard waiting < Self.mostWaiting else { return .later }
        let result = Self.bytes(payload) {
            mosquitto_publish_v5(handle, nil, topic, $0, $1, 1, isRetained, nil)
        }
        switch result {
        case MOSQ_ERR_SUCCESS.rawValue:
            waiting += 1
            return .sent
        case MOSQ_ERR_INVAL.rawValue, MOSQ_ERR_PAYLOAD_SIZE.rawValue,
            MOSQ_ERR_MALFORMED_UTF8.rawValue, MOSQ_ERR_OVERSIZE_PACKET.rawValue,
            MOSQ_ERR_QOS_NOT_SUPPORTED.rawValue, MOSQ_ERR_RETAIN_NOT_SUPPORTED.rawValue:
            return .never
        default: return .later
        }
    }

    /// QoS 1, the retain flag as its sender set it: a message that will be said again at the next start is
    /// known for one at once.
    func subscribe(_ filter: String) {
        mosquitto_subscribe_v5(
            handle, nil, filter, 1, Int32(MQTT_SUB_OPT_RETAIN_AS_PUBLISHED.rawValue), nil)
    }

    func disconnect() { mosquitto_disconnect_v5(handle, 0, nil) }

    private static func bytes(
        _ text: String, _ body: (Int32, UnsafeRawPointer?) -> Int32
    ) -> Int32 {
        var text = text
        return text.withUTF8 { body(Int32($0.count), UnsafeRawPointer($0.baseAddress)) }
    }
}
