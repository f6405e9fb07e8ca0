import LinuxBoard
import Testing

@Suite("What one count means")
struct StepTests {
    @Test("Steps of the data sheets, and of the chips' own shunts and scales")
    func steps() throws {
        func steps(_ chip: any Meter) -> [Float] { chip.inputs.indices.map { chip.step(of: $0) } }
        func near(_ a: [Float], _ b: [Float]) -> Bool {
            a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }
        }
        // 4.096 V / 32768 and / 2048.
        #expect(steps(try ADS1115(address: 0x48)).allSatisfy { $0 == 125e-6 })
        #expect(steps(try ADS1015(address: 0x48)).allSatisfy { $0 == 2e-3 })
        // 1.25 mV, 2.5 µV, 2.5 µV / 1 mΩ, 25 of them.
        let ina226 = steps(try INA226(address: 0x40, shunt_Ohm: 0.001))
        #expect(near(ina226, [1.25e-3, 2.5e-6, 2.5e-3, 62.5e-3]), "\(ina226)")
        // 4 mV, 10 µV, 10 µV / 0.1 Ω, 20 of them.
        let ina219 = steps(try INA219(address: 0x40, shunt_Ohm: 0.1))
        #expect(near(ina219, [4e-3, 10e-6, 1e-4, 2e-3]), "\(ina219)")
        // 8 mV, 40 µV, 40 µV / 0.1 Ω.
        let ina3221 = steps(try INA3221(address: 0x40, shunts_Ohm: [0.1, 0.1, 0.2]))
        #expect(near(Array(ina3221.prefix(3)), [8e-3, 40e-6, 4e-4]), "\(ina3221)")
        #expect(near([ina3221[8]], [2e-4]))
        // A bus voltage has no sign, what is across a shunt has.
        let signs = try INA226(address: 0x40, shunt_Ohm: 0.001)
        #expect(signs.least(of: 0) == 0 && signs.least(of: 2) == -.infinity)
    }
}
