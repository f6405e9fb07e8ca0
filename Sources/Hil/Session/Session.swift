import BoardProfile
import Control

/// One partner's session: bytes in, bytes out, and between them the controllers. It knows no socket and no
/// clock.
///
/// Whatever comes in, what goes out is an answer or an error; a fatal one lets go of everything the
/// controllers command and ends the session.
final class Session {
    /// What a program says of itself, and what it allows.
    struct Terms: Sendable {
        var source: BoardSource
        /// What a partner may choose from; nil: all.
        var controllers: [String]?
        var program: String
        var isPaced = false
        /// Seconds; 0: for ever.
        var patience_s = 60.0
    }
    static let version = 1
    static let mostStep_s = 3600.0
    static let mostTrace = 1_000_000
    /// 2^53 ns: what a `Double` counts exactly.
    static let mostTime_s = 9_007_199.0

    let terms: Terms
    /// Asked in a long step now and then; false: the partner is gone.
    private let attend: () -> Bool
    private var cutter = MessageCutter()
    /// What is to be sent.
    var output: [UInt8] = []
    /// Nothing more is answered.
    private(set) var isOver = false
    /// Why, for a person.
    private(set) var farewell = ""
    /// The partner was told so.
    private var isTold = false
    var rig: Rig?
    var options = Rig.Options()
    var overlay = Overlay()
    var reading: Reading<SiteProfile>
    /// Signals of binary replies, and those of every tick.
    var watched: [Int] = []
    var traced: [Int] = []
    var writer = JSONWriter()

    /// - Throws: `ProfileError` where the board's file cannot be used.
    init(_ terms: Terms, attend: @escaping () -> Bool) throws(ProfileError) {
        self.terms = terms
        self.attend = attend
        reading = terms.source.read()
        _ = try reading.get()
    }

    /// Seconds of simulated time since the start or the last reset.
    var time_s: Double { rig?.time_s ?? 0 }
    /// More may be received.
    var hasRoom: Bool { cutter.hasRoom }

    func receive(_ bytes: UnsafeRawBufferPointer) { cutter.append(bytes) }

    /// Serves the next request.
    ///
    /// - Returns: false where there is none yet.
    func serve() -> Bool {
        guard !isOver else { return false }
        switch cutter.next() {
        case .more: return false
        case .fault(let error): end(error)
        case .line(let range): serve(line: range)
        case .frame(_, let number, let body): serve(frame: body, number)
        }
        return true
    }

    /// Ends with a reason, which the partner is told; what was commanded is let go.
    func end(_ error: SessionError, request: String? = nil, id: JSONValue? = nil) {
        guard !isTold else { return }
        abandon()
        isTold = true
        farewell = error.message
        let rig = rig
        output += error.json(request: request, id: id) { w in
            guard let rig else { return }
            w.name("outputs")
            w.object { w in
                for controller in rig.controllers {
                    w.name(controller.name)
                    Self.write(.outputs, of: controller, rig, into: &w)
                }
            }
        }
        output.append(0x0A)
    }

    /// The partner is gone without a word: what was commanded is let go.
    func abandon() {
        isOver = true
        rig?.letGo()
    }

    private func serve(line range: Range<Int>) {
        let value: JSONValue
        do throws(JSONReader.Fault) {
            let result = cutter.buffer.withUnsafeBytes { memory in
                Result { () throws(JSONReader.Fault) in
                    try JSONReader.read(UnsafeRawBufferPointer(rebasing: memory[range]))
                }
            }
            value = try result.get()
        } catch {
            return end(
                SessionError(
                    .notUnderstood, "the line is no JSON: at byte \(error.at) it \(error.message)",
                    "write one object on a line"))
        }
        guard case .object(let object) = value else {
            return end(
                SessionError(
                    .notUnderstood, "the line is \(value.words)", "write one object on a line"))
        }
        var request: String?
        var id: JSONValue?
        do throws(SessionError) {
            let members = try Members(object)
            (request, id) = (members.request, members.id)
            try serve(members)
        } catch {
            if error.code.isFatal { return end(error, request: request, id: id) }
            output += error.json(request: request, id: id)
            output.append(0x0A)
        }
    }

    private func serve(_ members: Members) throws(SessionError) {
        switch members.request {
        case "hello": try hello(members)
        case "advance": try advance(members)
        case "settings": try listSettings(members)
        case "set": try set(members)
        case "wish": try wish(members)
        case "watch": try watch(members)
        case "reset": try reset(members)
        case "bye": try bye(members)
        default:
            throw SessionError(
                .notUnderstood, "no request is called \(JSONValue.text(members.request).words)",
                "there are hello, advance, settings, set, wish, watch, reset and bye")
        }
    }

    /// The controllers of a session that has begun.
    func running() throws(SessionError) -> Rig {
        guard let rig else {
            throw SessionError(
                .refused, "there was no hello yet",
                "send {\"request\":\"hello\",\"protocol\":1} first")
        }
        return rig
    }

    /// Writes a reply's line.
    func reply(_ members: Members, _ body: (inout JSONWriter) -> Void) {
        writer.removeAll()
        writer.object { w in
            w.member("reply", members.request)
            if let id = members.id {
                w.name("id")
                w.value(id)
            }
            body(&w)
        }
        output += writer.bytes
        output.append(0x0A)
    }

    private func reset(_ members: Members) throws(SessionError) {
        _ = try running()
        try members.finish()
        rig = try fresh()
        reply(members) { w in w.member("time_s", 0.0) }
    }
    private func bye(_ members: Members) throws(SessionError) {
        try members.finish()
        reply(members) { _ in }
        abandon()
        isTold = true
        farewell = "it said bye"
    }

    /// Controllers as the settings in force make them.
    func fresh() throws(SessionError) -> Rig {
        guard let site = reading.value else {
            throw SessionError(.settings, "the board's file has errors", "mend it", reading.errors)
        }
        var options = options
        if options.controllers == nil { options.controllers = terms.controllers }
        return try Rig(site, options)
    }

    /// Runs a step; nil where nobody waits for it any more.
    func run(_ step: Rig.Step, _ rig: Rig) -> Rig.Outcome? {
        let outcome = rig.advance(step, attend: attend)
        guard !outcome.isAbandoned else {
            abandon()
            farewell = "it was not there any more in a step"
            return nil
        }
        return outcome
    }

    /// A step that can be done.
    func prove(_ step: Rig.Step, _ rig: Rig) throws(SessionError) {
        let ticks = rig.ticks(in: step.for_s)
        guard rig.time_s + step.for_s <= Self.mostTime_s else {
            throw SessionError("the session's time ends after 104 days", "reset")
        }
        guard ticks * step.trace.count <= Self.mostTrace else {
            throw SessionError(
                "the trace would have \(ticks * step.trace.count) numbers",
                "keep it within \(Self.mostTrace): shorter steps, or fewer signals")
        }
        for (input, order) in step.orders { try rig.prove(order, of: input, ticks: ticks) }
    }

    /// The bytes of a message, until the next is served.
    func bytes<R>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        cutter.buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}
