/// Bytes that may be written: so many a day, an hour's worth at once.
struct Budget {
    private let perDay: Double
    private(set) var left: Double
    private var last_ns: Int64?
    private var isOver = false

    init(bytesPerDay: Int64) {
        perDay = Double(bytesPerDay)
        left = perDay / 24
    }
    mutating func pass(_ now_ns: Int64) {
        defer { last_ns = now_ns }
        guard let last_ns, now_ns > last_ns else { return }
        left = min(left + perDay * Double(now_ns - last_ns) / 86_400e9, perDay / 24)
    }
    mutating func spend(_ bytes: Int64) { left -= Double(bytes) }
    /// Turns are to be left out.
    var isSpent: Bool { left < 0 }
    /// Enough is there again for turns to be worth a new beginning: a quarter of an hour's worth.
    var isBack: Bool { left > perDay / 96 }
    /// Not even captures may begin.
    var isFarOver: Bool { left < -perDay / 24 }
}
