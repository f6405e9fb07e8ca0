import Control
import Quantities

extension SiteProfile {
    /// What a real board controls: a battery of a DC site, a home, or the coupling.
    enum Controlled: Equatable {
        case coupling
        case home(Int)
        case battery(Int)
    }
    var controlled: Controlled? {
        guard let hardware else { return nil }
        if hardware.controls.isEmpty {
            if coupling != nil { return .coupling }
            return nanogrid?.batteries.count == 1 ? .battery(0) : nil
        }
        if let k = nanogrid?.batteries.firstIndex(where: { $0.name == hardware.controls }) {
            return .battery(k)
        }
        return homes.firstIndex { $0.name == hardware.controls }.map { .home($0) }
    }

    /// The battery of a DC site behind what is controlled; nil elsewhere.
    public var controlledBattery: (capacity_kWh: Double, nominal_V: Double, charge: Double)? {
        switch controlled {
        case .battery(let k)?:
            let b = nanogrid!.batteries[k]
            return (b.battery_kWh, nanogrid!.voltage_V, b.charge)
        case .home?, .coupling?, nil: return nil
        }
    }

    /// The settings of the controller on a real board: those of what it controls, with the channels
    /// that are wired and no others. Nil where the board is simulated.
    public func hardwareSettings() -> ControllerSettings? {
        guard let hardware, let controlled else { return nil }
        let chip = Sensing(rate_Hz: rate_Hz, samplesPerTick: capturedPerTick)
        var s: ControllerSettings
        switch controlled {
        case .coupling:
            guard let settings = couplingSettings(chip) else { return nil }
            s = settings
        case .home(let h): s = settings(homes[h], chip)
        case .battery(let k): s = nanogridSettings(k, chip)
        }
        for c in ScalarChannel.allCases {
            s.scalars[Int(c.rawValue)] = ChannelSettings(isFitted: false)
        }
        fitWaves(&s)
        for wired in hardware.channels {
            guard let c = ScalarChannel.allCases.first(where: { $0.key == wired.channel }) else {
                continue
            }
            s.scalars[Int(c.rawValue)] = fitted(wired, s.rate)
        }
        let current = hardware.channels.first { $0.channel == ScalarChannel.batteryCurrent.key }
        if let current, controlledBattery != nil,
            !hardware.channels.contains(where: { $0.channel == "state_of_charge" })
        {
            // Counted from the current, and as old as it.
            var counted = fitted(current, s.rate)
            (counted.gain, counted.offset, counted.stuckAfter) = (1, 0, 0)
            s.scalars[Int(ScalarChannel.stateOfCharge.rawValue)] = counted
        }
        return s
    }

    private func fitted(_ wired: ChannelProfile, _ rate: TickRate) -> ChannelSettings {
        func ticks(_ seconds: Double) -> UInt16 {
            UInt16(min(60_000, rate.ticks(Seconds(Float(seconds)))))
        }
        return ChannelSettings(
            isFitted: true, gain: Float(wired.gain), offset: Float(wired.offset),
            staleAfter: max(2, ticks(wired.staleAfter_s ?? 5 * wired.every_s)),
            stuckAfter: wired.stuckAfter_s > 0 ? max(2, ticks(wired.stuckAfter_s)) : 0)
    }

    /// Samples of each waveform in a tick; 0 without waveforms.
    public var capturedPerTick: Int {
        guard let converter = hardware?.capturing else { return 0 }
        return Int((converter.rate_Hz / rate_Hz).rounded())
    }

    /// The waves that are wired and no others, by the converter's own clock.
    private func fitWaves(_ s: inout ControllerSettings) {
        for c in WaveChannel.allCases { s.waves[Int(c.rawValue)] = ChannelSettings() }
        guard let converter = hardware?.capturing, capturedPerTick > 0, s.frontEnd != .none else {
            return
        }
        s.frontEnd = .waveform(samplesPerTick: capturedPerTick, clock: .converter)
        // 10 ms for a thread that comes late.
        let stale = Seconds(
            Float(converter.staleAfter_s ?? 3 * Double(converter.block) / converter.rate_Hz + 0.01))
        for wave in hardware!.waves {
            guard let c = WaveChannel.allCases.first(where: { $0.key == wave.channel }) else {
                continue
            }
            let limits = wave.limits(bits: converter.bits)
            s.waves[Int(c.rawValue)] = ChannelSettings(
                isFitted: true, gain: Float(wave.gainOfCount), offset: Float(wave.countAtNil),
                lowest: Float(limits.lowest), highest: Float(limits.highest),
                staleAfter: UInt16(max(2, s.rate.ticks(stale))),
                stuckAfter: converter.stuckAfter_s > 0
                    ? UInt16(max(3, s.rate.ticks(Seconds(Float(converter.stuckAfter_s))))) : 0)
        }
    }

    private func checkCapture(_ controlled: Controlled, _ check: inout Check<SiteProfile>) {
        guard let hardware, let converter = hardware.capturing else { return }
        if case .battery = controlled {
            check.refuse(
                key: "hardware.waves", "do not belong to a DC site", "remove them")
            return
        }
        let perTick = converter.rate_Hz / rate_Hz
        // A tick takes twenty at most: half of them are for catching up.
        if perTick != perTick.rounded() || perTick < 1 || perTick > Double(blockLimit / 2) {
            check.refuse(
                key: "hardware.iio",
                "makes \(plain(perTick)) samples of \(converter.name) a tick",
                "choose rate_Hz and controller.rate_Hz for a whole number of 1 to "
                    + "\(blockLimit / 2)")
        }
        let wired = Set(hardware.waves.map(\.channel))
        let sides: [WaveChannel] =
            controlled == .coupling
            ? WaveChannel.allCases : Array(WaveChannel.allCases.dropFirst(3))
        for c in sides where !wired.contains(c.key) && (phases == 3 || c.rawValue % 3 == 0) {
            check.refuse(
                key: "hardware.waves", "has no \(c.key), which the controller needs",
                "add the converter's channel that samples it")
        }
    }

    func checkHardware(_ check: inout Check<SiteProfile>) {
        guard let hardware else { return }
        guard let controlled else {
            check.refuse(
                key: "hardware.controls",
                hardware.controls.isEmpty
                    ? "is left out, and there is no coupling to control"
                    : "is neither a home nor a battery of this site",
                "write the name of what this board controls")
            return
        }
        checkCapture(controlled, &check)
        let wired = Set(hardware.channels.map(\.channel))
        let hasWaves = hardware.capturing != nil
        let needed: [ScalarChannel] =
            switch controlled {
            case .battery:
                [.batteryVoltage, .batteryCurrent, .linkVoltage, .dcBusVoltage, .converterCurrent]
            case .home:
                [.batteryVoltage, .batteryCurrent, .linkVoltage]
                    + (hasWaves ? [] : [.busRMS, .busFrequency])
            case .coupling:
                hasWaves
                    ? [] : [.gridRMS, .gridFrequency, .busRMS, .busFrequency, .angleAcross]
            }
        for channel in needed where !wired.contains(channel.key) {
            check.refuse(
                key: "hardware.channels", "has no \(channel.key), which the controller needs",
                "add the pin that measures it")
        }
        let contacts = Set(hardware.lines.compactMap(\.contact))
        let outputs = Set(hardware.lines.compactMap(\.output))
        let switches: [(Output, Contact)] =
            controlled == .coupling
            ? [(.islandingSwitch, .islandingSwitch)]
            : [(.preCharge, .preCharge), (.mainContactor, .mainContactor)]
        for (output, contact) in switches {
            if !outputs.contains(output.key) {
                check.refuse(
                    key: "hardware.lines", "has no output \(output.key)", "add the line it is on")
            }
            if !contacts.contains(contact.key) {
                check.refuse(
                    key: "hardware.lines", "has no contact \(contact.key)",
                    "wire its auxiliary contact: without feedback nothing is proved open")
            }
        }
    }
}

extension SiteProfile {
    /// The stages of what a real board controls, in the order of its settings.
    public var hardwareStages: [StageProfile] {
        switch controlled {
        case .coupling?: gridCode.stages
        case .home(let h)?: homes[h].protection
        case .battery(let k)?: nanogrid!.stages(of: nanogrid!.batteries[k])
        case nil: []
        }
    }
}
