import Access
import BoardProfile
import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// Who is signed in, and the way in and out.
final class Signing: Sendable {
    static let cookie = "skerry"
    private let users: Users
    private let sessions: Sessions
    private let clocks: Clocks
    private let isTLS: Bool
    /// Five at once and one more a minute for a name; four times that for an address.
    private let limits = Mutex(
        (name: TryLimit(most: 5, pause_s: 60), address: TryLimit(most: 20, pause_s: 15)))

    init(_ hub: Hub, isTLS: Bool) {
        users = hub.users
        sessions = Sessions(random: hub.random)
        clocks = hub.clocks
        self.isTLS = isTLS
    }

    func add(to router: Router<HubContext>) {
        router.post("/api/v1/session") { [self] request, context in
            try await begin(request, context)
        }
        router.get("/api/v1/session") { [self] request, _ in
            guard let session = session(request) else {
                return Response.json(
                    .object([("user", .null), ("may_sign_in", .flag(!users.isEmpty))]))
            }
            return Response.json(Self.json(session))
        }
        router.delete("/api/v1/session") { [self] request, _ in
            _ = try signedIn(request, as: .viewer, changes: true)
            if let token = Self.token(request) { sessions.end(token) }
            var response = Response(status: .noContent)
            response.headers[.setCookie] = bake("", "Max-Age=0")
            return response
        }
    }

    /// The session of a request with the role it needs.
    ///
    /// - Parameter changes: the token against forged requests must be there too.
    func signedIn(
        _ request: Request, as role: Role, changes: Bool
    ) throws(Refusal) -> Sessions.Session {
        guard let session = session(request) else {
            throw Refusal(.unauthorized, "sign in first")
        }
        if changes, request.headers[Self.csrf] != session.csrf {
            throw Refusal(.forbidden, "X-CSRF-Token is missing, or is not that of this session")
        }
        guard session.role >= role else {
            throw Refusal(
                .forbidden,
                "\(session.user) is \(session.role.rawValue); this needs \(role.rawValue)")
        }
        return session
    }
    private func session(_ request: Request) -> Sessions.Session? {
        Self.token(request).flatMap { sessions.session($0, at: clocks.monotonic_ns()) }
    }
    private static let csrf = HTTPField.Name("X-CSRF-Token")!
    private static func token(_ request: Request) -> String? {
        request.cookies[cookie]?.value
    }

    private struct SignIn: Decodable {
        var user: String
        var password: String
    }

    private func begin(_ request: Request, _ context: HubContext) async throws -> Response {
        guard !users.isEmpty else {
            throw Refusal(.forbidden, "nobody may sign in here: `skerry user add` makes somebody")
        }
        let wanted: SignIn = try await body(request, context, "{\"user\": …, \"password\": …}")
        let now_ns = clocks.monotonic_ns()
        let wait_s: Double? = limits.withLock { limits in
            // The address first: what an address may not try costs a name nothing.
            limits.address.wait_s(context.address, at: now_ns)
                ?? limits.name.wait_s(wanted.user, at: now_ns)
        }
        if let wait_s {
            throw Refusal(
                .tooManyRequests, "too many tries: wait \(Int(wait_s.rounded(.up))) s",
                retryAfter_s: wait_s)
        }
        let users = users
        guard
            let user = try await aside({ users.user(wanted.user, password: wanted.password) })
        else { throw Refusal(.unauthorized, "the name or the password is wrong") }
        limits.withLock { limits in
            limits.address.forgive(context.address)
            limits.name.forgive(wanted.user)
        }
        let (token, session) = sessions.begin(user, at: clocks.monotonic_ns())
        var response = Response.json(Self.json(session))
        response.headers[.setCookie] = bake(token, "Max-Age=86400")
        return response
    }

    private func bake(_ value: String, _ age: String) -> String {
        "\(Self.cookie)=\(value); Path=/; HttpOnly; SameSite=Strict; \(age)\(isTLS ? "; Secure" : "")"
    }
    private static func json(_ session: Sessions.Session) -> JSON {
        .object([
            ("user", .text(session.user)), ("role", .text(session.role.rawValue)),
            ("csrf", .text(session.csrf)),
        ])
    }
}

/// The JSON of a request's body.
///
/// - Parameter form: what it should have been, for people.
func body<T: Decodable>(
    _ request: Request, _ context: HubContext, _ form: String
) async throws -> T {
    var request = request
    let bytes: ByteBuffer
    do { bytes = try await request.collectBody(upTo: context.maxUploadSize) } catch {
        throw Refusal(.contentTooLarge, "a body has \(context.maxUploadSize) bytes at most")
    }
    do { return try JSONDecoder().decode(T.self, from: Data(bytes.readableBytesView)) } catch {
        throw Refusal(.badRequest, "the body is not \(form)")
    }
}
