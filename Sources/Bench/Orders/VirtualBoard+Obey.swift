import SimBoard

// Orders at run time.
extension VirtualBoard {
    /// Obeys one line and answers with one: `ok`, a JSON object, or `error: ` and why. Any bytes may
    /// come.
    public func obey(_ line: some StringProtocol, at now_s: Double) -> String {
        do throws(OrderProblem) { return try obey(try Order(line), at: now_s) } catch {
            return "error: \(error.words)"
        }
    }

    /// Obeys an order.
    public func obey(_ order: Order, at now_s: Double) throws(OrderProblem) -> String {
        advance(to: now_s)
        switch order {
        case .help: return Order.usage.joined(separator: "; ")
        case .state: return truth(at: now_s).json
        case .quit: isDone = true
        case .forget: plant.forgetExtremes()
        case .clear: clear()
        case .acknowledge(let address, let does):
            try change(address) { $0.isAbsent = !does }
        case .bus(let n, let fault): bridges[n].chip.fault = fault
        case .relay(let name, let fault): lay(fault, on: name)
        case .sensor(let signal, let fault): sensors.lay(fault, on: signal)
        case .apply(let signal, let value): sensors.apply(value, to: signal)
        case .error(let signal, let ratio, let offset):
            sensors.make(signal, ratio: ratio, offset: offset)
        case .identity(let address, let word):
            try ask(address, "it has no identity register") { $0.chip.pretend(word) }
        case .flip(let address, let register, let mask):
            try ask(address, "it stores nothing there") { $0.chip.flip(register, mask) }
        case .freeze(let address, let frozen): try change(address) { $0.chip.isFrozen = frozen }
        case .plug(let n, true): replug(n, at: now_s)
        case .plug(let n, false): unplug(n, at: now_s)
        case .grid(let present): plant.conditions.gridPresent = present
        case .load(nil, let power_W): plant.conditions.critical_W = power_W
        case .load(let group?, let power_W): plant.conditions.groups_W[group] = power_W
        case .sun(let irradiance_Wm2): plant.conditions.irradiance_Wm2 = irradiance_Wm2
        case .short(let ohm): plant.conditions.short_ohm = ohm
        }
        ordered_s = plant.time_s
        settle(at: now_s)
        return "ok"
    }

    private func lay(_ fault: RelayFault?, on name: RelayName) {
        switch name {
        case .preCharge: plant.preCharge.lay(fault)
        case .main: plant.main.lay(fault)
        case .load(let k): plant.loads[k].lay(fault)
        }
    }

    private func clear() {
        for (_, name) in RelayName.all { lay(nil, on: name) }
        for signal in Signal.allCases {
            sensors.lay(nil, on: signal)
            sensors.apply(nil, to: signal)
        }
        for n in bridges.indices {
            bridges[n].chip.fault = nil
            for k in bridges[n].bus.places.indices {
                bridges[n].bus.places[k].isAbsent = false
                bridges[n].bus.places[k].chip.isFrozen = false
                _ = bridges[n].bus.places[k].chip.pretend(nil)
            }
        }
        plant.conditions.short_ohm = nil
    }

    private func change(
        _ address: UInt8, _ body: (inout ChipBus.Place) -> Void
    ) throws(OrderProblem) {
        try ask(address, "") {
            body(&$0)
            return true
        }
    }
    private func ask(
        _ address: UInt8, _ refusal: String, _ body: (inout ChipBus.Place) -> Bool
    ) throws(OrderProblem) {
        for n in bridges.indices {
            for k in bridges[n].bus.places.indices
            where bridges[n].bus.places[k].address == address {
                guard body(&bridges[n].bus.places[k]) else { throw OrderProblem(refusal) }
                return
            }
        }
        let known = bridges.flatMap { $0.bus.places.map { "0x" + String($0.address, radix: 16) } }
        throw OrderProblem("no chip there; there are \(known.joined(separator: ", "))")
    }
}
