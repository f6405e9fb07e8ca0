extension Probe {
    /// Channels that an IIO device does not have, or cannot capture.
    func channels() -> [Finding] {
        wanted.compactMap { want in
            guard case .iio(let selector, let ids, let buffered) = want.part,
                let device = try? selector.choose(from: findings.iio)
            else { return nil }
            let usable = device.channels.filter { !buffered || $0.buffered }.map(\.id)
            let missing = ids.filter { !usable.contains($0) }
            guard !missing.isEmpty else { return nil }
            let kind = buffered ? "captures no" : "has no"
            let there = usable.isEmpty ? "none" : usable.joined(separator: ", ")
            return Finding(
                .fault, .missingChannel, [want.name],
                "\(device.described) \(kind) \(missing.joined(separator: ", ")), but \(there)",
                remedy: "Correct the channel in the board file, or change the chip.")
        }
    }

    /// Whether somebody wants a buffer of it.
    func isBuffered(_ device: DeviceSelector) -> Bool {
        wanted.contains {
            if case .iio(let selector, _, true) = $0.part { selector == device } else { false }
        }
    }
}
