import Plant
import SimBoard

/// The analogue front ends between the plant and the chips' pins, with their faults.
struct Sensors {
    private var sensors = Signal.allCases.map { Sensor($0.model) }
    /// Pins, V, by signal.
    private(set) var pins_V: [Double]
    private var random: Random
    private var fresh: [Double]

    init(random: Random) {
        self.random = random
        pins_V = [Double](repeating: 0, count: Signal.allCases.count)
        fresh = pins_V
    }

    func fault(of signal: Signal) -> SensorFault? { sensors[signal.rawValue].fault }
    mutating func lay(_ fault: SensorFault?, on signal: Signal) {
        sensors[signal.rawValue].fault = fault
    }

    /// `values` by signal, in their units.
    mutating func look(_ values: [Double], dt_s: Double) {
        for signal in Signal.allCases {
            let n = signal.rawValue
            let seen = sensors[n].read(values[n], dt_s: dt_s, random: &random)
            // Nothing new: the pin holds what it had.
            if sensors[n].fault != .drop { fresh[n] = signal.pin_V(seen) }
        }
        for n in fresh.indices { pins_V[n] = fresh[n] }
        // Two wires in each other's places.
        for n in fresh.indices {
            guard case .swap(let other)? = sensors[n].fault, fresh.indices.contains(Int(other))
            else { continue }
            pins_V[n] = fresh[Int(other)]
            pins_V[Int(other)] = fresh[n]
        }
    }
}
