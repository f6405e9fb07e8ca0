import Control
import Quantities

/// A DC controller at 1 kHz, its contactor and a converter, and a board that follows it: what the
/// tests of starting and of going on need.
struct DCBench {
    static var settings: ControllerSettings {
        var s = ControllerSettings(
            rate: TickRate(perSecond: 1000), frontEnd: .none, nominalCurrent: Amperes(10),
            presence: PresenceLimits(deadBelow: Volts(5), liveAbove: Volts(40)),
            limits: SetpointLimits(
                frequencyBias: Hertz(1), voltageBias: Volts(1), active: Watts(1),
                reactive: Vars(1), horizon: 1000))
        for c in [
            ScalarChannel.batteryVoltage, .linkVoltage, .batteryCurrent, .stateOfCharge,
            .dcBusVoltage, .converterCurrent, .pvPower,
        ] { s.scalars[Int(c.rawValue)] = ChannelSettings(isFitted: true, staleAfter: 5) }
        s.blindAfter = 20
        s.sourceTripHold = 30
        s.contactor = ContactorSettings(
            leastVoltage: Volts(40),
            doneVoltage: Volts(1), doneCurrent: Amperes(0.05), preChargeBy: 100, tries: 3,
            pause: 50, lockout: 200, travel: 20, settleClose: 10, settleOpen: 10,
            hotCurrent: Amperes(1))
        s.converter = ConverterDroopSettings(
            nominalVoltage: Volts(48), resistance: Ohms(0.05), mostCurrent: Amperes(40))
        return s
    }

    /// Contacts follow their coils five ticks later.
    private var coils: [UInt16] = []

    /// What this board would say at tick `n` after it was told `command`.
    mutating func sample(_ n: UInt64, after command: Command) -> Sample {
        coils.append(command.outputs.bits)
        var sample = Sample(tick: Tick(n))
        sample.contacts = LineSet(bits: coils.count > 5 ? coils[coils.count - 6] & 0xFF : 0)
        let wobble = Float(n % 7) * 0.001
        for (channel, value) in [
            (ScalarChannel.batteryVoltage, Float(51)), (.linkVoltage, 51), (.batteryCurrent, 0),
            (.stateOfCharge, 0.6), (.dcBusVoltage, 48), (.converterCurrent, 1), (.pvPower, 20),
        ] { sample[channel] = Scalar(raw: value + wobble, age: 0) }
        return sample
    }
}
