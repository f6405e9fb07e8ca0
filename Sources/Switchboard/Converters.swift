import BoardProfile
import HAL
import LinuxBoard

/// A converter with an IIO driver that is polled for single values: a thread of its own.
public struct PolledConverter: Sendable {
    public var profile: IIOProfile
    public var inputs: [String] = []
    public var outputs: [String] = []
    var readings: [BusThread.Reading] = []
    var references: [BusThread.Reference] = []

    init(_ profile: IIOProfile) { self.profile = profile }

    /// Its thread's work, once all its pins are known.
    public var plan: BusThread.Plan {
        BusThread.Plan(
            name: profile.name,
            parts: [
                (
                    profile.name,
                    IIOPart(
                        uri: profile.uri, device: profile.key, inputs: inputs, outputs: outputs)
                )
            ], readings: readings, references: references)
    }
}

/// A converter whose waveforms are captured.
public struct CapturedWaves: Sendable {
    public var plan: CaptureThread.Plan
    public var source: CaptureSource

    init?(_ hardware: HardwareProfile) {
        guard let converter = hardware.capturing else { return nil }
        plan = CaptureThread.Plan(
            name: converter.name, columns: hardware.waves.map(\.id),
            rate_Hz: converter.rate_Hz, block: converter.block)
        source = CaptureSource(
            uri: converter.uri, device: converter.key, trigger: converter.trigger,
            rate_Hz: converter.rate_Hz, bits: converter.bits,
            channels: hardware.waves.map { .init($0.id, scale: $0.scale, zero: $0.zero) })
    }
}

extension IIOProfile {
    /// How libiio's devices are told apart.
    var key: IIODeviceKey {
        if let label { return .label(label) }
        if let parent { return .parent(parent, name: device) }
        return .name(device ?? "")
    }
    var isOfThisMachine: Bool { uri == "local:" }
}

extension Switchboard {
    /// Converters of this machine that the board file wants, with what of each.
    func wantedConverters(_ findings: Findings) -> [Wanted] {
        hardware.iio.filter(\.isOfThisMachine).flatMap { converter -> [Wanted] in
            let found = findings.iio.first { $0.label != nil && $0.label == converter.label }
            let selector = DeviceSelector(
                name: converter.device ?? found?.name ?? converter.label ?? "",
                parent: converter.parent ?? found?.parent, index: nil)
            let captured = hardware.waves.filter { $0.converter == converter.name }.map(\.id)
            let polled = converters.first { $0.profile.name == converter.name }
            var wanted: [Wanted] = []
            if !captured.isEmpty {
                wanted.append(
                    Wanted(
                        converter.name,
                        .iio(selector, channels: captured, buffered: true)))
            }
            if let polled {
                wanted.append(
                    Wanted(converter.name, .iio(selector, channels: polled.inputs)))
            }
            return wanted
        }
    }

    /// A chip's name is not always its driver's: `ti-ads1015` says `ads1015` of an ads1115 too, and
    /// libiio knows that one alone.
    func misnamed(_ findings: Findings) -> [Finding] {
        hardware.iio.filter(\.isOfThisMachine).compactMap { converter in
            guard let name = converter.device,
                let found = try? DeviceSelector(name: name, parent: converter.parent, index: nil)
                    .choose(from: findings.iio), found.name != name
            else { return nil }
            return Finding(
                .fault, .missingDevice, [converter.name],
                "the driver of \(found.described) calls it \(found.name), not \(name)",
                remedy: "Write device: \(found.name).")
        }
    }

    /// Converters behind a server are asked through libiio: is it there, has it the channels.
    func probeServed() -> [Finding] {
        hardware.iio.filter { !$0.isOfThisMachine }.compactMap { converter in
            do throws(BoardFault) {
                let context = try IIOContext(converter.uri, timeout_ms: 2000)
                let device = try context.device(converter.key)
                let polled = converters.first { $0.profile.name == converter.name }
                let inputs =
                    hardware.waves.filter { $0.converter == converter.name }.map(\.id)
                    + (polled?.inputs ?? [])
                let there = device.channels.filter { !$0.isOutput }.map(\.id)
                let missing = inputs.filter { !there.contains($0) }
                guard !missing.isEmpty else { return nil }
                return Finding(
                    .fault, .missingChannel, [converter.name],
                    "\(device.name) has no \(missing.joined(separator: ", ")), but "
                        + there.joined(separator: ", "),
                    remedy: "Correct the channel in the board file.")
            } catch {
                return Finding(
                    .fault, error.kind == .notPermitted ? .notPermitted : .missingDevice,
                    [converter.name],
                    "\(converter.device ?? converter.label ?? "") at \(converter.uri) "
                        + error.words,
                    remedy: "iio_info -u \(converter.uri) says what is there.")
            }
        }
    }
}
