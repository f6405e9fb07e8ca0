/// What no fit can use.
enum Guard {
    /// Finite, and small enough that its square is.
    static func isPlain(_ x: Double) -> Bool { x.isFinite && abs(x) < 1e100 }

    static func reference(_ reference: ReferenceMeter) throws(FitRefusal) {
        let numbers = [reference.ofReading, reference.absolute, reference.resolution]
        guard numbers.allSatisfy({ isPlain($0) && $0 >= 0 }) else {
            throw FitRefusal(
                "the reference \(reference.model) has an uncertainty that is no number of 0 or more",
                "give its specification as its certificate states it")
        }
    }
}

/// Numbers for people.
enum Figure {
    /// With `digits` significant digits.
    static func text(_ x: Double, _ digits: Int) -> String {
        guard x.isFinite, x != 0 else { return "\(x)" }
        var (scale, places) = (1.0, 0)
        let size = abs(x)
        while size * scale < 1, places < 12 { (scale, places) = (scale * 10, places + 1) }
        var whole = 1.0
        while size >= whole * 10 { whole *= 10 }
        var more = digits - 1
        while more > 0, whole > 1 { (whole, more) = (whole / 10, more - 1) }
        for _ in 0..<more where places < 12 { (scale, places) = (scale * 10, places + 1) }
        let rounded = (x * scale).rounded() / scale
        return rounded == rounded.rounded() && abs(rounded) < 1e15
            ? "\(Int(rounded))" : "\(rounded)"
    }

    /// A remark on points that were left out.
    static func leftOut(_ indices: [Int]) -> String {
        let shown = indices.prefix(8).map { "\($0 + 1)" }.joined(separator: ", ")
        let rest = indices.count > 8 ? " and \(indices.count - 8) more" : ""
        return indices.count == 1
            ? "Left out: point \(shown), far from what the others say."
            : "Left out: points \(shown)\(rest), far from what the others say."
    }
}
