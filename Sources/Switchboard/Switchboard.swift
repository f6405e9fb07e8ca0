import BoardProfile
import Control
import LinuxBoard

/// A board file's hardware, resolved: which thread polls what into which slot.
public struct Switchboard: Sendable {
    /// What is wrong with the file, by key, that only the chips themselves can know.
    public struct Refusal: Error, Equatable, Sendable {
        /// Below the file: `hardware.chips[0].shunt_ohm`.
        public var key: String
        public var message: String
        public var remedy: String
    }
    public private(set) var wiring = Wiring()
    public private(set) var buses: [(profile: BusProfile, plan: BusThread.Plan)] = []
    public private(set) var lines:
        [(profile: GPIOProfile, plan: LineThread.Plan, lines: [LineProfile])] = []
    public private(set) var converters: [PolledConverter] = []
    public private(set) var waves: CapturedWaves?
    public private(set) var refusals: [Refusal] = []
    /// What one count of a channel's pin means, in the pin's unit; 0 where the chip does not say.
    public private(set) var steps: [ScalarChannel: Float] = [:]
    /// The least that a channel's pin can show, in its unit, where its chip has an end there.
    public private(set) var leasts: [ScalarChannel: Float] = [:]
    let hardware: HardwareProfile
    private let thermistors: [ScalarChannel: Thermistor]
    private var made: [(bus: Int, part: Int, kind: ChipKind)?] = []

    /// - Parameters:
    ///   - site: read and checked, with `hardware`.
    ///   - settings: of its controller, calibrated; nil: as the file says.
    ///   - thermistors: calibrated constants of those channels, instead of the file's.
    public init(
        _ site: SiteProfile, settings: ControllerSettings? = nil,
        thermistors: [ScalarChannel: Thermistor] = [:]
    ) {
        hardware = site.hardware ?? HardwareProfile()
        self.thermistors = thermistors
        wiring.contactAge_s = hardware.contactAge_s
        makeChips()
        wireWaves(site)
        wireChannels()
        wireReferences()
        wireExpanders()
        wireGPIO()
        for n in buses.indices where buses[n].plan.parts.isEmpty {
            refuse("hardware.buses[\(n)]", "has no chip on it", "remove it, or add its chips")
        }
        wiring.coulombs = counter(site, settings ?? site.hardwareSettings())
    }

    /// The board, its threads started. Only where `refusals` is empty.
    ///
    /// - Parameter initial: what outputs are driven to at once; at rest, unless a controller goes on
    ///   from where another left off.
    public func board(
        rate_Hz: Double, doors: Doors, log: BoardLog, initial: Command = Command()
    ) -> WiredBoard {
        let readings = ReadingTable(count: wiring.readingSlots)
        let wishes = WishTable(count: wiring.wishSlots)
        let pulse = Pulse(silence_s: hardware.silence_s)
        let capture = waves.map { waves in
            let ring = WaveRing(columns: waves.plan.columns.count)
            return (
                thread: CaptureThread(
                    waves.plan, door: doors.capture(waves.source), ring: ring, log: log),
                ring: ring
            )
        }
        let polled = converters.map {
            BusThread(
                $0.plan, door: .none, readings: readings, wishes: wishes, pulse: pulse, log: log)
        }
        return WiredBoard(
            wiring, period_s: 1 / rate_Hz, readings: readings, wishes: wishes, pulse: pulse,
            buses: buses.map {
                BusThread(
                    $0.plan, door: doors.bus($0.profile), readings: readings, wishes: wishes,
                    pulse: pulse, log: log)
            } + polled,
            lines: lines.map {
                LineThread(
                    $0.plan, door: doors.lines($0.profile, $0.lines), readings: readings,
                    wishes: wishes, pulse: pulse, log: log)
            }, capture: capture, initial: initial)
    }

    private mutating func refuse(_ key: String, _ message: String, _ remedy: String) {
        refusals.append(Refusal(key: key, message: message, remedy: remedy))
    }
    private mutating func newReading() -> Int {
        wiring.readingSlots += 1
        return wiring.readingSlots - 1
    }
    private mutating func newWish() -> Int {
        wiring.wishSlots += 1
        return wiring.wishSlots - 1
    }

    private mutating func makeChips() {
        buses = hardware.buses.map {
            ($0, BusThread.Plan(name: $0.name, parts: [], readings: [], references: []))
        }
        for (n, chip) in hardware.chips.enumerated() {
            made.append(nil)
            guard let b = hardware.buses.firstIndex(where: { $0.name == chip.bus }) else {
                continue
            }
            do throws(ChipRefusal) {
                let kind = try Catalogue.chip(chip.chip)
                let part = try kind.make(at: UInt8(chip.address), chip.options)
                let twin = hardware.chips[..<n].contains {
                    $0.bus == chip.bus && $0.address == chip.address
                }
                if twin {
                    refuse(
                        "hardware.chips[\(n)].address", "is another chip's too",
                        "give each chip of a bus its own address")
                }
                buses[b].plan.parts.append((chip.name, part))
                made[n] = (b, buses[b].plan.parts.count - 1, kind)
            } catch {
                let key = error.key.isEmpty ? "chip" : error.key
                refuse("hardware.chips[\(n)].\(key)", error.reason, error.remedy)
            }
        }
    }

    /// `chip.pin`, resolved; refuses under `key` and answers nil where it is not there.
    private mutating func pin(
        _ text: String, _ key: String, _ pins: KeyPath<ChipKind, [ChipPin]>
    ) -> (bus: Int, part: Int, pin: Int)? {
        let words = text.split(separator: ".", maxSplits: 1).map(String.init)
        guard words.count == 2,
            let n = hardware.chips.firstIndex(where: { $0.name == words[0] })
        else {
            refuse(key, "\(text) names no pin of a chip", "write chip.pin")
            return nil
        }
        guard let chip = made[n] else { return nil }
        guard let pin = chip.kind[keyPath: pins].firstIndex(where: { $0.name == words[1] }) else {
            let known = chip.kind[keyPath: pins].map(\.name)
            refuse(
                key, "\(chip.kind.name) has no pin \(words[1])",
                known.isEmpty
                    ? "it has none of this kind" : "write one of \(known.joined(separator: ", "))")
            return nil
        }
        return (chip.bus, chip.part, pin)
    }

    private mutating func wireWaves(_ site: SiteProfile) {
        waves = CapturedWaves(hardware)
        wiring.waveBlock = waves?.plan.block ?? 0
        wiring.samplesPerTick = site.capturedPerTick
        for (n, wave) in hardware.waves.enumerated() {
            if let channel = WaveChannel.allCases.first(where: { $0.key == wave.channel }) {
                wiring.waves.append(.init(channel, column: n))
            }
        }
    }

    /// The polled converter whose channel `text` names, and that channel's id; nil: it is a chip's.
    private mutating func converter(_ text: String) -> (at: Int, id: String)? {
        let words = text.split(separator: ".", maxSplits: 1).map(String.init)
        guard words.count == 2, let profile = hardware.iio.first(where: { $0.name == words[0] })
        else { return nil }
        if let at = converters.firstIndex(where: { $0.profile.name == profile.name }) {
            return (at, words[1])
        }
        converters.append(PolledConverter(profile))
        return (converters.count - 1, words[1])
    }

    private mutating func wireChannels() {
        for (n, wired) in hardware.channels.enumerated() {
            guard let channel = ScalarChannel.allCases.first(where: { $0.key == wired.channel })
            else { continue }
            if let (at, id) = converter(wired.from) {
                let slot = newReading()
                converters[at].readings.append(
                    .init(
                        part: 0, pin: converters[at].inputs.count, slot: slot,
                        every_s: wired.every_s, thermistor: thermistor(wired, channel)))
                converters[at].inputs.append(id)
                wiring.scalars.append(.init(channel, slot: slot))
                continue
            }
            guard let at = pin(wired.from, "hardware.channels[\(n)].from", \.inputs)
            else { continue }
            if let meter = buses[at.bus].plan.parts[at.part].chip as? any Meter,
                wired.thermistor == nil
            {
                steps[channel] = meter.step(of: at.pin)
                leasts[channel] = meter.least(of: at.pin)
            }
            let slot = newReading()
            buses[at.bus].plan.readings.append(
                .init(
                    part: at.part, pin: at.pin, slot: slot, every_s: wired.every_s,
                    thermistor: thermistor(wired, channel)))
            wiring.scalars.append(.init(channel, slot: slot))
        }
    }

    private func thermistor(_ wired: ChannelProfile, _ channel: ScalarChannel) -> Thermistor? {
        guard let written = wired.thermistor else { return nil }
        return thermistors[channel]
            ?? Thermistor(
                R25_ohm: written.R25_ohm, beta_K: written.beta_K, pullUp_ohm: written.pullUp_ohm,
                supply_V: written.supply_V)
    }

    private mutating func wireReferences() {
        for (n, r) in hardware.references.enumerated() {
            guard let index = HardwareProfile.figures.firstIndex(of: r.figure) else { continue }
            let slot: Int
            if let (at, id) = converter(r.to) {
                slot = newWish()
                converters[at].references.append(
                    .init(
                        part: 0, pin: converters[at].outputs.count, slot: slot,
                        every_s: r.every_s, rest: Float(r.rest).bitPattern))
                converters[at].outputs.append(id)
            } else {
                guard let at = pin(r.to, "hardware.references[\(n)].to", \.outputs) else {
                    continue
                }
                slot = newWish()
                buses[at.bus].plan.references.append(
                    .init(
                        part: at.part, pin: at.pin, slot: slot, every_s: r.every_s,
                        rest: Float(r.rest).bitPattern))
            }
            wiring.references.append(
                .init(
                    Wiring.Figure.allCases[index], slot: slot, gain: Float(r.gain),
                    offset: Float(r.offset), range: Float(r.lowest)...Float(r.highest)))
        }
    }

    private func driver(_ output: String) -> Wiring.Driver? {
        if output == "converter" { return .converter }
        return Output.allCases.first { $0.key == output }.map { .output($0) }
    }
    private func contact(_ name: String) -> Contact? {
        Contact.allCases.first { $0.key == name }
    }

    /// Lines of expanders: raw levels, inverted here.
    private mutating func wireExpanders() {
        for (c, chip) in hardware.chips.enumerated() {
            let wired = hardware.lines.enumerated().filter { $0.element.on == chip.name }
            guard let made = made[c], !wired.isEmpty else { continue }
            if made.kind.lineCount == 0 {
                for (n, _) in wired {
                    refuse(
                        "hardware.lines[\(n)].on", "\(made.kind.name) has no lines",
                        "write a name of gpio, or of an expander")
                }
                continue
            }
            var wish: Int?, reading: Int?
            var rest: UInt32 = 0
            for (n, line) in wired {
                guard line.line < made.kind.lineCount else {
                    refuse(
                        "hardware.lines[\(n)].line",
                        "\(made.kind.name) has \(made.kind.lineCount) lines",
                        "write 0 ... \(made.kind.lineCount - 1)")
                    continue
                }
                let isInverted = line.active == "low"
                if let output = line.output, let driver = driver(output) {
                    if driver == .output(.heartbeat) {
                        refuse(
                            "hardware.lines[\(n)].output", "cannot beat through an expander",
                            "put the heartbeat on a line of gpio")
                    }
                    wish = wish ?? newWish()
                    if isInverted { rest |= 1 << UInt32(line.line) }
                    wiring.outputs.append(
                        .init(driver, slot: wish!, bit: line.line, isInverted: isInverted))
                } else if let name = line.contact, let contact = contact(name) {
                    reading = reading ?? newReading()
                    wiring.contacts.append(
                        .init(contact, slot: reading!, bit: line.line, isInverted: isInverted))
                }
            }
            if let wish {
                buses[made.bus].plan.references.append(
                    .init(part: made.part, pin: 0, slot: wish, every_s: 0.002, rest: rest))
            }
            if let reading {
                buses[made.bus].plan.readings.append(
                    .init(part: made.part, pin: 0, slot: reading, every_s: 0.005))
            }
        }
    }

    /// Lines of GPIO chips: the library inverts, so levels are logical.
    private mutating func wireGPIO() {
        for (g, gpio) in hardware.gpio.enumerated() {
            let mine = hardware.lines.filter { $0.on == gpio.name }
            let wish = newWish(), reading = newReading()
            var beats: UInt32 = 0
            for (bit, line) in mine.enumerated() {
                if let output = line.output, let driver = driver(output) {
                    if driver == .output(.heartbeat) { beats |= 1 << UInt32(bit) }
                    wiring.outputs.append(.init(driver, slot: wish, bit: bit))
                } else if let name = line.contact, let contact = contact(name) {
                    wiring.contacts.append(.init(contact, slot: reading, bit: bit))
                }
            }
            if mine.isEmpty {
                refuse("hardware.gpio[\(g)]", "has no line in use", "remove it, or add its lines")
            }
            let plan = LineThread.Plan(
                name: gpio.name, hasOutputs: mine.contains { $0.output != nil },
                hasInputs: mine.contains { $0.contact != nil }, wishSlot: wish,
                readingSlot: reading, rest: 0, heartbeat: beats, every_s: gpio.every_s,
                beat_s: gpio.beat_s)
            lines.append((gpio, plan, mine))
        }
    }

    /// Where no chip knows the state of charge, it is counted from the battery's current.
    private func counter(
        _ site: SiteProfile, _ settings: ControllerSettings?
    ) -> CoulombCounter? {
        guard let settings,
            !wiring.scalars.contains(where: { $0.channel == .stateOfCharge }),
            wiring.scalars.contains(where: { $0.channel == .batteryCurrent }),
            let battery = site.controlledBattery
        else { return nil }
        return CoulombCounter(
            capacity_Ah: battery.capacity_kWh * 1000 / battery.nominal_V, charge: battery.charge,
            settings: settings.scalars[Int(ScalarChannel.batteryCurrent.rawValue)])
    }
}
