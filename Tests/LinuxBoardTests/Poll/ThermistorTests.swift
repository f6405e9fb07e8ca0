import LinuxBoard
import Testing

@Suite("A thermistor below a resistor")
struct ThermistorTests {
    private let ntc = Thermistor(R25_ohm: 10_000, beta_K: 3435, pullUp_ohm: 10_000, supply_V: 3.3)

    @Test(
        "Volts to degrees",
        arguments: [
            // R = R25 at half the supply.
            (1.65, 25),
            // 3435 · (1/273.15 − 1/298.15) = 1.05446; 10 kohm · e^1.05446 = 28.704 kohm;
            // 3.3 · 28.704 / 38.704 = 2.44737 V.
            (2.44737, 0),
            // 3435 · (1/333.15 − 1/298.15) = −1.21037; 2.9809 kohm; 3.3 · 2.9809 / 12.9809 = 0.75779 V.
            (0.75779, 60),
        ] as [(Float, Float)])
    func degrees(volts: Float, expected: Float) {
        #expect(abs(ntc.temperature_degC(at: volts) - expected) < 0.01)
    }

    @Test(
        "Shorted, torn off and impossible are no temperature",
        arguments: [0, 0.0033, 3.2967, 3.3, 4, -1, .nan, .infinity] as [Float])
    func broken(volts: Float) {
        #expect(ntc.temperature_degC(at: volts).isNaN)
    }
}
