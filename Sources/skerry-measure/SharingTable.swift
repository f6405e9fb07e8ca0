import Foundation
import Scenario

/// DC sharing against line-resistance mismatch as a Markdown table: the worst of five seeds.
enum SharingTable {
    static func print() {
        let ways = DCSharing.Restoration.allCases
        Swift.print("| second cable | " + ways.map(\.words).joined(separator: " | ") + " |")
        Swift.print("|---|" + ways.map { _ in "---" }.joined(separator: "|") + "|")
        for mismatch in [0.0, 0.25, 0.5, 0.75, 1] {
            let cells = ways.map { way -> String in
                let trial = DCSharing(mismatch: mismatch, restoration: way)
                let outcomes = (1...5).map { trial.run(seed: $0) }
                let worst = outcomes.map(\.error_percent).max()!
                let low = outcomes.map(\.bus_V).min()!, high = outcomes.map(\.bus_V).max()!
                return String(
                    format: "%.2f %% at %.2f ... %.2f V", worst, low, high)
            }
            let head = String(format: "+%.0f %%", 100 * mismatch)
            Swift.print("| \(head) | " + cells.joined(separator: " | ") + " |")
        }
    }
}
