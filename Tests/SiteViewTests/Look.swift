import BoardProfile
import Control
import Feed
import Foundation
import Quantities
import SiteFile
import Testing

@testable import SiteView

/// The folder of the project.
let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

/// A board as it lies in the project, with its site file.
func plan(_ board: String) throws -> SitePlan {
    let path = project.appendingPathComponent("boards/\(board)").path
    return SitePlan(try SiteProfile.load(path).get(), try SiteFile.beside(path).get())
}

/// JSON as another program reads it.
func parsed(_ json: JSON) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(json.compact.utf8), options: .fragmentsAllowed)
}
func object(_ json: JSON) throws -> [String: Any] {
    try #require(try parsed(json) as? [String: Any])
}

/// A controller that is there, with a record of its own.
func live(_ name: String, _ change: (inout Record) -> Void = { _ in }) -> Seen {
    var seen = Seen(name: name)
    seen.connection = .connected
    seen.age_s = 0.0401
    seen.rate_Hz = 1000
    seen.stages = ["UV", "OV"]
    var record = Record()
    record.tick = Tick(1_234_567)
    change(&record)
    seen.record = record
    return seen
}

/// A settled three-phase meter.
func meter(_ active_W: Float, voltage_V: Float = 230.44, frequency_Hz: Float = 50.01234)
    -> ACMeasured
{
    var m = ACMeasured()
    m.isSettled = true
    m.positive = Volts(voltage_V)
    (m.phaseA, m.phaseB, m.phaseC) = (Volts(230.1), Volts(230.6), Volts(230.4))
    m.frequency = Hertz(frequency_Hz)
    m.active = Watts(active_W)
    return m
}

/// A home whose battery is behind its inverter.
func home(
    _ name: String, charge: Float, inverter_W: Float = 0, pv_W: Float = .nan,
    load_W: Float = .nan
) -> Seen {
    live(name) {
        $0.measured.bus = meter(inverter_W)
        $0.measured.stateOfCharge = charge
        $0.measured.pvPower = Watts(pv_W)
        $0.measured.loadPower = Watts(load_W)
        $0.source = .following(since: Tick(0))
    }
}

/// One snapshot, and its site.
func snapshot(_ plan: SitePlan, _ seen: [Seen]) throws -> (all: [String: Any], site: [String: Any])
{
    var snapshots = Snapshots(plan)
    let json = snapshots.json(seen, wall_ns: 1_800_000_000_250_000_000, now_ns: 0)
    #expect(try Schema.faults(try parsed(json), "Snapshot") == [])
    let all = try object(json)
    return (all, try #require(all["site"] as? [String: Any]))
}
extension [String: Any] {
    func number(_ key: String) -> Double? { self[key] as? Double }
    func isNull(_ key: String) -> Bool { self[key] is NSNull }
    func part(_ key: String) -> [String: Any]? { self[key] as? [String: Any] }
    func parts(_ key: String) -> [[String: Any]] { self[key] as? [[String: Any]] ?? [] }
}
