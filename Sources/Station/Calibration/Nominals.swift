import BoardProfile
import Calibration
import Control
import Switchboard

extension Switchboard {
    /// What the board file says of everything on `site` that can be calibrated, in the order people
    /// are asked for it: voltages before currents, for a current's phase is told against its voltage.
    /// A state of charge is counted, not measured.
    public func nominals(of site: SiteProfile) -> [(channel: Calibrated, nominal: Nominal)] {
        guard let hardware = site.hardware else { return [] }
        var all: [(Calibrated, Nominal)] = []
        for c in WaveChannel.allCases {
            guard let wave = hardware.waves.first(where: { $0.channel == c.key }),
                let converter = hardware.capturing
            else { continue }
            let limits = wave.limits(bits: converter.bits)
            all.append(
                (
                    .wave(c),
                    Nominal(
                        from: wave.from, gain: wave.gainOfCount, offset: wave.countAtNil,
                        resolution: 1, lowest: limits.lowest, highest: limits.highest,
                        isAlternating: true)
                ))
        }
        // First the clock, by which frequencies are measured.
        if let converter = hardware.capturing, !all.isEmpty {
            all.insert((.clock, Nominal(from: converter.name)), at: 0)
        }
        let scalars = ScalarChannel.allCases.filter { $0 != .stateOfCharge }
        let isVoltage = { (c: ScalarChannel) in Calibrated.scalar(c).unit == "V" }
        for c in scalars.filter(isVoltage) + scalars.filter({ !isVoltage($0) }) {
            guard let wired = hardware.channels.first(where: { $0.channel == c.key }) else {
                continue
            }
            all.append(
                (
                    .scalar(c),
                    Nominal(
                        from: wired.from, gain: wired.gain, offset: wired.offset,
                        resolution: Double(steps[c] ?? 0),
                        lowest: Double(leasts[c] ?? -.infinity),
                        thermistor: wired.thermistor.map {
                            ThermistorConstants(R25_ohm: $0.R25_ohm, beta_K: $0.beta_K)
                        })
                ))
        }
        for c in [Contact.islandingSwitch, .mainContactor, .preCharge]
        where hardware.lines.contains(where: { $0.contact == c.key })
            && hardware.lines.contains(where: { $0.output == c.key })
        {
            let line = hardware.lines.first { $0.contact == c.key }
            all.append((.travel(c), Nominal(from: line.map { "\($0.on).\($0.line)" } ?? "")))
        }
        return all
    }
}
