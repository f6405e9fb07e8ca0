import BoardProfile
import Control
import Plant
import Scenario
import SimBoard

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
let v = Village(p, fidelity: .waveform(step_s: 50e-6), seed: 1)
import Glibc
let t0 = clock()
for n in 0..<60000 {
    v.turn()
    if n == 20000 { v.apply(.grid(.loss)) }
    if n == 30000 { v.apply(.grid(.restoration(phase_deg: nil))) }
    if n % 500 == 499 {
        let r = v.coupling.record
        print(Float(n + 1) / 1000, r.islanding!, r.permit, "grid", r.measured.grid.positive.value, r.measured.grid.frequency.value, "bus", r.measured.bus.positive.value, r.measured.bus.frequency.value, "pcc W", r.measured.bus.active.value, "ang", r.measured.angleAcross_deg, r.verdict.cause, r.verdict.blind.bits)
        for h in v.homes {
            let q = h.record
            print("    ", h.name, q.source!, q.contactor!, q.droopActive.value, q.droopReactive.value, "V", q.measured.bus.positive.value, "cmd", q.command.inverter.frequency.value, q.command.inverter.voltage.value, "soc", q.measured.stateOfCharge, "pv", q.measured.pvPower.value, "ld", q.measured.loadPower.value, "blind", q.verdict.blind.bits, q.verdict.cause, q.loads)
        }
    }
}
print("cpu s", Double(clock() - t0) / 1e6)
