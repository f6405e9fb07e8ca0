import Plant
import SimBoard

/// The analogue front ends between the plant and the chips' pins, with their faults.
struct Sensors {
    private var sensors = Signal.allCases.map { Sensor($0.model) }
    /// By signal, V: what each front end gives, and what comes to the pin it should come to.
    private var given_V: [Double]
    private var pins_V: [Double]
    /// By signal: what a source on the terminals makes instead of the plant; and how each was made.
    private var applied = [Double?](repeating: nil, count: Signal.allCases.count)
    private var errors = [(ratio: Double, offset: Double)](
        repeating: (0, 0), count: Signal.allCases.count)
    private var random: Random

    init(random: Random) {
        self.random = random
        given_V = [Double](repeating: 0, count: Signal.allCases.count)
        pins_V = given_V
    }

    mutating func lay(_ fault: SensorFault?, on signal: Signal) {
        sensors[signal.rawValue].fault = fault
    }

    mutating func apply(_ value: Double?, to signal: Signal) { applied[signal.rawValue] = value }
    mutating func make(_ signal: Signal, ratio: Double, offset: Double) {
        errors[signal.rawValue] = (ratio, offset)
    }

    mutating func look(at plant: BenchPlant, dt_s: Double) {
        for n in sensors.indices {
            guard let signal = Signal(rawValue: n) else { continue }
            let truth = applied[n] ?? plant.read(signal)
            let given = truth * (1 + errors[n].ratio) + errors[n].offset
            let seen = sensors[n].read(given, dt_s: dt_s, random: &random)
            // Nothing new: the pin holds what it had.
            if sensors[n].fault != .drop { given_V[n] = signal.pin_V(seen) }
        }
        for n in given_V.indices { pins_V[n] = given_V[n] }
        // Two wires in each other's places.
        for n in given_V.indices {
            guard case .swap(let other)? = sensors[n].fault, given_V.indices.contains(Int(other))
            else { continue }
            pins_V[n] = given_V[Int(other)]
            pins_V[Int(other)] = given_V[n]
        }
    }

    /// Voltages on the pins of a chip that sees these.
    func pins_V(_ signals: [Signal]) -> SIMD4<Double> {
        var pins = SIMD4<Double>.zero
        for n in signals.indices { pins[n] = pins_V[signals[n].rawValue] }
        return pins
    }
}
