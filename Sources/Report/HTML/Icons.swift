/// The marks of events, told apart by shape first and by colour second.
enum Icons {
    /// Definitions for `<use href="#icon-…">`, 12 × 12 units.
    static var definitions: String {
        let symbols = Trace.Event.Kind.allCases.map { kind in
            "<symbol id=\"icon-\(kind.rawValue)\" viewBox=\"0 0 12 12\">\(shape(kind))</symbol>"
        }
        return "<svg class=\"away\" aria-hidden=\"true\">\(symbols.joined())</svg>"
    }

    static func use(_ kind: Trace.Event.Kind) -> String {
        "<svg class=\"icon k-\(kind.rawValue)\" aria-hidden=\"true\">"
            + "<use href=\"#icon-\(kind.rawValue)\"/></svg>"
    }

    private static func shape(_ kind: Trace.Event.Kind) -> String {
        let solid = "fill=\"currentColor\""
        let line = "fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\""
        return switch kind {
        case .grid: "<path \(solid) d=\"M7 0 2 7h3.4L4.6 12 10 4.8H6.4z\"/>"
        case .transition: "<path \(solid) d=\"M0 4.5h6V1.2L12 6l-6 4.8V7.5H0z\"/>"
        case .trip: "<path \(line) stroke-width=\"2.4\" d=\"M2 2l8 8M10 2l-8 8\"/>"
        case .contactor:
            "<path \(line) stroke-width=\"1.6\" d=\"M0 9h3.2L9 3.4M8.6 9H12\"/>"
        case .shed: "<path \(solid) d=\"M1 2h10L6 11z\"/>"
        case .restore: "<path \(solid) d=\"M1 10h10L6 1z\"/>"
        case .fault:
            "<path \(solid) fill-rule=\"evenodd\" d=\"M6 0l6 11H0zM5.2 4v3.6h1.6V4zM5.2 8.4V10h1.6V8.4z\"/>"
        case .info: "<circle \(solid) cx=\"6\" cy=\"6\" r=\"3\"/>"
        }
    }
}
