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

    @Test("EN 50549-1: back after 60 s of 49.5 to 50.2 Hz and 85 to 110 %")
    func en() throws {
        let code = try code("en-50549-1")
        #expect([code.enterLow_pu, code.enterHigh_pu] == [0.85, 1.1])
        #expect([code.enterLow_Hz, code.enterHigh_Hz, code.enterDelay_s] == [49.5, 50.2, 60])
        #expect(row(code, "ROCOF") == [1, 0.5])
        #expect(code.stages.allSatisfy { $0.action == "island" })
    }
}
