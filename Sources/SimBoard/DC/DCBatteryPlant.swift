import Control
import Plant

/// One battery of a nanogrid: cells, contactors, the converter's link capacitor, and the converter.
///
///     cells ── contactors ── link ── converter ── cable ── bus
///
/// The converter is averaged: a voltage that follows its reference in 0.2 ms, held back wherever
/// it would carry more than the order allows or its rating. It starts with a link above 40 V, stops
/// below 36 V, and begins at the bus's own voltage (a pre-biased start).
public final class DCBatteryPlant {
    public let description: DCBatteryDescription
    public private(set) var battery: Battery
    public private(set) var link: LinkCapacitor
    public private(set) var preCharge: Relay
    public private(set) var main: Relay
    public private(set) var isRunning = false
    /// Means over the last tick: into the bus, and out of the cells.
    public private(set) var current_A = 0.0
    public private(set) var power_W = 0.0
    public private(set) var batteryCurrent_A = 0.0
    private var order = ConverterCommand()
    private let source: Int
    /// Reference and divider of the converter err by up to 0.02 % (16 bit and matched resistors).
    private let setpointError: Double
    private var sum_A = 0.0
    private var sum_W = 0.0
    private let efficiency = 0.96
    private let idle_W = 1.5
    private static let cells = 16

    init(_ d: DCBatteryDescription, source: Int, random: Random) {
        description = d
        self.source = source
        let capacity_Ah = d.battery_kWh * 1000 / (3.2 * Double(Self.cells))
        // 2 mΩ for a cell of 50 Ah, in inverse proportion to size; a relaxation of 30 s.
        let R1_ohm = Double(Self.cells) * 0.05 / capacity_Ah
        battery = Battery(
            cells: Self.cells, capacity_Ah: capacity_Ah, charge: d.charge, R0_ohm: 2 * R1_ohm,
            R1_ohm: R1_ohm, C1_F: 30 / R1_ohm, mostCharge_A: capacity_Ah,
            mostDischarge_A: 2 * capacity_Ah)
        // 47 Ω · 5 mF is 0.24 s: from nil to 1 V below 52 V in 0.93 s. The bleeder takes 5 mA, a
        // tenth of the current at which pre-charge is called done.
        link = LinkCapacitor(capacitance_F: 5e-3, precharge_ohm: 47, bleeder_ohm: 10_000)
        preCharge = Relay(close_s: 0.02, open_s: 0.02, random: random.fork("preCharge"))
        main = Relay(close_s: 0.05, open_s: 0.03, random: random.fork("main"))
        var errors = random.fork("converter")
        setpointError = errors.uniform(-2e-4, 2e-4)
    }

    func command(_ c: Command) {
        preCharge.coil = c.outputs[Output.preCharge]
        main.coil = c.outputs[Output.mainContactor]
        order = c.converter
    }

    func lay(_ fault: RelayFault?, on relay: Contact) {
        switch relay {
        case .preCharge: preCharge.lay(fault)
        case .mainContactor: main.lay(fault)
        case .islandingSwitch, .inverterReady, .load0, .load1, .load2, .load3: break
        }
    }

    /// Before the network's steps of a tick.
    func begin(dt_s: Double, on network: DCNetwork) {
        preCharge.step(dt_s: dt_s)
        main.step(dt_s: dt_s)
        let before = isRunning
        isRunning =
            order.isOn && order.voltage.isFinite && link.voltage_V > (isRunning ? 36 : 40)
        if isRunning != before { network.set(source: source, path: isRunning ? .closed : .open) }
        sum_A = 0
        sum_W = 0
    }

    /// Before one step of the network.
    func aim(at bus_V: Double, on network: DCNetwork) {
        var volts = bus_V
        if isRunning {
            let out = min(max(Double(order.mostOut.value), 0), description.rating_A)
            let into = min(max(Double(order.mostIn.value), 0), description.rating_A)
            let R = description.lineR_ohm
            volts = Double(order.voltage.value) * (1 + setpointError)
            volts = min(max(volts, bus_V - R * into, 0), bus_V + R * out)
        }
        network.set(source: source, volts: volts)
    }

    /// After one step of the network.
    func look(on network: DCNetwork) {
        guard isRunning else { return }
        let i = network.current(source: source)
        sum_A += i
        sum_W += i * network.inner_V(source: source)
    }

    /// After the network's steps of a tick.
    func end(dt_s: Double, steps: Int, on network: DCNetwork) {
        current_A = sum_A / Double(steps)
        power_W = sum_W / Double(steps)
        let draw =
            isRunning
            ? idle_W + (power_W >= 0 ? power_W / efficiency : power_W * efficiency) : 0
        let path: DCPath =
            main.isConducting ? .closed : preCharge.isConducting ? .precharge : .open
        // The cells' own resistance belongs to the path: the link settles through both.
        link.main_ohm = 0.01 + battery.resistance_ohm
        link.step(
            source_V: battery.openCircuit_V - battery.relaxation_V, path: path, bridge_W: draw,
            dt_s: dt_s)
        batteryCurrent_A = link.current_A
        battery.step(current_A: batteryCurrent_A, dt_s: dt_s)
    }
}
