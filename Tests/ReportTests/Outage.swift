import Foundation

@testable import Report

/// A generator of our own, so that a seed means the same trace for ever (SplitMix64; Steele, Lea,
/// Flood, OOPSLA 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A made-up minute: the grid fails at 10 s, the site is an island from 10.12 s to 42 s. It has
/// the look of a run and is none: shapes are drawn by hand to exercise the page.
func outage(homes: Int = 3, seconds: Double = 60, rate_Hz: Double = 100, seed: UInt64 = 7) -> Trace
{
    var random = SplitMix(seed: seed)
    func noise(_ size: Double) -> Double { Double.random(in: -size...size, using: &random) }
    func settle(_ t: Double, _ tau: Double) -> Double { t < 0 ? 0 : 1 - exp(-t / tau) }

    let count = Int(seconds * rate_Hz) + 1
    let scale = seconds / 60
    let failed = 10 * scale, parted = failed + 0.12, back = 36 * scale, joined = 42 * scale
    let time = (0..<count).map { Double($0) / rate_Hz }
    var trace = Trace(
        title: "Outage at dusk",
        subtitle:
            "Three homes at the end of a feeder lose the grid for 26 seconds, share the load by "
            + "droop, shed one group, and come back in step.",
        seed: seed, command: "skerry simulate sim-village --scenario outage-at-dusk --seed \(seed)",
        time_s: time)

    func add(
        _ name: String, _ unit: Trace.Unit, _ group: String, _ label: String,
        _ value: (Double) -> Double
    ) {
        trace.series.append(
            .init(
                name: name, unit: unit, group: group, label: label,
                values: time.map { Float(value($0)) }))
    }
    func island(_ t: Double) -> Bool { t >= parted && t < joined }

    add("bus.voltage", .V, "Bus voltage", "Site bus") { t in
        if t >= failed && t < parted { return 160 + noise(8) }
        return island(t) ? 229 - 2.5 * settle(t - parted, 0.4) + noise(0.2) : 231.5 + noise(0.4)
    }
    add("grid.voltage", .V, "Bus voltage", "Grid side") { t in
        if t >= failed && t < back { return 0.4 + noise(0.3) }
        return 231.5 + noise(0.4)
    }
    add("bus.frequency", .Hz, "Frequency", "Site bus") { t in
        guard island(t) else { return 50 + 0.012 * sin(t / 3) + noise(0.002) }
        let ring = 0.18 * exp(-(t - parted) / 0.6) * cos(14 * (t - parted))
        return 49.82 - ring + 0.09 * settle(t - back, 2) + noise(0.002)
    }
    add("grid.frequency", .Hz, "Frequency", "Grid side") { t in
        t >= failed && t < back ? .nan : 50 + 0.012 * sin(t / 3) + noise(0.002)
    }
    add("pcc.grid", .W, "Power", "Grid import") { t in
        t < failed || t >= joined ? 2600 + noise(40) : 0
    }
    for home in 1...homes {
        let size = 1 + 0.35 * Double(home)
        add("home\(home).battery", .W, "Power", "Home \(home) battery") { t in
            guard island(t) else { return t >= joined ? -600 * settle(t - joined, 3) : 0 }
            return size * 900 * settle(t - parted, 0.15) + size * 60 * sin(t / 5) + noise(15)
        }
        add("home\(home).pv", .W, "Power", "Home \(home) solar") { t in
            let cloud = t > 24 * scale && t < 31 * scale ? 0.45 : 1
            return 420 * size * cloud * (1 - 0.2 * t / seconds) + noise(8)
        }
    }
    for home in 1...homes {
        add("home\(home).load", .W, "Loads", "Home \(home) load") { t in
            let shed = home == 2 && t > failed + 2 && t < joined + 4 ? 0.6 : 1.0
            return -(900 + 450 * Double(home)) * shed + noise(25)
        }
    }
    for home in 1...homes {
        add("home\(home).soc", .percent, "State of charge", "Home \(home)") { t in
            let drawn = max(0, min(t, joined) - parted)
            return 88 - 9 * Double(home) - 0.12 * Double(home) * drawn
        }
    }
    trace.states = [
        .init(
            name: "pcc.islanding", label: "Islanding",
            changes: [
                .init(time_s: 0, state: "grid-connected"),
                .init(time_s: failed + 0.06, state: "opening", tone: .alarm),
                .init(time_s: parted, state: "islanded", tone: .attention),
                .init(time_s: back + 3 * scale, state: "synchronising", tone: .attention),
                .init(time_s: joined, state: "grid-connected"),
            ]),
        .init(
            name: "pcc.contactor", label: "Contactor",
            changes: [
                .init(time_s: 0, state: "closed"), .init(time_s: parted, state: "open"),
                .init(time_s: joined, state: "closed"),
            ]),
    ]
    trace.events = [
        .init(time_s: failed, source: "grid", kind: .grid, text: "fails: all three phases lost"),
        .init(
            time_s: failed + 0.06, source: "pcc", kind: .trip,
            text: "undervoltage, 0.69 pu for 40 ms"),
        .init(time_s: parted, source: "pcc", kind: .contactor, text: "open"),
        .init(
            time_s: parted, source: "pcc", kind: .transition, text: "grid-connected → islanded"),
        .init(time_s: failed + 2, source: "home2", kind: .shed, text: "group 3, water heater"),
        .init(time_s: 24 * scale, source: "sky", kind: .info, text: "a cloud passes"),
        .init(
            time_s: 28 * scale, source: "home3", kind: .fault, text: "battery current sensor stuck"),
        .init(time_s: back, source: "grid", kind: .grid, text: "returns"),
        .init(
            time_s: joined, source: "pcc", kind: .contactor, text: "closed at 1.8°, 0.03 Hz, 0.6 %"),
        .init(
            time_s: joined, source: "pcc", kind: .transition, text: "islanded → grid-connected"),
        .init(time_s: joined + 4, source: "home2", kind: .restore, text: "group 3, water heater"),
    ]
    trace.bands = [
        .init(group: "Frequency", unit: .Hz, lower: 49.5, upper: 50.5, label: "49.5 … 50.5 Hz"),
        .init(group: "Bus voltage", unit: .V, lower: 207, upper: 253, label: "±10 %"),
    ]
    trace.figures = [
        .init(
            group: "Islanding", name: "Contactor open after", value: 118, unit: .ms,
            note: "limit 160 ms", isKey: true),
        .init(
            group: "Islanding", name: "Lowest frequency", value: 49.641, unit: .Hz,
            note: "limit 49.5 Hz", isKey: true),
        .init(
            group: "Islanding", name: "Bus below 0.85 pu", value: 141.6, unit: .ms,
            note: "wanted below 100 ms", tone: .attention, isKey: true),
        .init(
            group: "Sharing", name: "Worst sharing error", value: 3.27, unit: .percent,
            note: "limit 5 % of rating, after 1 s", isKey: true),
        .init(group: "Sharing", name: "Energy shed", value: 21.4, unit: .Wh, isKey: true),
        .init(
            group: "Return", name: "Angle at closing", value: 1.8, unit: .degree,
            note: "limit 10° (IEEE 1547-2018, table 5)", isKey: true),
        .init(group: "Return", name: "Slip at closing", value: 0.03, unit: .Hz),
        .init(
            group: "Return", name: "Inrush", value: Double?.none, unit: .A,
            note: "no fast meter on this board"),
        .init(group: "Loop", name: "Ticks", value: 60_001),
        .init(group: "Loop", name: "Verdict", value: "sound"),
    ]
    return trace
}
