import Control
import Feed
import Quantities

@testable import Prometheus

/// Controllers as a test wants them.
enum Sites {
    /// A bus and a grid that are measured, a battery, PV, four load groups, and two machines.
    static func record(tick: UInt64, in_mJ: Int64 = 0, out_mJ: Int64 = 0) -> Record {
        var record = Record()
        record.tick = Tick(tick)
        record.missedTicks = tick / 1000
        record.refusedSetpoints = 2
        record.energyIn = Energy(millijoules: in_mJ)
        record.energyOut = Energy(millijoules: out_mJ)
        var side = ACMeasured()
        side.isSettled = true
        (side.positive, side.frequency) = (Volts(230.4), Hertz(50.01))
        (side.active, side.reactive) = (Watts(-1500.5), Vars(200))
        side.rocof = HertzPerSecond(-0.25)
        (record.measured.grid, record.measured.bus) = (side, side)
        record.measured.batteryVoltage = Volts(51.25)
        record.measured.batteryCurrent = Amperes(-16)
        record.measured.batteryTemperature = Celsius(23.1)
        record.measured.stateOfCharge = 0.64
        record.measured.pvPower = Watts(3000)
        record.measured.loadPower = Watts(-4100)
        record.loads = 0b1011
        (record.gridPresence, record.busPresence) = (.live, .live)
        record.islanding = .islanded(.gridLost, since: Tick(1), hold: 0)
        record.contactor = .closed
        return record
    }

    static func seen(_ name: String, _ record: Record? = nil) -> Seen {
        var seen = Seen(name: name)
        guard let record else { return seen }
        seen.connection = .connected
        (seen.stages, seen.rate_Hz) = (["UV", "OV"], 1000)
        (seen.record, seen.age_s, seen.connections, seen.lost) = (record, 0.04, 1, 3)
        seen.status = [
            ("board", "mill"), ("wake_p50_us", "12"), ("wake_p99_us", "35"),
            ("wake_max_us", "1200"),
            ("cycle_p50_us", "20"), ("cycle_p99_us", "41"), ("cycle_max_us", "300"),
            ("overruns", "4"), ("suspensions", "0"), ("clock_faults", "0"), ("sample_faults", "7"),
            ("act_faults", "0"), ("black_box_missed", "1"), ("black_box_bytes", "1048576"),
            ("captures", "2"), ("clients_refused", "0"), ("frames_refused", "0"),
            ("turns_unseen", "0"),
        ]
        return seen
    }
}

/// Samples by what stands before the value.
func samples(_ text: String) -> [String: String] {
    var all: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
        guard let space = line.lastIndex(of: " ") else { continue }
        all[String(line[..<space])] = String(line[line.index(after: space)...])
    }
    return all
}
