import Foundation

/// One cycle of a wave whose fundamental has an RMS of 1, as a table: quick enough for every sample of
/// every channel. Between its places a straight line: 3e-7 of the fundamental at most.
struct EnergyWave: Sendable {
    struct Tone: Equatable, Sendable {
        var order: Int
        /// RMS over that of the fundamental.
        var ratio: Double
        /// Of its cosine, in its own turns.
        var turns: Double
    }
    let tones: [Tone]
    /// True RMS, as a meter shows it.
    let rms: Double
    private let table: [Double]
    private static let places = 4096

    init(_ tones: [Tone] = []) {
        self.tones = tones
        rms = (1 + tones.reduce(0) { $0 + $1.ratio * $1.ratio }).squareRoot()
        let n = Double(Self.places)
        table = (0...Self.places).map { k in
            tones.reduce(2.0.squareRoot() * cos(2 * .pi * Double(k) / n)) { sum, tone in
                let angle = 2 * .pi * (Double(tone.order * k) / n + tone.turns)
                return sum + 2.0.squareRoot() * tone.ratio * cos(angle)
            }
        }
    }

    /// 5th, 7th, 11th and 13th, together `distortion` of the fundamental, in the proportions of
    /// `Waveform.Dirt`; each at an angle of its own.
    init(distortion: Double, turns: [Double]) {
        let parts = [(5, 0.06), (7, 0.04), (11, 0.03), (13, 0.02)]
        let whole = parts.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
        self.init(
            distortion > 0
                ? zip(parts, turns).map {
                    Tone(order: $0.0, ratio: $0.1 * distortion / whole, turns: $1)
                } : [])
    }

    /// At `turns` of the fundamental's cosine, 0 or more.
    func at(_ turns: Double) -> Double {
        let place = (turns - turns.rounded(.down)) * Double(Self.places)
        let k = Int(place)
        return table[k] + (table[k + 1] - table[k]) * (place - Double(k))
    }
}

/// What is applied to a board.
struct EnergyFeed: Sendable {
    var frequency_Hz = 50.0
    /// RMS of the fundamentals.
    var voltage_V = 0.0
    var current_A = 0.0
    /// Of the current against its voltage: negative lags, 180 flows out of the bus.
    var angle_deg = 0.0
    var voltage = EnergyWave()
    var current = EnergyWave()
    /// An installer's: all voltages parallel, all currents in one wire. Else three phases.
    var isOnePhase = false

    /// Of one phase, W and var of the fundamental. With a sinusoidal current, or voltage, it is all
    /// the power there is: harmonics of the one meet none of the other.
    var active_W: Double { voltage_V * current_A * cos(angle_deg * .pi / 180) }
    var reactive_var: Double { -voltage_V * current_A * sin(angle_deg * .pi / 180) }
}
