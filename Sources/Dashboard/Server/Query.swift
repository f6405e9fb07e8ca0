import Hummingbird
import Recorder
import SiteView

/// The part of an address behind the question mark.
struct Query {
    private let parameters: [String: String]

    init(_ request: Request) throws(Refusal) {
        var found: [String: String] = [:]
        for (key, value) in request.uri.queryParameters {
            guard found.updateValue(String(value), forKey: String(key)) == nil else {
                throw Refusal(.badRequest, "\(key) is there twice")
            }
        }
        parameters = found
    }
    subscript(_ key: String) -> String? { parameters[key] }

    /// `from` and `to`; a day up to now where they are left out.
    func range(_ clocks: Clocks) throws(Refusal) -> (from_s: Int64, to_s: Int64) {
        let now_s = clocks.wall_ns() / 1_000_000_000 + 1
        let to_s = try time("to") ?? now_s
        let from_s = try time("from") ?? to_s - 86_400
        guard from_s < to_s else { throw Refusal(.badRequest, "from is not before to") }
        return (from_s, to_s)
    }
    func time(_ key: String) throws(Refusal) -> Int64? {
        guard let text = self[key] else { return nil }
        guard let s = UTC.seconds(text) else {
            throw Refusal(
                .badRequest, "\(key) is no time: write 2027-01-15 or 2027-01-15T08:00:00Z, in UTC")
        }
        // Nanoseconds of it fit into 64 bits, as the store has them.
        guard s.magnitude <= 4_000_000_000 else {
            throw Refusal(.badRequest, "\(key) is too far away: write a year of 1844 to 2096")
        }
        return s
    }
    /// Nanoseconds since 1970.
    func instant(_ key: String) throws(Refusal) -> Int64? {
        guard let s = try time(key), let text = self[key] else { return nil }
        return s * 1_000_000_000 + UTC.partOfSecond_ns(text)
    }
    /// `true` or `false`; false where it is left out.
    func flag(_ key: String) throws(Refusal) -> Bool {
        switch self[key] {
        case nil, "false": return false
        case "true": return true
        default: throw Refusal(.badRequest, "\(key) is neither true nor false")
        }
    }
    /// The controller that is named, of those that there are.
    func controller(of plan: SitePlan) throws(Refusal) -> String {
        let names = plan.units.map(\.name)
        guard let name = self["controller"] else {
            throw Refusal(
                .badRequest, "controller is missing: there are \(names.joined(separator: ", "))")
        }
        guard names.contains(name) else {
            throw Refusal(
                .notFound,
                "there is no controller of that name: there are \(names.joined(separator: ", "))")
        }
        return name
    }
    func whole(_ key: String, _ range: ClosedRange<Int>) throws(Refusal) -> Int? {
        guard let text = self[key] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Refusal(
                .badRequest,
                "\(key) is no whole number of \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
