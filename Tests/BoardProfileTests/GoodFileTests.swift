import BoardProfile
import Quantities
import Testing

@Suite("Good files")
struct GoodFileTests {
    @Test("Every kind of value arrives, in its unit")
    func values() throws {
        let reading = read(
            """
            # A comment, and the title of a book: 2*pi & more.
            title: "Mole End: *the* house"   # trailing
            nominal_V: 2.4e2
            window_ms: 20
            delay_s: 0.5
            max_slip_Hz: .1
            phases: 1
            islanding: false
            pump: {rating_kW: 1.5}
            buses:
              ac: {}
              dc: {nominal_V: 48}
            homes:
              - name: a
                bus: dc
                circuits: [heat, ev]
            curve_pu: [0.9, 1.1]
            grid_code: ieee-1547
            calibration: ./meter.yaml

            """)
        #expect(reading.problems == [])
        let site = try reading.get()
        #expect(site.title == "Mole End: *the* house")
        #expect(site.nominal == Volts(240))
        #expect(site.window == Seconds(0.02))
        #expect(site.delay == .milliseconds(500))
        #expect(site.maxSlip == 0.1)
        #expect(site.phases == 1)
        #expect(site.islanding == false)
        #expect(site.pump == Pump(rating: Watts(1500)))
        #expect(site.buses == [Bus(name: "ac"), Bus(name: "dc", nominal_V: 48)])
        #expect(site.homes == [Home(name: "a", bus: "dc", circuits: ["heat", "ev"])])
        #expect(site.curve_pu == [0.9, 1.1])
        #expect(site.code == Code(over_Hz: 62))
        #expect(site.calibration == "meter.yaml")
        #expect(site.storage.capacity_Ah == 280)
        #expect(reading.names.all("bus") == ["ac", "dc"])
        #expect(reading.names.all("home") == ["a"])
    }

    @Test("A byte order mark and Windows line ends do no harm")
    func windows() throws {
        let reading = read("\u{FEFF}title: x\r\nbattery:\r\n  capacity_Ah: 5\r\n", battery: "")
        #expect(try reading.get().storage.capacity_Ah == 5)
        let bad = read("\u{FEFF}title: x\r\nbattery:\r\n  capacity_Ah: 5 Ah\r\n", battery: "")
        #expect(bad.problems.map(\.line) == [3])
        #expect(bad.problems.map(\.column) == [16])
    }

    @Test("Effective settings say where each value came from")
    func settings() {
        let reading = read("nominal_V: 240\ngrid_code: ieee-1547\n")
        #expect(
            reading.settings.table == """
                title                Site                         default
                nominal_V            240 V                        site.yaml:1
                overvoltage_V        253 V                        default
                undervoltage_V       195.5 V                      default
                window_ms            200 ms                       default
                delay_s              60 s                         default
                max_slip_Hz          not set                      default
                phases               3                            default
                islanding            true                         default
                battery.capacity_Ah  280 Ah                       site.yaml:4
                battery.chemistry    lfp                          default
                battery.address      0x40                         default
                pump                 not set                      default
                buses                none                         default
                homes                none                         default
                curve_pu             [0.92, 0.98, 1.02, 1.08] pu  default
                grid_code            ieee-1547                    site.yaml:2
                grid_code.over_Hz    62 Hz                        grid-codes/ieee-1547.yaml:1
                calibration          not set                      default

                """)
    }

    @Test("A problem shows the line and underlines the value")
    func caret() {
        let problem = read("title: x\nnominal_V: 230 V  # nominal\n").problems[0]
        #expect(
            problem.rendered == """
                error: nominal_V has its unit after the number
                 --> site.yaml:2:12
                  |
                2 | nominal_V: 230 V  # nominal
                  |            ^^^^^
                  = write 230; the key's name already says V
                """)
        #expect(
            problem.json.compact
                == #"{"file":"site.yaml","line":2,"column":12,"key":"nominal_V","value":"230 V","#
                + #""message":"has its unit after the number","#
                + #""remedy":"write 230; the key's name already says V","severity":"error"}"#)
    }

    @Test("All problems are told, in line order, at most 100 of a file")
    func many() {
        let lines = (0..<150).map { "key\($0): 1\n" }.joined()
        let problems = read(lines).problems
        #expect(problems.count == 101)
        #expect(problems.prefix(100).map(\.line) == Array(1...100))
        #expect(
            problems.last?.description
                == "site.yaml: error: has 50 more problems; correct these first")
    }
}
