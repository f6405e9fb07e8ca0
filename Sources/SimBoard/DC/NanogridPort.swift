import Control
import Plant

/// The board of one battery of a nanogrid. The first has the load relays and meters of the site.
public final class NanogridPort: PlantPort {
    public let nanogrid: Nanogrid
    public let index: Int
    public init(_ nanogrid: Nanogrid, battery index: Int) {
        self.nanogrid = nanogrid
        self.index = index
    }
    private var unit: DCBatteryPlant { nanogrid.batteries[index] }

    /// A DC site has no waveforms.
    public func read(waves: inout TrueWaves, count: Int) {}
    public func read(_ channel: ScalarChannel) -> Double {
        switch channel {
        case .batteryVoltage: unit.battery.terminalVoltage_V
        case .batteryCurrent: unit.batteryCurrent_A
        case .batteryTemperature: unit.battery.temperature_C
        case .stateOfCharge: unit.battery.charge
        case .linkVoltage: unit.link.voltage_V
        case .dcBusVoltage: nanogrid.bus_V
        case .converterCurrent: unit.current_A
        case .pvPower: index == 0 ? nanogrid.pvPower_W : .nan
        case .loadPower: index == 0 ? nanogrid.loadPower_W : .nan
        default: .nan
        }
    }
    public var contacts: LineSet {
        var set = LineSet()
        set[Contact.preCharge] = unit.preCharge.auxiliary
        set[Contact.mainContactor] = unit.main.auxiliary
        set[Contact.inverterReady] = unit.isRunning
        guard index == 0 else { return set }
        set[Contact.load0] = nanogrid.loads[0].auxiliary
        set[Contact.load1] = nanogrid.loads[1].auxiliary
        set[Contact.load2] = nanogrid.loads[2].auxiliary
        return set
    }
    public var deafContacts: LineSet {
        var set = LineSet()
        set[Contact.preCharge] = unit.preCharge.isDeaf
        set[Contact.mainContactor] = unit.main.isDeaf
        guard index == 0 else { return set }
        set[Contact.load0] = nanogrid.loads[0].isDeaf
        set[Contact.load1] = nanogrid.loads[1].isDeaf
        set[Contact.load2] = nanogrid.loads[2].isDeaf
        return set
    }
    public func apply(_ command: Command) { nanogrid.command(battery: index, command) }
    public func fault(_ relay: Contact, _ fault: RelayFault?) {
        nanogrid.fault(battery: index, relay, fault)
    }
}
