import BoardProfile
import Testing

/// A 60 Hz roof with a DER under a code with ranges, as files in memory.
enum DERSample {
    static let code = """
        title: Sample code, 60 Hz
        standard: SC 1
        enter_service:
          clause: clause 4
          low_pu: {default: 0.917, range: [0.88, 0.95]}
          high_pu: {default: 1.05, range: [1.05, 1.06]}
          low_Hz: 59.5
          high_Hz: {default: 60.1, range: [60.1, 61.0]}
          delay_s: {default: 300, range: [0, 600]}
          ramp_s: {default: 300, range: [1, 1000]}
        stages:
          - name: OV2
            clause: clause 6, table 12
            watches: grid_voltage_high
            pickup_pu: {default: 1.20, range: [1.20, 1.20]}
            clearing_s: {default: 0.16, range: [0.16, 0.16]}
            action: island
          - name: UV1
            clause: clause 6, table 12
            watches: grid_voltage_low
            pickup_pu: {default: 0.70, range: [0, 0.88]}
            clearing_s: {default: 10, range: [2, 21]}
            action: island
          - {name: ROCOF, watches: grid_rocof, pickup_Hz_per_s: 2, clearing_s: 0.5, action: island, site_only: true}
        ride_through:
          voltage:
            regions:
              - {low_pu: 0.88, high_pu: 1.10, mode: continuous}
              - {low_pu: 0.65, high_pu: 0.88, mode: mandatory, minimum_s: 3, slope_s_per_pu: 8.7}
              - {high_pu: 0.30, mode: cease, response_s: 0.16}
          frequency:
            regions:
              - {low_Hz: 58.8, high_Hz: 61.2, mode: continuous}
        reactive: {clause: "clause 5", mode: constant_power_factor, inject_pu: 0.44, absorb_pu: 0.44}
        volt_var:
          clause: clause 5.3
          V1_pu: {default: 0.92, range: [0.82, 0.98]}
          V2_pu: {default: 0.98, range: [0.97, 1.00]}
          V3_pu: {default: 1.02, range: [1.00, 1.03]}
          V4_pu: {default: 1.08, range: [1.02, 1.18]}
          Q1_pu: {default: 0.44, range: [0, 1]}
          Q4_pu: {default: -0.44, range: [-1, 0]}
          least_step_pu: 0.02
          response_s: {default: 5, range: [1, 90]}
        category_a:
          volt_var: {V1_pu: 0.9, V2_pu: 1, V3_pu: 1, V4_pu: 1.1, Q1_pu: 0.25, Q4_pu: -0.25, response_s: 10}

        """
    static let board = """
        title: Roof
        grid_code: sample
        nominal: {frequency_Hz: 60, voltage_V: 277}
        sensors: {voltage_range_V: 600}
        coupling:
          rated_A: 63
          interface_protection: false
        homes:
          - name: roof
            inverter: {rating_VA: 10000}
            der:
              kind: pv
              stages:
                - {name: UV1, pickup_pu: 0.75, clearing_s: 5}
              enter_service: {delay_s: 10}
              reactive: {mode: volt_var}
              volt_var: {V1_pu: 0.91}
            shedding: {charging: {below_Hz: 59.35}, deferrable: {below_Hz: 59.2}, comfort: {below_Hz: 59.0}, restore_above_Hz: 59.7}

        """

    static func read(_ board: String = board, code: String = code) -> Reading<SiteProfile> {
        let files = ["r/board.yaml": board, "grid-codes/sample.yaml": code]
        return SiteProfile.section.read("r/board.yaml", in: BoardFolder(memory: files))
    }

    /// The problems of the board, or the code, in which `old` stands as `new`.
    static func problems(_ old: String, _ new: String) -> [String] {
        if board.contains(old) {
            return read(board.replacing(old, with: new)).problems.map(\.description)
        }
        precondition(code.contains(old), "the sample has no \(old)")
        return read(code: code.replacing(old, with: new)).problems.map(\.description)
    }
}

private struct Change: CustomTestStringConvertible, Sendable {
    var old: String
    var new: String
    var expected: [String]
    init(_ old: String, _ new: String, _ expected: String...) {
        (self.old, self.new, self.expected) = (old, new, expected)
    }
    var testDescription: String { "\(old) → \(new)".replacing("\n", with: "⏎") }
}

@Suite("What an operator may choose")
struct AdjustableTests {
    @Test("A number of a grid code stands alone or with its range")
    func forms() throws {
        let site = try DERSample.read().get()
        let enter = site.gridCode.enter
        #expect(enter.delay_s == Adjustable(300, 0...600))
        #expect(enter.low_Hz == Adjustable(59.5))
        let whole = try DERSample.read(code: DERSample.code).get()
        #expect(whole.homes[0].der?.code.stages[0].pickupRange == 1.2...1.2)
    }

    @Test("A board's choices stand in its code, and the code's elsewhere")
    func chosen() throws {
        let der = try #require(try DERSample.read().get().homes[0].der)
        let uv1 = try #require(der.code.stages.first { $0.name == "UV1" })
        #expect(uv1.pickup == 0.75 && uv1.clearing_s == 5)
        #expect(uv1.pickupRange == 0...0.88 && uv1.clearingRange == 2...21)
        #expect(der.code.enter.delay_s == Adjustable(10, 0...600))
        #expect(der.code.enter.ramp_s == Adjustable(300, 1...1000))
        #expect(der.code.support.reactive?.mode == .voltVar)
        #expect(der.code.support.reactive?.priority == .reactive)
        #expect(der.code.support.voltVar?.V1_pu == Adjustable(0.91, 0.82...0.98))
        #expect(der.code.support.voltVar?.V2_pu == Adjustable(0.98, 0.97...1))
        // The trips of a site that can carry itself are not a DER's; the others watch its terminals.
        #expect(der.protection.map(\.name) == ["OV2", "UV1"])
        #expect(der.protection.map(\.watched) == ["bus_voltage_high", "bus_voltage_low"])
        #expect(der.protection.allSatisfy { $0.action == "cease" })
    }

    @Test("Category A has its own curve")
    func category() throws {
        let board = DERSample.board.replacing("kind: pv", with: "kind: pv\n      category: A")
        let der = try #require(try DERSample.read(board).get().homes[0].der)
        #expect(der.code.support.voltVar?.V2_pu == Adjustable(1))
        #expect(der.code.support.voltVar?.V1_pu == Adjustable(0.91))
    }

    @Test(
        "A choice outside the range is refused with its place, the range and the clause",
        arguments: [
            Change(
                "pickup_pu: 0.75", "pickup_pu: 0.89",
                "r/board.yaml:14:34: error: homes[0].der.stages[0].pickup_pu = 0.89: is outside what "
                    + "the grid code allows, 0 to 0.88 pu (SC 1, clause 6, table 12); write 0 to 0.88"
            ),
            Change(
                "clearing_s: 5", "clearing_s: 1.9",
                "r/board.yaml:14:52: error: homes[0].der.stages[0].clearing_s = 1.9: is outside what "
                    + "the grid code allows, 2 to 21 s (SC 1, clause 6, table 12); write 2 to 21"),
            Change(
                "name: UV1, pickup_pu: 0.75, clearing_s: 5", "name: OV2, pickup_pu: 1.21",
                "r/board.yaml:14:34: error: homes[0].der.stages[0].pickup_pu = 1.21: is not what the "
                    + "grid code fixes, 1.2 pu (SC 1, clause 6, table 12); write 1.2, or remove the line"
            ),
            Change(
                "name: UV1, pickup", "name: UV3, pickup",
                "r/board.yaml:14:18: error: homes[0].der.stages[0].name = UV3: is no stage of the grid "
                    + "code; write OV2, UV1 or ROCOF"),
            Change(
                "pickup_pu: 0.75", "pickup_Hz: 58",
                "r/board.yaml:14:34: error: homes[0].der.stages[0].pickup_Hz = 58: is not in the unit "
                    + "of grid_voltage_low (SC 1, clause 6, table 12); write pickup_pu"),
            Change(
                "delay_s: 10", "delay_s: 601",
                "r/board.yaml:15:32: error: homes[0].der.enter_service.delay_s = 601: is outside what "
                    + "the grid code allows, 0 to 600 s (SC 1, clause 4); write 0 to 600"),
            Change(
                "V1_pu: 0.91", "V1_pu: 0.81",
                "r/board.yaml:17:25: error: homes[0].der.volt_var.V1_pu = 0.81: is outside what the "
                    + "grid code allows, 0.82 to 0.98 pu (SC 1, clause 5.3); write 0.82 to 0.98"),
            Change(
                "V1_pu: 0.91", "V1_pu: 0.97",
                "r/board.yaml:17:25: error: homes[0].der.volt_var.V1_pu = 0.97: is not 0.02 pu below "
                    + "V2_pu (0.98) (SC 1, clause 5.3); make it at most 0.96"),
            Change(
                "volt_var: {V1_pu: 0.91}", "volt_watt: {V1_pu: 1.06}",
                "r/board.yaml:17:18: error: homes[0].der.volt_watt: is no function of the grid code; "
                    + "remove it"),
            Change(
                "V1_pu: 0.91", "V1_pu: {default: 0.91, range: [0.8, 1]}",
                "r/board.yaml:17:25: error: homes[0].der.volt_var.V1_pu: is a section, not a number; "
                    + "write 0.5 to 1.5 pu, such as 0.92"),
            Change(
                "kind: pv", "kind: pv\n      inject_var: 4000",
                "r/board.yaml:13:19: error: homes[0].der.inject_var = 4000: is less than the 0.44 of "
                    + "the rating that the grid code asks for (SC 1, clause 5); make it at least 4400"
            ),
            Change(
                "kind: pv", "kind: pv\n      charge_W: 100",
                "r/board.yaml:13:17: error: homes[0].der.charge_W = 100: is of what cannot charge; "
                    + "remove it, or write kind: storage"),
            Change(
                "kind: pv", "kind: pv\n      rating_W: 10001",
                "r/board.yaml:13:17: error: homes[0].der.rating_W = 10001: is above the inverter's "
                    + "apparent power; make it at most inverter.rating_VA (10000)"),
        ])
    fileprivate func refused(_ change: Change) {
        #expect(DERSample.problems(change.old, change.new) == change.expected)
    }

    @Test(
        "The ends of a range are allowed",
        arguments: ["0", "0.88"], ["2", "21"])
    func ends(_ pickup: String, _ clearing: String) {
        let board = DERSample.board.replacing("0.75", with: pickup)
            .replacing("clearing_s: 5", with: "clearing_s: \(clearing)")
        #expect(DERSample.read(board).errors.map(\.description) == [])
    }

    @Test("A stage of a coupling keeps to the range of the one it stands for")
    func coupling() {
        let stages = """
              interface_protection: true
              stages:
                - {name: UV1, watches: grid_voltage_low, pickup_pu: 0.5, clearing_s: 22, action: island}
            """
        let board = DERSample.board.replacing("  interface_protection: false", with: stages)
        #expect(
            DERSample.read(board).problems.map(\.description) == [
                "r/board.yaml:9:74: error: coupling.stages[0].clearing_s = 22: is outside what the "
                    + "grid code allows, 2 to 21 s (SC 1, clause 6, table 12); write 2 to 21"
            ])
        let alarm = board.replacing(
            "clearing_s: 22, action: island", with: "clearing_s: 2, action: alarm")
        #expect(
            DERSample.read(alarm).problems.map(\.description) == [
                "r/board.yaml:9:85: error: coupling.stages[0].action = alarm: takes away a trip that "
                    + "the grid code asks for (SC 1, clause 6, table 12); write island"
            ])
        let delay = DERSample.board.replacing(
            "  interface_protection: false", with: "  enter_delay_s: 900")
        #expect(
            DERSample.read(delay).problems.map(\.description) == [
                "r/board.yaml:7:18: error: coupling.enter_delay_s = 900: is outside what the grid code "
                    + "allows, 0 to 600 s (SC 1, clause 4); write 0 to 600"
            ])
    }

    @Test("A trip inside what is to be stayed through is told, not refused")
    func impatient() {
        let reading = DERSample.read(
            DERSample.board.replacing("0.75, clearing_s: 5", with: "0.88, clearing_s: 4"))
        #expect(reading.value != nil)
        #expect(
            reading.problems.map(\.description) == [
                "r/board.yaml:14:11: warning: homes[0].der.stages[0]: is shorter than the "
                    + "5.001 s that ride_through asks for at 0.65 to 0.88 pu; ask the operator whether "
                    + "the trip or the ride-through is meant"
            ])
    }

    @Test(
        "A grid code that cannot be obeyed is refused",
        arguments: [
            Change(
                "{default: 0.917, range: [0.88, 0.95]}", "{default: 0.96, range: [0.88, 0.95]}",
                "grid-codes/sample.yaml:5:21: error: enter_service.low_pu.default = 0.96: is "
                    + "outside its own range, 0.88 to 0.95; correct one of them"),
            Change(
                "range: [0.88, 0.95]", "range: [0.95, 0.88]",
                "grid-codes/sample.yaml:5:35: error: enter_service.low_pu.range = a list of 2: falls; write "
                    + "[0.88, 0.95]"),
            Change(
                "range: [0.88, 0.95]", "rang: [0.88, 0.95]",
                "grid-codes/sample.yaml:5:28: error: enter_service.low_pu.rang: is not a key "
                    + "here; write range"),
            Change(
                "clearing_s: {default: 10, range: [2, 21]}",
                "clearing_s: {default: 3, range: [2, 21]}",
                "grid-codes/sample.yaml:22:17: error: stages[1].clearing_s: is shorter than "
                    + "the 3.435 s that ride_through asks for at 0.65 to 0.88 pu; make it at least 3.435"
            ),
            Change(
                "{low_pu: 0.88, high_pu: 1.10, mode: continuous}",
                "{low_pu: 0.92, high_pu: 1.10, mode: continuous}",
                "grid-codes/sample.yaml:5:11: error: enter_service.low_pu: is below "
                    + "continuous operation; make it at least 0.92"),
            Change(
                "high_pu: 0.88, mode: mandatory", "high_pu: 0.89, mode: mandatory",
                "grid-codes/sample.yaml:28:9: error: ride_through.voltage.regions[0]: overlaps "
                    + "the region 0.65 to 0.89; let one end where the other begins"),
            Change(
                "V1_pu: {default: 0.92,", "V1_pu: {default: 0.97,",
                "grid-codes/sample.yaml:37:10: error: volt_var.V1_pu: is not 0.02 pu below "
                    + "V2_pu (0.98); make it at most 0.96"),
        ])
    fileprivate func incoherent(_ change: Change) {
        #expect(DERSample.problems(change.old, change.new) == change.expected)
    }

    @Test("The sheet and the values in force name range and clause")
    func sheet() throws {
        let reading = DERSample.read()
        let sheet = SettingsSheet(try reading.get())
        #expect(sheet.controllers.map(\.name) == ["pcc", "roof"])
        let roof = sheet.controllers[1]
        let uv1 = try #require(roof.stages.first { $0.name == "UV1" })
        #expect(uv1.choice == "0 to 0.88 pu, 2 to 21 s" && uv1.clause == "clause 6, table 12")
        let row = try #require(roof.support.first { $0.key == "volt_var.V1_pu" })
        #expect(row.value == "0.91 pu" && row.range == 0.82...0.98 && row.clause == "clause 5.3")
        #expect(roof.support.contains { $0.key == "enter_service.delay_s" && $0.value == "10 s" })
        #expect(sheet.text.contains("volt_var.V1_pu"))
        let setting = try #require(
            reading.settings.first { $0.key == "grid_code.enter_service.delay_s" })
        #expect(setting.value == "300" && setting.range == 0...600)
        #expect(reading.settings.table.contains("300 s (0 to 600)"))
    }

    @Test("The schema knows both forms and the functions")
    func schema() {
        let schema = GridCodeProfile.section.description.jsonSchema().compact
        for key in [
            "ride_through", "volt_var", "volt_watt", "watt_var", "frequency_droop",
            "limit_active_power", "constant_power_factor", "constant_reactive", "anti_islanding",
            "category_a", "random_delay_s",
        ] { #expect(schema.contains("\"\(key)\""), "\(key)") }
        #expect(schema.contains(#""required":["default","range"]"#))
        #expect(SiteProfile.section.description.jsonSchema().compact.contains(#""der":"#))
    }
}
