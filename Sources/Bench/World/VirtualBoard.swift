import Plant
import SimBoard

/// The whole bench between its doors: bridges, chips, sensors, relays and plant. Time is told with each
/// call, s on one clock that never goes back; the plant is brought up to it before anything is
/// answered. One seed, one sequence of calls: the same answers for ever.
public final class VirtualBoard {
    /// A bridge with what is soldered to it.
    struct Bridge {
        let name: String
        var chip: CP2112
        var bus: ChipBus
        var isPlugged = true
        /// Transfers, failures and malformed reports before it was last unplugged.
        var before = (transfers: 0, failures: 0, malformed: 0)

        mutating func output(_ report: [UInt8], at now_s: Double) {
            chip.output(report, on: &bus, at: now_s)
        }
    }
    var bridges: [Bridge]
    let plant: BenchPlant
    var sensors: Sensors
    var watchdog = WatchdogRelay()
    /// When the plant began, s on the callers' clock.
    private var start_s: Double
    /// How far the chips have come, s since the start.
    private var chips_s = 0.0
    /// Time that was too much to catch up with, s.
    private(set) var skipped_s = 0.0
    /// When the last order that changes anything came, s of the plant's time.
    var ordered_s = 0.0
    /// Somebody asked the bench to end.
    public internal(set) var isDone = false

    /// A stall longer than this is not lived through afterwards: the plant loses the time.
    static let mostCatchUp_s = 30.0

    public init(seed: UInt64 = 1, at start_s: Double) {
        let random = Random(seed: seed)
        self.start_s = start_s
        plant = BenchPlant(random: random.fork("plant"))
        sensors = Sensors(random: random.fork("sensors"))
        bridges = Wiring.bridges.map { name, serial, places in
            Bridge(name: name, chip: CP2112(serial: serial), bus: ChipBus(places))
        }
    }

    /// How many bridges there are, plugged or not.
    public var bridgeCount: Int { bridges.count }
    /// A bridge's name, and the serial number by which the host knows it again.
    public func name(of n: Int) -> (name: String, serial: String) {
        (bridges[n].name, bridges[n].chip.prom.serial)
    }
    public func isPlugged(_ n: Int) -> Bool { bridges[n].isPlugged }

    // MARK: The doors of a bridge

    /// An interrupt report from the host.
    public func output(_ report: [UInt8], to n: Int, at now_s: Double) {
        guard bridges[n].isPlugged else { return }
        advance(to: now_s)
        bridges[n].output(report, at: now_s)
        settle(at: now_s)
    }
    /// A feature report the host asks for.
    public func get(_ id: UInt8, of n: Int, at now_s: Double) -> CP2112.Answer {
        guard bridges[n].isPlugged else { return .refused }
        advance(to: now_s)
        bridges[n].chip.inputs = contacts(of: n)
        return bridges[n].chip.get(id)
    }
    /// A feature report the host sends.
    public func set(_ report: [UInt8], of n: Int, at now_s: Double) -> CP2112.Answer {
        guard bridges[n].isPlugged else { return .refused }
        advance(to: now_s)
        defer { settle(at: now_s) }
        return bridges[n].chip.set(report)
    }
    /// The next interrupt report a bridge has for the host.
    public func next(from n: Int, at now_s: Double) -> [UInt8]? {
        bridges[n].isPlugged ? bridges[n].chip.next(at: now_s) : nil
    }
    /// When the next interrupt report of any bridge is due; nil: none waits.
    public var nextDue_s: Double? {
        bridges.compactMap { $0.isPlugged ? $0.chip.nextDue_s : nil }.min()
    }

    // MARK: Time

    /// Lets the plant come up to `now_s`.
    public func advance(to now_s: Double) {
        let ahead_s = now_s - start_s - plant.time_s
        if ahead_s > Self.mostCatchUp_s {
            start_s += ahead_s
            skipped_s += ahead_s
        }
        while plant.time_s + BenchPlant.step_s <= now_s - start_s {
            if watchdog.isSupplying, !watchdog.supplies(at: plant.time_s) { order(fed: false) }
            plant.step()
            sensors.look(at: plant, dt_s: BenchPlant.step_s)
            passChips(to: plant.time_s)
        }
        passChips(to: now_s - start_s)
    }

    private func passChips(to time_s: Double) {
        let dt_s = time_s - chips_s
        guard dt_s > 0 else { return }
        chips_s = time_s
        for n in bridges.indices where bridges[n].isPlugged {
            for k in bridges[n].bus.places.indices {
                let pins_V = sensors.pins_V(bridges[n].bus.places[k].sees)
                bridges[n].bus.places[k].chip.step(pins_V: pins_V, dt_s: dt_s)
            }
        }
    }

    // MARK: Lines

    /// Takes note of what the pins say now; the plant's orders follow at its next step.
    func settle(at now_s: Double) {
        let lines = bridges[0].chip.pins.driven
        watchdog.hear(lines & Wiring.Pin.heartbeat != 0, at: now_s - start_s)
        order(fed: watchdog.supplies(at: now_s - start_s))
    }

    /// Pins and reference to the plant. Without its watchdog relay no coil of the battery's side is
    /// fed. Loads cannot energise.
    private func order(fed: Bool) {
        let lines = bridges[0].chip.pins.driven
        plant.orders.preCharge = fed && lines & Wiring.Pin.preCharge != 0
        plant.orders.main = fed && lines & Wiring.Pin.main != 0
        plant.orders.enable = fed && lines & Wiring.Pin.enable != 0
        for k in 0..<4 { plant.orders.loads[k] = bridges[1].chip.pins.driven >> UInt8(k) & 1 != 0 }
        let chip = bridges[0].bus.places.first { $0.address == Wiring.reference }
        let volts = bridges[0].isPlugged ? chip?.chip.output_V ?? 0 : 0
        plant.orders.reference_V = Wiring.converter_V(reference_V: volts)
    }

    private func contacts(of n: Int) -> UInt8 {
        // A contact that cannot be read is an open wire, pulled down.
        func says(_ relay: Relay) -> Bool { relay.auxiliary && !relay.isDeaf }
        if n == 1 {
            return plant.loads.enumerated().reduce(0) {
                $0 | (says($1.element) ? 1 << UInt8(4 + $1.offset) : 0)
            }
        }
        return (says(plant.preCharge) ? Wiring.Pin.preChargeContact : 0)
            | (says(plant.main) ? Wiring.Pin.mainContact : 0)
            | (plant.isRunning ? Wiring.Pin.ready : 0)
            | (plant.loads.contains(where: says) ? Wiring.Pin.anyLoad : 0)
    }

    // MARK: The plug

    /// Bus power goes: pins float, coils drop, chips forget.
    func unplug(_ n: Int, at now_s: Double) {
        guard bridges[n].isPlugged else { return }
        advance(to: now_s)
        let chip = bridges[n].chip
        bridges[n].before.transfers += chip.transfers
        bridges[n].before.failures += chip.failures
        bridges[n].before.malformed += chip.malformed
        bridges[n].isPlugged = false
        bridges[n].chip.reset()
        for k in bridges[n].bus.places.indices { bridges[n].bus.places[k].chip.reset() }
        settle(at: now_s)
    }
    func replug(_ n: Int, at now_s: Double) {
        advance(to: now_s)
        bridges[n].isPlugged = true
        settle(at: now_s)
    }
}
