import Quantities

/// A piecewise linear curve of up to eight points, flat beyond its first and last.
public struct Curve: Equatable, Sendable, BitwiseCopyable {
    /// The most points.
    public static var limit: Int { 8 }
    private var x = InlineArray<8, Float>(repeating: 0)
    private var y = InlineArray<8, Float>(repeating: 0)
    /// Points in use, 0 ... `limit`.
    public private(set) var count = 0

    /// A curve without points: nil everywhere.
    public init() {}
    /// A line from one point to another.
    public init(from a: (x: Float, y: Float), to b: (x: Float, y: Float)) {
        add(a.x, a.y)
        add(b.x, b.y)
    }

    /// One point more, not left of the last. A ninth one, or one out of order, is our bug: what
    /// people write was checked before.
    public mutating func add(_ x: Float, _ y: Float) {
        precondition(count < Self.limit, "a curve has at most eight points")
        precondition(count == 0 || x >= self.x[count - 1], "points run from left to right")
        self.x[count] = x
        self.y[count] = y
        count += 1
    }

    /// The point at `index`, 0 ..< `count`.
    public func point(_ index: Int) -> (x: Float, y: Float) { (x[index], y[index]) }

    /// The value at `at`; NaN where `at` is.
    public func value(at: Float) -> Float {
        guard count > 0 else { return 0 }
        guard !at.isNaN else { return .nan }
        let xs = x, ys = y
        guard at > xs[0] else { return ys[0] }
        var k = 1
        while k < count {
            if at <= xs[k] {
                let width = xs[k] - xs[k &- 1]
                guard width > 0 else { return ys[k] }
                return ys[k &- 1] + (ys[k] - ys[k &- 1]) * ((at - xs[k &- 1]) / width)
            }
            k &+= 1
        }
        return ys[count &- 1]
    }

    public static func == (a: Curve, b: Curve) -> Bool {
        guard a.count == b.count else { return false }
        for k in 0..<a.count where a.x[k] != b.x[k] || a.y[k] != b.y[k] { return false }
        return true
    }
}
