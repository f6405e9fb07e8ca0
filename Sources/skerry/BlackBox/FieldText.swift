import BoardProfile
import Foundation
import Wire

extension FieldList.Value {
    /// For people: floats to their shortest exact text, with their bits where that tells nothing.
    var text: String {
        switch self {
        case .float(let x): x.isNaN ? "NaN (\(String(format: "0x%08x", x.bitPattern)))" : "\(x)"
        case .flag(let x): x ? "yes" : "no"
        case .number(let x): "\(x)"
        case .count(let x): "\(x)"
        }
    }
    /// For CSV: a number, empty where it is none.
    var csv: String {
        switch self {
        case .float(let x): x.isFinite ? Self.plain("\(x)") : ""
        case .flag(let x): x ? "1" : "0"
        case .number(let x): "\(x)"
        case .count(let x): "\(x)"
        }
    }
    var json: JSON {
        switch self {
        case .float(let x): .number(Double(csv) ?? Double(x))
        case .flag(let x): .flag(x)
        case .number(let x): .number(Double(x))
        case .count(let x): .number(Double(x))
        }
    }
    private static func plain(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
