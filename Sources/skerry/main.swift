import BoardProfile
import Control
import Plant
import Scenario
import SimBoard
import Glibc

var p = SiteProfile()
p.coupling = CouplingProfile()
p.coupling!.enterDelay_s = 5
func home(_ name: String, _ va: Double, _ pv: Double, _ load: Double) -> HomeProfile {
    var h = HomeProfile()
    h.name = name
    h.rating_VA = va
    h.pv_W = pv
    h.comfort_W = load
    return h
}
func stage(_ n: String, _ w: String, _ s: String, _ v: Double, _ t: Double, _ a: String) -> StageProfile {
    var x = StageProfile()
    x.name = n; x.watched = w; x.sense = s; x.pickup = v; x.clearing_s = t; x.action = a
    return x
}
p.homes = [home("mill", 5000, 4000, 900), home("smithy", 8000, 0, 1500), home("school", 5000, 3000, 700), home("inn", 10000, 5000, 2500)]
p.gridCode.stages = [
    stage("UV2", "grid_voltage_low", "under", 0.45, 0.16, "island"),
    stage("UV1", "grid_voltage_low", "under", 0.80, 2.0, "island"),
    stage("OV", "grid_voltage_high", "over", 1.2, 0.1, "island"),
    stage("UF", "grid_frequency", "under", 47.5, 0.2, "island"),
    stage("OF", "grid_frequency", "over", 51.5, 0.2, "island"),
    stage("ROCOF", "grid_rocof", "over", 1.0, 0.5, "island"),
]
for h in p.homes.indices {
    p.homes[h].stages = [
        stage("UV", "bus_voltage_low", "under", 0.4, 2.0, "trip_source"),
        stage("OV", "bus_voltage_high", "over", 1.25, 0.2, "trip_source"),
    ]
}
p.homes[0].blackStartAfter_s = 10

let args = CommandLine.arguments
let from = UInt64(args[1])!, count = UInt64(args[2])!
var bad = 0
for seed in from..<(from + count) {
    let w = World(seed: seed, base: p)
    if args.count > 3 {
        var s = Simulation(w.scenario, command: "")
        while !s.isDone {
            s.step()
            let t = s.village.time_s
            if t > Double(args[3])! && t < Double(args[4])! && s.village.now.count % 50 == 0 {
                let r = s.village.coupling.record
                print(t, r.islanding!, "grid", r.measured.grid.positive.value, r.measured.grid.frequency.value, "bus", r.measured.bus.positive.value, r.measured.bus.frequency.value, "pcc", r.measured.bus.active.value, r.measured.bus.rocof.value, r.verdict.pickedUp)
                for (h, q) in s.village.homes.map(\.record).enumerated() {
                    print("    ", w.scenario.profile.homes[h].name, w.scenario.profile.homes[h].rating_VA, q.source!, q.droopActive.value, q.droopReactive.value, "V", q.measured.bus.positive.value, q.measured.bus.highestCurrent.value, "cmd", q.command.inverter.frequency.value, q.command.inverter.voltage.value, "soc", q.measured.stateOfCharge, "pv", q.measured.pvPower.value, "ld", q.measured.loadPower.value)
                }
            }
        }
    }
    let (v, sim) = w.live()
    if !v.isEmpty {
        bad += 1
        print("seed", seed, v.map(\.description).joined(separator: "; "))
        if count == 1 { for e in sim.recording.trace.events { print("   ", e.time_s, e.source, e.kind, e.text) } }
    }
}
print("bad", bad, "of", count, "cpu", Double(clock()) / 1e6)
