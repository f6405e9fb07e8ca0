import Access
import BoardProfile
import Feed
import Foundation
import Hummingbird
import Quantities
import Recorder
import SiteView

/// Commands of people who are signed in: asked of the controller, and put down with who gave them and what
/// became of them.
struct Commanding: Sendable {
    let hub: Hub
    let signing: Signing

    func add(to router: Router<HubContext>) {
        router.post("/api/v1/commands") { request, context in
            try await command(request, context)
        }
        router.get("/api/v1/commands") { request, _ in
            _ = try signing.signedIn(request, as: .viewer, changes: false)
            let most = try Query(request).whole("limit", 1...1000) ?? 50
            return try await aside {
                Response.json(.list(try hub.store.commands(most: most).map(Self.json)))
            }
        }
    }

    private struct Asked: Decodable {
        var controller: String
        var command: String
        var active_W: Double?
        var reactive_var: Double?
        var for_s: Double?
        var state_of_charge: Double?
    }

    private func command(_ request: Request, _ context: HubContext) async throws -> Response {
        let session = try signing.signedIn(request, as: .operator, changes: true)
        let asked: Asked = try await body(
            request, context, "{\"controller\": …, \"command\": …}")
        guard hub.plan.unit(asked.controller) != nil else {
            throw Refusal(
                .badRequest,
                "there is no controller of that name: there are "
                    + hub.plan.units.map(\.name).joined(separator: ", "))
        }
        let command = try Self.command(asked)
        if case .setpoints = command, session.role < .engineer {
            throw Refusal(
                .forbidden, "\(session.user) is \(session.role.rawValue); this needs engineer")
        }
        let hub = hub
        let reply = try await aside {
            hub.ask(command, of: asked.controller, user: session.user, via: "page")
        }
        return Response.json(
            .object([("accepted", .flag(reply.isAccepted)), ("words", .text(reply.words))]),
            reply.isAccepted ? .ok : .conflict)
    }

    private static func command(_ asked: Asked) throws(Refusal) -> AskedCommand {
        func number(
            _ value: Double?, _ name: String, _ range: ClosedRange<Double>
        ) throws(Refusal) -> Double {
            guard let value, range.contains(value) else {
                throw Refusal(
                    .badRequest,
                    "\(name) is no number of \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        switch asked.command {
        case "island": return .island
        case "reconnect": return .reconnect
        case "acknowledge": return .acknowledge
        case "reserve":
            let charge = try number(asked.state_of_charge, "state_of_charge", 0...1)
            return .reserve(Float(charge))
        case "setpoints":
            let active = try number(asked.active_W, "active_W", -1e6...1e6)
            let reactive = try number(asked.reactive_var ?? 0, "reactive_var", -1e6...1e6)
            let for_s = try number(asked.for_s, "for_s", 1...86_400)
            return .setpoints(
                active: Watts(Float(active)), reactive: Vars(Float(reactive)), for_s: for_s)
        default:
            throw Refusal(
                .badRequest,
                "there is no command of that name: there are island, reconnect, acknowledge, reserve, setpoints"
            )
        }
    }

    private static func json(_ command: RecordedCommand) -> JSON {
        .object([
            ("time", .text(UTC.text(ns: command.wall_ns))), ("user", .text(command.user)),
            ("via", .text(command.via)), ("controller", .text(command.controller)),
            ("command", .text(command.command)), ("accepted", .flag(command.isAccepted)),
            ("words", .text(command.words)),
        ])
    }
}
