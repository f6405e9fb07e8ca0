import Control
import Feed
import Quantities
import Words

/// What was heard of one controller so far, as far as its metrics need it.
struct ControllerLife: Sendable {
    private var instruments: Instruments
    private var lastTick: UInt64?
    private var totals: [String: RunningTotal] = [:]
    private var everBlind = ChannelSet()
    /// The machines it has.
    private var machines: Set<String> = []
    private var told = Told([])
    private var lastPairs: [(key: String, value: String)] = []

    init(_ instruments: Instruments) { self.instruments = instruments }

    func drop() {
        var instruments = instruments
        instruments.drop()
    }

    mutating func update(_ seen: Seen) {
        instruments.set(SiteMetrics.up.name, to: seen.connection == .connected ? 1 : 0)
        instruments.set(SiteMetrics.age.name, to: seen.age_s)
        instruments.set(SiteMetrics.rate.name, to: seen.rate_Hz > 0 ? number(seen.rate_Hz) : .nan)
        count(SiteMetrics.connections, UInt64(clamping: seen.connections), isNew: false)
        count(SiteMetrics.lost, seen.lost, isNew: false)
        if let record = seen.record { count(record) }
        gauge(seen.live, stages: seen.stages)
        hear(seen)
    }

    private mutating func count(_ family: Family, _ value: UInt64, isNew: Bool) {
        instruments.count(
            family.name,
            by: totals[family.name, default: RunningTotal()].see(value, isNew: isNew))
    }

    /// The controller's own counters. Only a life that began at 0 has fewer ticks than the one before; one
    /// that went on from the state that was left has more.
    private mutating func count(_ record: Record) {
        let isNew = lastTick.map { record.tick.count < $0 } ?? false
        lastTick = record.tick.count
        count(SiteMetrics.ticks, record.tick.count, isNew: isNew)
        count(SiteMetrics.missed, record.missedTicks, isNew: isNew)
        count(SiteMetrics.refusedSetpoints, UInt64(record.refusedSetpoints), isNew: isNew)
        for (family, energy) in [
            (SiteMetrics.energyIn, record.energyIn), (SiteMetrics.energyOut, record.energyOut),
        ] {
            totals[family.name, default: RunningTotal()].see(
                UInt64(clamping: energy.millijoules), isNew: isNew)
            instruments.lead(family.name, toThousandths: totals[family.name]?.total ?? 0)
        }
    }

    /// What is so now; nil where nobody knows.
    private mutating func gauge(_ record: Record?, stages: [String]) {
        for figure in Figure.all {
            instruments.set(
                figure.family.name, to: record.map { number(figure.read($0)) } ?? .nan)
        }
        for machine in Machine.all {
            let code = record.map(machine.code) ?? 0
            if code != 0 { machines.insert(machine.name) }
            guard machines.contains(machine.name) else { continue }
            for (k, state) in machine.states.enumerated() {
                instruments.set(
                    SiteMetrics.state.name, [("machine", machine.name), ("state", state)],
                    to: code == k + 1 ? 1 : 0)
            }
        }
        for side in Machine.sides {
            for presence in Machine.presences {
                instruments.set(
                    SiteMetrics.presence.name, [("side", side.name), ("presence", presence.name)],
                    to: record.map(side.read) == presence.presence ? 1 : 0)
            }
        }
        for group in 0..<4 {
            instruments.set(
                SiteMetrics.load.name, [("group", "\(group)")],
                to: record.map { $0.loads >> UInt8(group) & 1 == 1 ? 1 : 0 } ?? .nan)
        }
        everBlind |= record?.blind ?? ChannelSet()
        let blind = Set(record?.blind.words ?? [])
        for channel in everBlind.words {
            instruments.set(
                SiteMetrics.blind.name, [("channel", channel)],
                to: record == nil ? .nan : blind.contains(channel) ? 1 : 0)
        }
        trips(record, stages)
    }

    /// Stages by name; of several with one name, whether any has tripped.
    private mutating func trips(_ record: Record?, _ stages: [String]) {
        guard !stages.isEmpty else { return }
        instruments.drop(SiteMetrics.tripped.name, but: Set(stages))
        var tripped: [String: Bool] = [:]
        for (k, stage) in stages.prefix(stageLimit).enumerated() {
            let isTripped = (record?.verdict.tripped ?? 0) >> UInt32(k) & 1 == 1
            tripped[stage] = tripped[stage] == true || isTripped
        }
        for (stage, isTripped) in tripped {
            instruments.set(
                SiteMetrics.tripped.name, [("stage", stage)],
                to: record == nil ? .nan : isTripped ? 1 : 0)
        }
    }

    /// What its program says of itself, once each time that it says something else.
    private mutating func hear(_ seen: Seen) {
        var refused: UInt64 = 0
        if !seen.status.elementsEqual(lastPairs, by: ==) {
            lastPairs = seen.status
            told = Told(seen.status)
            refused = told.refused
            for count in Told.counts {
                guard let value = told.numbers[count.key] else { continue }
                instruments.count(
                    count.family.name, count.labels,
                    by: totals[count.key, default: RunningTotal()].see(value))
            }
        }
        instruments.count(SiteMetrics.refusedStatus.name, by: refused)
        for quantile in Told.quantiles {
            let value = seen.live == nil ? nil : told.numbers[quantile.key]
            instruments.set(
                quantile.family, [("quantile", quantile.quantile)],
                to: value.map { Double($0) / 1e6 } ?? .nan)
        }
    }

    /// The double that reads like the float: 50.01, not 50.0099983.
    private func number(_ x: Float) -> Double { Double(x.description) ?? Double(x) }
}
