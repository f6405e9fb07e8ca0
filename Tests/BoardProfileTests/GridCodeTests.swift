import BoardProfile
import Testing

@Suite("Grid codes hold the numbers of their tables")
struct GridCodeTests {
    private func code(_ name: String) throws -> GridCodeProfile {
        try GridCodeProfile.section.read(
            "grid-codes/\(name).yaml", in: BoardFolder(root: boardsFolder)
        ).get()
    }
    private func row(_ code: GridCodeProfile, _ name: String) -> [Double] {
        code.stages.filter { $0.name == name }.flatMap { [$0.pickup, $0.clearing_s] }
    }

    /// IEEE 1547-2018, tables 11 to 13: OV2, OV1, UV1, UV2 in pu and s.
    @Test(
        "IEEE 1547-2018 shall-trip defaults",
        arguments: [
            (1, [[1.2, 0.16], [1.1, 2], [0.7, 2], [0.45, 0.16]]),
            (2, [[1.2, 0.16], [1.1, 2], [0.7, 10], [0.45, 0.16]]),
            (3, [[1.2, 0.16], [1.1, 13], [0.88, 21], [0.5, 2]]),
        ])
    func ieee(_ category: Int, _ voltage: [[Double]]) throws {
        let code = try code("ieee-1547-2018-cat-\(category)")
        #expect(["OV2", "OV1", "UV1", "UV2"].map { row(code, $0) } == voltage)
        // Table 18.
        #expect(
            ["OF2", "OF1", "UF1", "UF2"].map { row(code, $0) } == [
                [62, 0.16], [61.2, 300], [58.5, 300], [56.5, 0.16],
            ])
        // Table 4 and clause 4.10.3.
        #expect([code.enterLow_pu, code.enterHigh_pu] == [0.917, 1.05])
        #expect([code.enterLow_Hz, code.enterHigh_Hz] == [59.5, 60.1])
        #expect([code.enterDelay_s, code.enterExcursion_s] == [300, 0.05])
        // Table 5, up to 500 kVA.
        #expect([code.syncSlip_Hz, code.syncVoltage_pu, code.syncAngle_deg] == [0.3, 0.1, 20])
        // Never a trip inside the ride-through of the category, 0.5, 2 and 3 Hz/s.
        let rocof = try #require(code.stages.first { $0.watched == "grid_rocof" })
        #expect(rocof.pickup >= [0.5, 2, 3][category - 1])
    }

    /// IEEE 1547-2018, tables 11 to 13 and 18: what an operator may choose.
    @Test(
        "IEEE 1547-2018 ranges",
        arguments: [(1, 2.0...21.0, 0.16...2.0), (2, 2...21, 0.16...2), (3, 21...50, 2...21)])
    func ranges(_ category: Int, _ uv1: ClosedRange<Double>, _ uv2: ClosedRange<Double>) throws {
        let code = try code("ieee-1547-2018-cat-\(category)")
        func ranges(_ name: String) -> [ClosedRange<Double>?] {
            code.stages.filter { $0.name == name }.flatMap { [$0.pickupRange, $0.clearingRange] }
        }
        #expect(ranges("OV2") == [1.2...1.2, 0.16...0.16])
        #expect(ranges("OV1") == [1.1...1.2, 1...13])
        #expect(ranges("UV1") == [0...0.88, uv1])
        #expect(ranges("UV2") == [0...0.5, uv2])
        #expect(ranges("OF2") == [61.8...66, 0.16...1000])
        #expect(ranges("OF1") == [61...66, 180...1000])
        #expect(ranges("UF1") == [50...59, 180...1000])
        #expect(ranges("UF2") == [50...57, 0.16...1000])
        #expect(code.enter.low_pu?.range == 0.88...0.95)
        #expect(code.enter.high_pu?.range == 1.05...1.06)
        #expect(code.enter.low_Hz?.range == 59...59.9)
        #expect(code.enter.high_Hz?.range == 60.1...61)
        #expect(code.enter.delay_s?.range == 0...600)
        #expect(code.enter.ramp_s == Adjustable(300, 1...1000))
        let droop = try #require(code.support.frequencyDroop)
        #expect(droop.deadbandOver_Hz == Adjustable(0.036, 0.017...1))
        #expect(droop.droopUnder_pu == Adjustable(0.05, (category == 3 ? 0.02 : 0.03)...0.05))
        #expect(droop.response_s == Adjustable(5, (category == 3 ? 0.2 : 1)...10))
        // Table 8, category B; table 10.
        let volt = try #require(code.support.voltVar)
        #expect(
            [volt.V1_pu, volt.V2_pu, volt.V3_pu, volt.V4_pu, volt.Q1_pu, volt.Q4_pu].map {
                $0?.value
            } == [0.92, 0.98, 1.02, 1.08, 0.44, -0.44])
        #expect(volt.response_s == Adjustable(5, 1...90))
        let watt = try #require(code.support.voltWatt)
        #expect(watt.V1_pu == Adjustable(1.06, 1.05...1.09) && watt.isEnabled == false)
        #expect(watt.response_s == Adjustable(10, 0.5...60))
        // Category A.
        let other = try #require(code.categoryA?.support.voltVar)
        #expect(
            [other.V1_pu, other.V2_pu, other.V3_pu, other.V4_pu, other.Q1_pu, other.Q4_pu].map {
                $0?.value
            } == [0.9, 1, 1, 1.1, 0.25, -0.25])
        #expect(code.support.reactive?.mode == .constantPowerFactor)
    }

    /// IEEE 1547-2018, tables 14 to 16.
    @Test(
        "IEEE 1547-2018 ride-through",
        arguments: [
            (1, [0.5, 0.7, 0.88, 1.1, 1.15, 1.175, 1.2]),
            (2, [0.3, 0.45, 0.65, 0.88, 1.1, 1.15, 1.175, 1.2]), (3, [0.5, 0.7, 0.88, 1.1, 1.2]),
        ])
    func rideThrough(_ category: Int, _ bounds: [Double]) throws {
        let code = try code("ieee-1547-2018-cat-\(category)")
        let ride = try #require(code.rideThrough)
        // No gap: each region begins where one ends.
        let regions = ride.voltage.regions
        #expect(regions.compactMap(\.high).sorted() == bounds)
        #expect(regions.compactMap(\.low).sorted() == bounds)
        let frequency = ride.frequency.regions
        #expect(frequency.map(\.low) == [61.2, 58.8, 57])
        #expect(frequency.map(\.minimum_s) == [299, nil, 299])
        #expect(ride.rocof_Hz_per_s == [0.5, 2, 3][category - 1])
    }

    @Test("ENA EREC G98 and G99: loss of mains at 1 Hz/s over half a second, at no other value")
    func britain() throws {
        for name in ["g98", "g99"] {
            let rocof = try #require(try code(name).stages.first { $0.name == "ROCOF" })
            #expect(rocof.pickup == 1 && rocof.clearing_s == 0.5 && !rocof.isSiteOnly)
            #expect(rocof.pickupRange == 1...1 && rocof.clearingRange == 0.5...0.5)
        }
    }

    @Test("EN 50549-1: back after 60 s of 49.5 to 50.2 Hz and 85 to 110 %")
    func en() throws {
        let code = try code("en-50549-1")
        #expect([code.enterLow_pu, code.enterHigh_pu] == [0.85, 1.1])
        #expect([code.enterLow_Hz, code.enterHigh_Hz, code.enterDelay_s] == [49.5, 50.2, 60])
        #expect(row(code, "ROCOF") == [1, 0.5])
        #expect(code.stages.allSatisfy { $0.action == "island" })
    }
}
