import BoardProfile
import Foundation

@testable import Hil

/// A site of one coupling and one home, at 10 samples a tick: quick enough for a debug build.
enum SmallBoard {
    static let text = """
        title: Small site
        grid_code: small
        controller: {rate_Hz: 1000, samples_per_tick: 10}
        nominal: {frequency_Hz: 50, voltage_V: 230, phases: 3}
        coupling:
          name: pcc
          rated_A: 100
          enter_delay_s: 0.5
        home_stages:
          - {name: UV, watches: bus_voltage_low, pickup_pu: 0.40, clearing_s: 2.0, action: trip_source}
          - {name: OV, watches: bus_voltage_high, pickup_pu: 1.25, clearing_s: 0.2, action: trip_source}
        homes:
          - name: mill
            inverter: {rating_VA: 5000, black_start_after_s: 1}
            battery: {capacity_kWh: 10, charge_percent: 65}
            generation: {pv_W: 4000}
            loads: {critical_W: 400, comfort_W: 900}
        """
    static let code = """
        title: Small code
        enter_service: {low_pu: 0.9, high_pu: 1.1, low_Hz: 49.5, high_Hz: 50.2, delay_s: 1}
        stages:
          - {name: UV2, watches: grid_voltage_low, pickup_pu: 0.45, clearing_s: 0.16, action: island}
          - {name: UV1, watches: grid_voltage_low, pickup_pu: 0.80, clearing_s: 2.0, action: island}
          - {name: OF, watches: grid_frequency, sense: over, pickup_Hz: 51.5, clearing_s: 0.2, action: island}
        """
    static let battery = """
        title: Small cabin
        controller: {rate_Hz: 100}
        nanogrid:
          voltage_V: 48
          batteries:
            - name: east
              capacity_kWh: 4.8
              converter: {droop_ohm: 0.04, most_A: 60}
              line: {R_ohm: 0.010, L_uH: 20}
        """

    static let source = BoardSource(
        BoardFolder(memory: ["small/board.yaml": text, "grid-codes/small.yaml": code]),
        "small/board.yaml")
    static let cabin = BoardSource(
        BoardFolder(memory: ["cabin/board.yaml": battery]), "cabin/board.yaml")
}

/// A session without a socket.
final class Talk {
    let session: Session
    init(
        _ source: BoardSource = SmallBoard.source, controllers: [String]? = nil,
        attend: @escaping () -> Bool = { true }
    ) throws {
        session = try Session(
            Session.Terms(source: source, controllers: controllers, program: "test"),
            attend: attend)
    }

    func put(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { session.receive($0) }
        while session.serve() {}
    }
    func take() -> [UInt8] {
        defer { session.output.removeAll() }
        return session.output
    }
    /// Sends a line; the reply as objects of Foundation, which reads JSON in its own way.
    @discardableResult
    func ask(_ line: String) throws -> [String: Any] {
        put(Array((line + "\n").utf8))
        let data = Data(take())
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }
    func hello(_ more: String = "") throws -> [String: Any] {
        try ask("{\"request\":\"hello\",\"protocol\":1\(more)}")
    }
    func advance(_ for_s: Double, _ inputs: String = "{}", _ more: String = "") throws -> [String:
        Any]
    {
        try ask("{\"request\":\"advance\",\"for_s\":\(for_s),\"inputs\":\(inputs)\(more)}")
    }
}

extension [String: Any] {
    /// `a.b` through nested objects.
    func at(_ path: String...) -> Any? {
        var value: Any? = self
        for step in path { value = (value as? [String: Any])?[step] }
        return value
    }
    func number(_ path: String...) -> Double {
        var value: Any? = self
        for step in path { value = (value as? [String: Any])?[step] }
        return (value as? NSNumber)?.doubleValue ?? .nan
    }
    /// One measured quantity of a controller.
    func measured(_ controller: String, _ name: String) -> Double {
        number("controllers", controller, "measured", name)
    }
    func state(_ controller: String, _ name: String) -> String {
        at("controllers", controller, "states", name) as? String ?? ""
    }
    var code: String { self["code"] as? String ?? "" }
    var message: String { self["message"] as? String ?? "" }
    func texts(_ name: String) -> [String] { self[name] as? [String] ?? [] }
    func events(_ kind: String) -> [(time_s: Double, text: String)] {
        (self["events"] as? [[String: Any]] ?? []).filter { $0["kind"] as? String == kind }.map {
            ($0.number("time_s"), $0["text"] as? String ?? "")
        }
    }
}
