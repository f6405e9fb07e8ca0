import BoardProfile
import Control
import Wire
import Words

/// Something a partner may see of a controller, as a number of every record.
struct Signal: Sendable {
    enum Group: String, Sendable, CaseIterable { case outputs, states, measured, verdict, counters }
    enum Kind: Equatable, Sendable {
        case line
        /// In `unit`; NaN where nothing is known.
        case number
        /// The number of its word.
        case state([String])
        /// A set of stages, bit k of stage k.
        case bits

        var word: String {
            switch self {
            case .line: "line"
            case .number: "number"
            case .state: "state"
            case .bits: "bits"
            }
        }
    }
    /// With its unit's suffix, without its controller.
    var name: String
    var group: Group
    var kind: Kind
    var unit = ""
    var read: @Sendable (borrowing Record) -> Float
}

extension Signal {
    /// All of a controller, in the order of their groups.
    static func all(of s: ControllerSettings) -> [Signal] {
        outputs(s) + states(s) + measured(s) + verdicts(s) + counters
    }

    private static func number(
        _ group: Group, _ name: String, _ unit: String,
        _ read: @escaping @Sendable (borrowing Record) -> Float
    ) -> Signal { Signal(name: name, group: group, kind: .number, unit: unit, read: read) }

    private static func line(
        _ group: Group, _ name: String, _ read: @escaping @Sendable (borrowing Record) -> Bool
    ) -> Signal { Signal(name: name, group: group, kind: .line) { read($0) ? 1 : 0 } }

    private static func outputs(_ s: ControllerSettings) -> [Signal] {
        var lines: [Output] = s.coupling == nil ? [] : [.islandingSwitch]
        if s.contactor != nil { lines += [.preCharge, .mainContactor] }
        if s.hasInverter { lines.append(.inverterEnable) }
        lines += s.loadOutputs
        lines.append(.heartbeat)
        var all = lines.map { output in line(.outputs, output.key) { $0.command.outputs[output] } }
        if s.hasInverter {
            all += [
                Signal(
                    name: "inverter_mode", group: .outputs, kind: .state(["off", "follow", "form"])
                ) { Float($0.command.inverter.mode.rawValue) },
                number(.outputs, "inverter_frequency_Hz", "Hz") {
                    $0.command.inverter.frequency.value
                },
                number(.outputs, "inverter_voltage_V", "V") { $0.command.inverter.voltage.value },
                number(.outputs, "inverter_active_W", "W") { $0.command.inverter.active.value },
                number(.outputs, "inverter_reactive_var", "var") {
                    $0.command.inverter.reactive.value
                },
            ]
        }
        if s.converter != nil {
            all += [
                line(.outputs, "converter_on") { $0.command.converter.isOn },
                number(.outputs, "converter_voltage_V", "V") { $0.command.converter.voltage.value },
                number(.outputs, "converter_most_out_A", "A") {
                    $0.command.converter.mostOut.value
                },
                number(.outputs, "converter_most_in_A", "A") { $0.command.converter.mostIn.value },
            ]
        }
        return all + [
            number(.outputs, "renewables", "1") { $0.command.renewables },
            number(.outputs, "charging", "1") { $0.command.charging },
        ]
    }

    private static func state(
        _ name: String, _ values: [String], _ read: @escaping @Sendable (borrowing Record) -> Int
    ) -> Signal { Signal(name: name, group: .states, kind: .state(values)) { Float(read($0)) } }

    private static func states(_ s: ControllerSettings) -> [Signal] {
        var all: [Signal] = []
        if s.coupling != nil {
            all.append(state("islanding", IslandingState.stateNames) { Int($0.islanding.code) })
            all.append(
                state(
                    "permit",
                    [
                        "close", "not_both_live", "slip", "voltage", "angle", "unsteady",
                        "confirming",
                    ]
                ) { Int($0.permit.rawValue) })
        }
        if s.source != nil {
            all.append(state("source", SourceState.stateNames) { Int($0.source.code) })
        }
        if s.interconnect != nil {
            all.append(state("der", DERState.stateNames) { Int($0.der.code) })
        }
        if s.contactor != nil {
            all.append(
                state("contactor", ContactorState.stateNames) { Int($0.contactor.code) })
        }
        guard s.frontEnd != .none else { return all }
        let presence = ["dead", "live", "doubtful"]
        if s.fitted.meets(.gridVoltages | .scalar(.gridRMS)) {
            all.append(state("grid_presence", presence) { Int($0.gridPresence.rawValue) })
        }
        all.append(state("bus_presence", presence) { Int($0.busPresence.rawValue) })
        return all
    }

    private static func side(
        _ name: String, currents: Bool,
        _ side: @escaping @Sendable (borrowing Record) -> ACMeasured
    ) -> [Signal] {
        var all = [
            number(.measured, "\(name)_a_V", "V") { side($0).phaseA.value },
            number(.measured, "\(name)_b_V", "V") { side($0).phaseB.value },
            number(.measured, "\(name)_c_V", "V") { side($0).phaseC.value },
            number(.measured, "\(name)_positive_V", "V") { side($0).positive.value },
            number(.measured, "\(name)_negative_V", "V") { side($0).negative.value },
            number(.measured, "\(name)_frequency_Hz", "Hz") { side($0).frequency.value },
            number(.measured, "\(name)_rocof_Hz_per_s", "Hz/s") { side($0).rocof.value },
            number(.measured, "\(name)_phase_deg", "deg") { side($0).phase.degrees },
            number(.measured, "\(name)_vector_shift_deg", "deg") { side($0).vectorShift },
            line(.measured, "\(name)_settled") { side($0).isSettled },
        ]
        guard currents else { return all }
        all += [
            number(.measured, "current_a_A", "A") { side($0).currentA.value },
            number(.measured, "current_b_A", "A") { side($0).currentB.value },
            number(.measured, "current_c_A", "A") { side($0).currentC.value },
            number(.measured, "active_W", "W") { side($0).active.value },
            number(.measured, "reactive_var", "var") { side($0).reactive.value },
            number(.measured, "apparent_VA", "VA") { side($0).apparent.value },
            number(.measured, "power_factor", "1") { side($0).powerFactor },
        ]
        return all
    }

    private static func measured(_ s: ControllerSettings) -> [Signal] {
        var all: [Signal] = []
        if s.frontEnd != .none {
            let hasGrid = s.fitted.meets(.gridVoltages | .scalar(.gridRMS))
            if hasGrid { all += side("grid", currents: false) { $0.measured.grid } }
            all += side("bus", currents: true) { $0.measured.bus }
            if hasGrid {
                all += [
                    number(.measured, "angle_across_deg", "deg") { $0.measured.angleAcross_deg },
                    number(.measured, "slip_Hz", "Hz") { $0.measured.slip.value },
                    number(.measured, "voltage_across_V", "V") { $0.measured.voltageAcross.value },
                ]
            }
        }
        let slow: [(ScalarChannel, String, String, @Sendable (borrowing Record) -> Float)] = [
            (.dcBusVoltage, "dc_bus_V", "V", { $0.measured.dcBusVoltage.value }),
            (.converterCurrent, "converter_A", "A", { $0.measured.converterCurrent.value }),
            (.batteryVoltage, "battery_V", "V", { $0.measured.batteryVoltage.value }),
            (.batteryCurrent, "battery_A", "A", { $0.measured.batteryCurrent.value }),
            (
                .batteryTemperature, "battery_degC", "degC",
                { $0.measured.batteryTemperature.value }
            ),
            (.stateOfCharge, "state_of_charge", "1", { $0.measured.stateOfCharge }),
            (.linkVoltage, "link_V", "V", { $0.measured.linkVoltage.value }),
            (.pvPower, "pv_W", "W", { $0.measured.pvPower.value }),
            (.windPower, "wind_W", "W", { $0.measured.windPower.value }),
            (.evPower, "ev_W", "W", { $0.measured.evPower.value }),
            (.loadPower, "load_W", "W", { $0.measured.loadPower.value }),
        ]
        for (channel, name, unit, read) in slow where s.scalars[Int(channel.rawValue)].isFitted {
            all.append(number(.measured, name, unit, read))
        }
        return all
    }

    private static func verdicts(_ s: ControllerSettings) -> [Signal] {
        func bits(
            _ name: String, _ read: @escaping @Sendable (borrowing Record) -> UInt32
        ) -> Signal { Signal(name: name, group: .verdict, kind: .bits) { Float(read($0)) } }
        return [
            bits("picked_up") { $0.verdict.pickedUp },
            bits("tripped") { $0.verdict.tripped },
            bits("newly_tripped") { $0.verdict.newlyTripped },
            bits("blinded") { $0.verdict.blinded },
            line(.verdict, "is_blind") { !$0.verdict.blind.isEmpty },
            line(.verdict, "must_island") { $0.verdict.mustIsland },
            line(.verdict, "must_trip_source") { $0.verdict.mustTripSource },
            line(.verdict, "must_cease") { $0.verdict.mustCease },
        ]
    }

    private static let counters: [Signal] = [
        number(.counters, "refused_setpoints", "1") { Float($0.refusedSetpoints) },
        number(.counters, "missed_ticks", "1") { Float($0.missedTicks) },
        number(.counters, "energy_in_J", "J") { Float($0.energyIn.millijoules) / 1000 },
        number(.counters, "energy_out_J", "J") { Float($0.energyOut.millijoules) / 1000 },
    ]
}

extension ControllerSettings {
    /// It commands an inverter.
    var hasInverter: Bool { source != nil || interconnect != nil }
    /// The outputs of its load groups.
    var loadOutputs: [Output] { Array([.load0, .load1, .load2, .load3].prefix(loads.count)) }
    var loadContacts: [Contact] { Array([.load0, .load1, .load2, .load3].prefix(loads.count)) }
}

extension IslandingState {
    /// At the places of their codes (`Wire`); 0: no such machine.
    static let stateNames = [
        "none", "grid_tied", "opening", "islanded", "resynchronising", "closing", "black_start",
        "fault",
    ]
}

extension SourceState {
    static let stateNames = [
        "none", "off", "observing", "following", "forming", "black_starting", "tripped",
    ]
}

extension DERState {
    static let stateNames = [
        "none", "out_of_service", "tripped", "entering_service", "continuous", "mandatory",
        "permissive", "momentary_cessation", "ceased",
    ]
}

extension ContactorState {
    static let stateNames = [
        "none", "open", "pre_charging", "closing", "settling", "closed", "opening", "waiting",
        "welded",
    ]
}
