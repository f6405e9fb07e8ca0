import BoardProfile
import Scenario

/// A scenario, its village, grid code and table, as files in memory.
enum FilesSample {
    static let files = [
        "grid-codes/sample.yaml": """
        title: Sample code
        stages:
          - {name: UV, watches: grid_voltage_low, pickup_pu: 0.8, clearing_s: 2, action: island}

        """,
        "v/board.yaml": """
        title: Sample
        grid_code: sample
        coupling: {rated_A: 63}
        home_stages:
          - {name: OV, watches: bus_voltage_high, pickup_pu: 1.25, clearing_s: 0.2, action: trip_source}
        homes: [{name: a}, {name: b}]

        """,
        "v/data.csv": table(),
    ]

    /// Two days: `x_kW` counts quarter hours from 0 in kW/10, `y_W` is 7.
    static func table() -> String {
        var text = "# a comment\ndate,time,x_kW,y_W\n"
        for n in 0..<192 {
            let quarter = n % 96
            func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
            let day = n < 96 ? "2016-01-01" : "2016-01-02"
            text += "\(day),\(two(quarter / 4)):\(two(quarter % 4 * 15)),\(Double(n) / 10),7\n"
        }
        return text
    }

    static func read(_ text: String, _ more: [String: String] = [:]) -> Reading<ScenarioFile> {
        var files = files.merging(more) { $1 }
        files["v/scenarios/s.yaml"] = text
        return ScenarioFile.read("v/scenarios/s.yaml", in: BoardFolder(memory: files))
    }

    static let head = "title: T\nboard: ../board.yaml\nduration_s: 60\n"

    /// A scenario with these lines of events.
    static func events(_ lines: String..., more: String = "") -> Reading<ScenarioFile> {
        read(head + more + "events:\n" + lines.map { "  - \($0)\n" }.joined())
    }
}
