import Report

/// The table of figures of a DC run.
struct NanogridFigures {
    private let tally: NanogridTally
    private let site: DCSite
    init(_ tally: NanogridTally, _ site: DCSite) {
        self.tally = tally
        self.site = site
    }

    var all: [Trace.Figure] { energy + service + sharing + wear }

    private func kWh(_ joules: Double) -> Double { joules / 3.6e6 }
    private func ofTime(_ seconds: Double) -> Double { 100 * seconds / max(tally.length_s, 1e-9) }

    private var energy: [Trace.Figure] {
        var f: [Trace.Figure] = []
        func put(_ name: String, _ joules: Double, note: String = "") {
            f.append(
                .init(group: "Energy", name: name, value: kWh(joules), unit: .kWh, note: note))
        }
        let left = kWh(max(0, tally.pvAvailable_J - tally.pv_J))
        put(
            "PV", tally.pv_J,
            note: "\((left * 1000).rounded() / 1000) kWh more was there and not taken")
        for (k, b) in site.batteries.enumerated() {
            put("\(b.name): out", tally.batteries[k].out_J)
            put("\(b.name): in", tally.batteries[k].in_J)
        }
        put("Loads", tally.served_J)
        return f
    }

    private var service: [Trace.Figure] {
        let wanted = tally.served_J + tally.unserved_J
        return [
            .init(
                group: "Service", name: "Unserved energy", value: kWh(tally.unserved_J), unit: .kWh,
                note: "of \((kWh(wanted) * 1000).rounded() / 1000) kWh that loads asked for",
                tone: tally.unserved_J > 0.1 * wanted ? .attention : .normal, isKey: true),
            .init(
                group: "Service", name: "Bus alive", value: ofTime(tally.alive_s), unit: .percent,
                note: "above 0.8 of nominal", isKey: true),
            .init(
                group: "Service", name: "Bus voltage in band", value: ofTime(tally.inBand_s),
                unit: .percent, note: "within ±5 %, dead time included", isKey: true),
            .init(
                group: "Service", name: "Highest bus voltage", value: tally.highest_V, unit: .V,
                note: "extra-low voltage ends at 60 V",
                tone: tally.highest_V > 60 ? .alarm : .normal),
            .init(
                group: "Service", name: "Lowest bus voltage while alive", value: tally.lowest_V,
                unit: .V),
            .init(group: "Service", name: "Loads shed", value: Double(tally.sheds)),
            .init(group: "Service", name: "Loads restored", value: Double(tally.restores)),
            .init(
                group: "Service", name: "PV steps down", value: Double(tally.pvStepsDown),
                note: "of 10 % each"),
            .init(
                group: "Service", name: "PV shut down", value: Double(tally.pvShutDowns),
                tone: tally.pvShutDowns > 0 ? .attention : .normal),
        ]
    }

    private var sharing: [Trace.Figure] {
        guard site.batteries.count > 1 else { return [] }
        return [
            .init(
                group: "Sharing", name: "Sharing error, worst",
                value: tally.worstSharing_percent > 0 ? tally.worstSharing_percent : nil,
                unit: .percent,
                note:
                    "of rating, one-second means, quiet for 10 s; charge weighting and cables in it",
                isKey: true),
            .init(
                group: "Sharing", name: "Sharing error, mean", value: tally.meanSharing_percent,
                unit: .percent),
        ]
    }

    private var wear: [Trace.Figure] {
        site.batteries.enumerated().flatMap { k, b -> [Trace.Figure] in
            let t = tally.batteries[k]
            return [
                .init(
                    group: "Wear", name: "\(b.name): battery cycles",
                    value: tally.cycles(site, k), note: "equivalent full cycles"),
                .init(
                    group: "Wear", name: "\(b.name): longest pre-charge",
                    value: t.preCharges_s.max(), unit: .s,
                    note: "to the touch of the main contact; \(t.preCharges_s.count) in all"),
                .init(
                    group: "Wear", name: "\(b.name): largest difference at a touch",
                    value: t.worstTouch_V, unit: .V, note: "true; bar 1.5 V",
                    tone: t.worstTouch_V > 1.5 ? .alarm : .normal),
                .init(
                    group: "Wear", name: "\(b.name): contactor openings, cold",
                    value: Double(t.openingsCold)),
                .init(
                    group: "Wear", name: "\(b.name): contactor openings, hot",
                    value: Double(t.openingsHot), note: "above 1 A",
                    tone: t.openingsHot > 0 ? .attention : .normal),
            ]
        }
    }
}
