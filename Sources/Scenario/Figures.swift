import Report

/// The table of figures of a village run.
struct Figures {
    private let tally: Tally
    private let village: Village
    init(_ tally: Tally, _ village: Village) {
        self.tally = tally
        self.village = village
    }

    var all: [Trace.Figure] { energy + service + transitions + wear }

    private func kWh(_ joules: Double) -> Double { joules / 3.6e6 }

    private var energy: [Trace.Figure] {
        var f: [Trace.Figure] = [
            .init(group: "Energy", name: "From the grid", value: kWh(tally.gridIn_J), unit: .kWh),
            .init(group: "Energy", name: "To the grid", value: kWh(tally.gridOut_J), unit: .kWh),
        ]
        for (h, home) in village.profile.homes.enumerated() {
            let t = tally.homes[h]
            if home.hasBattery {
                f.append(
                    .init(
                        group: "Energy", name: "\(home.name): battery out",
                        value: kWh(t.batteryOut_J), unit: .kWh))
                f.append(
                    .init(
                        group: "Energy", name: "\(home.name): battery in",
                        value: kWh(t.batteryIn_J), unit: .kWh))
            }
            if home.pv_W > 0 {
                let curtailed = max(0, t.pvAvailable_J - t.pv_J)
                f.append(
                    .init(
                        group: "Energy", name: "\(home.name): PV", value: kWh(t.pv_J), unit: .kWh,
                        note: "\(text(kWh(curtailed), 3)) kWh more was there and not taken"))
            }
            if home.wind_W > 0 {
                f.append(
                    .init(
                        group: "Energy", name: "\(home.name): wind", value: kWh(t.wind_J),
                        unit: .kWh))
            }
            if home.ev_W > 0 {
                f.append(
                    .init(
                        group: "Energy", name: "\(home.name): charging", value: kWh(t.charging_J),
                        unit: .kWh))
            }
            f.append(
                .init(
                    group: "Energy", name: "\(home.name): loads", value: kWh(t.served_J), unit: .kWh
                ))
        }
        return f
    }

    private var service: [Trace.Figure] {
        let wanted = tally.homes.reduce(0) { $0 + $1.served_J + $1.unserved_J }
        let unserved = tally.homes.reduce(0) { $0 + $1.unserved_J }
        let critical = tally.homes.map { $0.critical_s / max(tally.length_s, 1e-9) }.min() ?? 0
        return [
            .init(
                group: "Service", name: "Unserved energy", value: kWh(unserved), unit: .kWh,
                note: "\(text(100 * unserved / max(wanted, 1), 2)) % of what loads asked for",
                tone: unserved > 0.1 * wanted ? .attention : .normal, isKey: true),
            .init(
                group: "Service", name: "Critical loads supplied", value: 100 * critical,
                unit: .percent, note: "time at the worst home", isKey: true),
            .init(
                group: "Service", name: "Voltage and frequency in band",
                value: 100 * tally.inBand_s / max(tally.length_s, 1e-9), unit: .percent,
                note: "village bus within ±10 % and ±1 %, dead time included", isKey: true),
            .init(
                group: "Service", name: "Bus alive",
                value: 100 * tally.live_s / max(tally.length_s, 1e-9), unit: .percent),
            .init(group: "Service", name: "Islanded", value: tally.islanded_s, unit: .s),
            .init(
                group: "Service", name: "Sharing error, worst",
                value: tally.worstSharing_percent > 0 ? tally.worstSharing_percent : nil,
                unit: .percent,
                note: "of rating, one-second means, island quiet for 5 s; bar 1 %",
                tone: tally.worstSharing_percent > 1 ? .attention : .normal, isKey: true),
            .init(
                group: "Service", name: "Sharing error, mean", value: tally.meanSharing_percent,
                unit: .percent),
        ]
    }

    private var transitions: [Trace.Figure] {
        var f: [Trace.Figure] = []
        for (k, i) in tally.islandings.enumerated() where i.opened_s > 0 {
            let group = "Island \(k): \(i.reason.isEmpty ? "open" : i.reason)"
            f.append(.init(group: group, name: "Switch open at", value: i.opened_s, unit: .s))
            if let lost = i.lost_s {
                f.append(
                    .init(
                        group: group, name: "From loss to open", value: i.opened_s - lost, unit: .s,
                        note: "IEEE 1547-2018 §8.1: at most 2 s",
                        tone: i.opened_s - lost > 2 ? .alarm : .normal, isKey: true))
            }
            f.append(.init(group: group, name: "Lowest frequency", value: i.lowest_Hz, unit: .Hz))
            f.append(.init(group: group, name: "Highest frequency", value: i.highest_Hz, unit: .Hz))
            f.append(.init(group: group, name: "Lowest bus voltage", value: i.lowest_pu, unit: .pu))
            f.append(
                .init(group: group, name: "Below 0.9 pu after opening", value: i.dip_s, unit: .s))
            if let closed = i.closed_s {
                f.append(
                    .init(
                        group: group, name: "Islanded for", value: closed - i.opened_s, unit: .s))
                f.append(contentsOf: closing(i, group))
            }
        }
        if let first = tally.islandings.first, first.opened_s == 0, first.closed_s != nil {
            f.insert(contentsOf: closing(first, "First closing"), at: 0)
        }
        return f
    }
    private func closing(_ i: Tally.Islanding, _ group: String) -> [Trace.Figure] {
        if i.wasDead {
            return [
                .init(group: group, name: "Energised a dead bus at", value: i.closed_s, unit: .s)
            ]
        }
        return [
            .init(
                group: group, name: "Angle at the touch", value: i.angle_deg, unit: .degree,
                note: "IEEE 1547-2018 Table 5: at most 20°",
                tone: abs(i.angle_deg) > 20 ? .alarm : .normal),
            .init(group: group, name: "Slip at the touch", value: i.slip_Hz, unit: .Hz),
            .init(
                group: group, name: "Voltage difference at the touch", value: i.difference_percent,
                unit: .percent),
            .init(
                group: group, name: "Largest current in the second after", value: i.inrush,
                unit: .pu, note: "of the switch's rating"),
        ]
    }

    private var wear: [Trace.Figure] {
        village.profile.homes.enumerated().filter { $0.element.hasBattery }.map { h, home in
            .init(
                group: "Wear", name: "\(home.name): battery cycles",
                value: tally.cycles(village, home: h), note: "equivalent full cycles")
        }
    }

    private func text(_ value: Double, _ places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        return "\((value * scale).rounded() / scale)"
    }
}
