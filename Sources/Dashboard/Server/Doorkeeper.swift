import HTTPTypes
import Hummingbird

/// Stands before every route: refuses who came by a name that is not this page's, and sends the headers
/// by which a browser guards it.
struct Doorkeeper<Context: RequestContext>: RouterMiddleware {
    /// Only programs of this machine reach it: the host must then be this machine's. Otherwise a page of
    /// somebody else, whose name is made to point here, could read the site (DNS rebinding).
    let isLoopback: Bool
    let isTLS: Bool

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            try check(request)
            response = try await next(request, context)
        } catch let refusal as Refusal {
            response = try refusal.response(from: request, context: context)
        } catch let error as HTTPError {
            let words =
                error.status == .notFound ? "there is nothing at this address" : "\(error.status)"
            response = try Refusal(error.status, words).response(from: request, context: context)
        } catch {
            // The store, as a rule: what it says is for the journal, not for strangers.
            context.logger.error("\(request.uri.path): \(error)")
            response = try Refusal(
                .internalServerError, "this could not be read or written: see the hub's journal"
            ).response(from: request, context: context)
        }
        for (name, value) in Self.headers { response.headers[name] = value }
        if isTLS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return response
    }

    private func check(_ request: Request) throws(Refusal) {
        let authority = request.head.authority ?? ""
        if isLoopback, !Self.isThisMachine(authority) {
            throw Refusal(
                .misdirectedRequest,
                "this page is served to this machine alone: open it as http://127.0.0.1 or localhost"
            )
        }
        guard request.method != .get && request.method != .head else { return }
        // A browser says which page a change comes from.
        if let origin = request.headers[.origin] {
            let scheme = isTLS ? "https://" : "http://"
            guard origin == scheme + authority else {
                throw Refusal(.forbidden, "a page of \(origin) may change nothing here")
            }
        }
    }

    static func isThisMachine(_ authority: String) -> Bool {
        var host = authority[...]
        if host.hasPrefix("[") {
            host = host.dropFirst().prefix { $0 != "]" }
        } else if let colon = host.lastIndex(of: ":") {
            host = host[..<colon]
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isV4 = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        return host == "localhost" || host == "::1" || isV4
    }

    /// OWASP Secure Headers Project.
    private static var headers: [(HTTPField.Name, String)] {
        [
            (
                .contentSecurityPolicy,
                "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
            ),
            (.xContentTypeOptions, "nosniff"), (HTTPField.Name("Referrer-Policy")!, "no-referrer"),
            (HTTPField.Name("X-Frame-Options")!, "DENY"),
            (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
        ]
    }
}
