import Control

extension ControllerSettings {
    /// Takes from other settings what `Controller.adopt` takes.
    mutating func takeWhatIsAdopted(from other: ControllerSettings) {
        stages = other.stages
        if let window = other.coupling?.window { coupling?.window = window }
        if let changed = other.interconnect, interconnect != nil { interconnect = changed }
    }

    /// A running controller that adopts these behaves as one that is made with them.
    func differsOnlyInWhatIsAdopted(from other: ControllerSettings) -> Bool {
        var other = other
        other.takeWhatIsAdopted(from: self)
        for k in 0..<WaveChannel.count {
            guard waves[k] == other.waves[k], wavePhases[k] == other.wavePhases[k] else {
                return false
            }
        }
        for k in 0..<ScalarChannel.count where scalars[k] != other.scalars[k] { return false }
        return words == other.words
    }

    /// Everything but rows of channels, written out: settings are plain numbers all through.
    private var words: [String] {
        var copy = self
        copy.waves = .init(repeating: ChannelSettings())
        copy.scalars = .init(repeating: ChannelSettings())
        copy.wavePhases = .init(repeating: .zero)
        return Mirror(reflecting: copy).children.compactMap { child in
            let isRow = ["waves", "scalars", "wavePhases"].contains(child.label ?? "")
            return isRow ? nil : "\(child.label ?? ""): \(String(reflecting: child.value))"
        }
    }
}
