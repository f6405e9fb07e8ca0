import Blocks
import Control
import Plant

/// The board at the point of common coupling: both sides of the islanding switch, its current.
public final class CouplingPort: PlantPort {
    public let microgrid: Microgrid
    public init(_ microgrid: Microgrid) { self.microgrid = microgrid }

    public func read(waves: inout TrueWaves, count: Int) {
        microgrid.read(site: 0, into: &waves, count: count)
    }
    public func read(_ channel: ScalarChannel) -> Double {
        let n = microgrid.network
        switch channel {
        case .gridRMS: return microgrid.rms(node: 0)
        case .gridFrequency: return n.frequency(node: 0)
        case .busRMS: return microgrid.rms(node: 1)
        case .busFrequency: return n.frequency(node: 1)
        case .busCurrent: return n.current(branch: 0).length / 2.0.squareRoot()
        case .busActive: return power(n.voltage(node: 1), n.current(branch: 0)).x
        case .busReactive: return power(n.voltage(node: 1), n.current(branch: 0)).y
        case .angleAcross: return microgrid.trueAngleAcross_deg
        default: return .nan
        }
    }
    public var contacts: LineSet {
        var set = LineSet()
        set[Contact.islandingSwitch] = microgrid.islandingSwitch.auxiliary
        return set
    }
    public var deafContacts: LineSet {
        var set = LineSet()
        set[Contact.islandingSwitch] = microgrid.islandingSwitch.isDeaf
        return set
    }
    public func apply(_ command: Command) {
        microgrid.command(switchClosed: command.outputs[Output.islandingSwitch])
    }
    public func fault(_ relay: Contact, _ fault: RelayFault?) {
        if relay == .islandingSwitch { microgrid.fault(switch: fault) }
    }
}

/// The board of one home: its busbar, its inverter's current, its battery and relays.
public final class HomePort: PlantPort {
    public let microgrid: Microgrid
    public let index: Int
    public init(_ microgrid: Microgrid, home index: Int) {
        self.microgrid = microgrid
        self.index = index
    }
    private var home: HomePlant { microgrid.homes[index] }

    public func read(waves: inout TrueWaves, count: Int) {
        microgrid.read(site: 1 + index, into: &waves, count: count)
    }
    public func read(_ channel: ScalarChannel) -> Double {
        let n = microgrid.network
        switch channel {
        case .busRMS: return microgrid.rms(node: 2 + index)
        case .busFrequency: return n.frequency(node: 2 + index)
        case .busCurrent: return n.current(former: index).length / 2.0.squareRoot()
        case .busActive: return power(n.voltage(node: 2 + index), n.current(former: index)).x
        case .busReactive: return power(n.voltage(node: 2 + index), n.current(former: index)).y
        case .batteryVoltage: return home.battery.terminalVoltage_V
        case .batteryCurrent: return home.batteryCurrent_A
        case .batteryTemperature: return home.battery.temperature_C
        case .stateOfCharge: return home.battery.charge
        case .linkVoltage: return home.link.voltage_V
        case .pvPower:
            return home.description.isSolar
                ? n.power(former: index).P_W : n.power(follower: 3 * index).P_W
        case .windPower: return n.power(follower: 3 * index + 1).P_W
        case .evPower: return n.power(follower: 3 * index + 2).P_W
        case .loadPower: return (0..<3).reduce(0) { $0 + n.power(load: 3 * index + $1).P_W }
        default: return .nan
        }
    }
    public var contacts: LineSet {
        var set = LineSet()
        set[Contact.preCharge] = home.preCharge.auxiliary
        set[Contact.mainContactor] = home.main.auxiliary
        set[Contact.inverterReady] = microgrid.network.isRunning(former: index)
        set[Contact.load0] = home.loads[0].auxiliary
        set[Contact.load1] = home.loads[1].auxiliary
        set[Contact.load2] = home.loads[2].auxiliary
        return set
    }
    public var deafContacts: LineSet {
        var set = LineSet()
        set[Contact.preCharge] = home.preCharge.isDeaf
        set[Contact.mainContactor] = home.main.isDeaf
        set[Contact.load0] = home.loads[0].isDeaf
        set[Contact.load1] = home.loads[1].isDeaf
        set[Contact.load2] = home.loads[2].isDeaf
        return set
    }
    public func apply(_ command: Command) { microgrid.command(home: index, command) }
    public func fault(_ relay: Contact, _ fault: RelayFault?) {
        microgrid.fault(home: index, relay, fault)
    }
}
