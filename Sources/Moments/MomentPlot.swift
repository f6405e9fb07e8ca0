import BlackBox
import BoardProfile
import Control
import Replay
import Report
import Tones
import Wire
import Words

/// The turns around a moment, lived again, as series, states and events.
public struct MomentPlot {
    private let clock: RunClock
    private let stages: [String]
    private let calibration: ControllerSettings?
    private var trace = Trace(title: "")
    private var columns: [Column] = []
    private var waves: [(channel: WaveChannel, values: [Float])] = []
    private let wantsWaves: Bool
    private var watch: HappenedWatch
    private var isFirst = true
    public var rows: Int { trace.time_s.count }

    private struct Column {
        var series: Trace.Series
        var value: (Record) -> Float
        var values: [Float] = []
        /// Something was there but zero or nothing.
        var isUsed = false
    }

    /// - Parameter wantsWaves: every sample is a row, where the board samples waveforms; else every turn.
    public init(_ clock: RunClock, _ made: RecordedSettings?, wantsWaves: Bool = true) {
        self.wantsWaves = wantsWaves
        self.clock = clock
        stages = made?.stages.map(\.name) ?? []
        calibration = made?.settings
        watch = HappenedWatch(stages: stages)
        waves = wantsWaves ? WaveChannel.allCases.map { ($0, []) } : []
        describe()
    }

    private mutating func describe() {
        func add(
            _ group: String, _ name: String, _ unit: Trace.Unit, _ label: String,
            _ value: @escaping (Record) -> Float
        ) {
            columns.append(
                Column(
                    series: .init(name: name, unit: unit, group: group, label: label),
                    value: value))
        }
        add("Voltage", "bus.a", .V, "bus a") { $0.measured.bus.phaseA.value }
        add("Voltage", "bus.b", .V, "bus b") { $0.measured.bus.phaseB.value }
        add("Voltage", "bus.c", .V, "bus c") { $0.measured.bus.phaseC.value }
        add("Voltage", "grid", .V, "grid") { $0.measured.grid.positive.value }
        add("Voltage", "dc.bus", .V, "DC bus") { $0.measured.dcBusVoltage.value }
        add("Voltage", "command.voltage", .V, "command") { r in
            r.command.inverter.mode == .form
                ? r.command.inverter.voltage.value
                : r.command.converter.isOn ? r.command.converter.voltage.value : .nan
        }
        add("Frequency", "bus.frequency", .Hz, "bus") { Self.hertz($0.measured.bus) }
        add("Frequency", "grid.frequency", .Hz, "grid") { Self.hertz($0.measured.grid) }
        add("Frequency", "command.frequency", .Hz, "command") { r in
            r.command.inverter.mode == .form ? r.command.inverter.frequency.value : .nan
        }
        add("Current", "bus.current_a", .A, "a") { $0.measured.bus.currentA.value }
        add("Current", "bus.current_b", .A, "b") { $0.measured.bus.currentB.value }
        add("Current", "bus.current_c", .A, "c") { $0.measured.bus.currentC.value }
        add("Current", "converter", .A, "converter") { $0.measured.converterCurrent.value }
        add("Power", "active", .W, "active") { $0.measured.bus.active.value }
        add("Power", "reactive", .var, "reactive") { $0.measured.bus.reactive.value }
        add("Power", "loads", .W, "loads") { $0.measured.loadPower.value }
        add("Power", "pv", .W, "PV") { $0.measured.pvPower.value }
        add("Power", "command.active", .W, "command, active") { r in
            r.command.inverter.mode == .off ? .nan : r.command.inverter.active.value
        }
        add("Battery", "battery.voltage", .V, "battery") { $0.measured.batteryVoltage.value }
        add("Battery", "link.voltage", .V, "link") { $0.measured.linkVoltage.value }
        add("Battery current", "battery.current", .A, "battery") {
            $0.measured.batteryCurrent.value
        }
        add("Across", "across.angle", .degree, "angle") { r in
            let isKnown = r.measured.grid.frequency.value > 0 && r.measured.bus.frequency.value > 0
            return r.islanding == nil || !isKnown ? .nan : r.measured.angleAcross_deg
        }
        add("Across", "across.voltage", .V, "voltage") { r in
            r.islanding == nil ? .nan : r.measured.voltageAcross.value
        }
        trace.states = ["islanding", "source", "contactor", "inverter", "protection"].map {
            Trace.StateTrack(name: $0, label: $0)
        }
    }
    private static func hertz(_ side: ACMeasured) -> Float {
        side.frequency.value > 0 ? side.frequency.value : .nan
    }

    /// Lives the turns of the range.
    ///
    /// - Parameter mostRows: it ends with the turn that goes beyond them.
    /// - Returns: turns that are there and could not be lived.
    public mutating func live(_ run: Run, _ ticks: ClosedRange<Tick>, mostRows: Int = .max) -> Int {
        var life = Life(
            run, ours: .ofThisProgram(), from: ticks.lowerBound,
            fresh: calibration)
        var missed = 0
        while let step = life.next() {
            switch step {
            case .lived(let turn):
                let tick = turn.turn.sample.tick
                if tick > ticks.upperBound { return missed }
                if tick < ticks.lowerBound { continue }
                add(turn.turn.sample, life.record)
                if rows > mostRows { return missed }
            case .unlived(let turn, _):
                if turn.turn.sample.tick > ticks.upperBound { return missed }
                if turn.turn.sample.tick >= ticks.lowerBound { missed += 1 }
            case .gap, .skipped, .state: continue
            }
        }
        return missed
    }

    private mutating func add(_ sample: Sample, _ record: Record) {
        let time_s = clock.seconds(record.tick)
        let count = wantsWaves ? max(1, min(sample.blockLength, blockLimit)) : 1
        for k in 0..<count {
            let back = Double(count - 1 - k) / Double(count) / clock.rate_Hz
            // A tick that ran back has no place on the axis.
            let instant = max(time_s - back, (trace.time_s.last ?? -.infinity))
            trace.time_s.append(instant)
            for c in columns.indices {
                let value = columns[c].value(record)
                columns[c].values.append(value)
                if value.isFinite && value != 0 { columns[c].isUsed = true }
            }
            for c in waves.indices {
                waves[c].values.append(wave(waves[c].channel, sample, k))
            }
        }
        states(record, time_s)
        let happened = watch.see(record)
        if !isFirst {
            for what in happened {
                trace.events.append(
                    .init(
                        time_s: time_s, source: "controller", kind: what.traceKind,
                        text: what.text))
            }
        }
        isFirst = false
    }
    private func wave(_ channel: WaveChannel, _ sample: Sample, _ k: Int) -> Float {
        let wave = sample.waves[Int(channel.rawValue)]
        guard sample.blockLength > 0, wave.age == 0, let calibration else { return .nan }
        let settings = calibration.waves[Int(channel.rawValue)]
        guard settings.isFitted else { return .nan }
        return (Float(wave.counts[k]) - settings.offset) * settings.gain
    }

    private mutating func states(_ r: Record, _ t: Double) {
        func change(_ track: Int, _ state: String?, _ tone: Tone) {
            guard let state, trace.states[track].changes.last?.state != state else { return }
            trace.states[track].changes.append(.init(time_s: t, state: state, tone: tone))
        }
        change(0, r.islanding?.words, r.islanding?.tone ?? .normal)
        change(
            1, r.der?.words(stages) ?? r.source?.words(stages),
            r.der?.tone ?? r.source?.tone ?? .normal)
        change(2, r.contactor?.words, r.contactor?.tone ?? .normal)
        if r.source != nil || r.der != nil { change(3, "\(r.command.inverter.mode)", .normal) }
        let stages = stages
        let named = { (bits: UInt32) in
            (0..<stageLimit).filter { bits >> UInt32($0) & 1 != 0 }
                .map { Cause.stage(UInt8($0)).words(stages) }.joined(separator: ", ")
        }
        let v = r.verdict
        let (words, tone): (String, Tone) =
            v.tripped != 0
            ? ("tripped: \(named(v.tripped))", .alarm)
            : v.blinded != 0
                ? ("blind: \(named(v.blinded))", .alarm)
                : v.pickedUp != 0
                    ? ("picked up: \(named(v.pickedUp))", .attention)
                    : ("sound", .normal)
        change(4, words, tone)
    }

    public func trace(
        title: String, subtitle: String = "", seed: UInt64 = 0, command: String = ""
    ) -> Trace {
        var done = trace
        (done.title, done.subtitle, done.seed, done.command) = (title, subtitle, seed, command)
        let trios: [(String, Trace.Unit, Set<WaveChannel>)] = [
            ("Bus wave", .V, [.busA, .busB, .busC]),
            ("Grid wave", .V, [.gridA, .gridB, .gridC]),
            ("Current wave", .A, [.currentA, .currentB, .currentC]),
        ]
        for (group, unit, channels) in trios {
            for wave in waves
            where channels.contains(wave.channel) && wave.values.contains(where: \.isFinite) {
                done.series.append(
                    .init(
                        name: "wave.\(wave.channel.key)", unit: unit, group: group,
                        label: wave.channel.key, values: wave.values))
            }
        }
        for column in columns where column.isUsed {
            var series = column.series
            series.values = column.values
            done.series.append(series)
        }
        done.states = done.states.filter { !$0.changes.isEmpty }
        return done
    }
}

extension Happened {
    fileprivate var traceKind: Trace.Event.Kind {
        switch kind {
        case .trip: .trip
        case .transition: .transition
        case .contactor: .contactor
        case .blind, .fault: .fault
        case .loads: .shed
        case .wish: .info
        }
    }
}
