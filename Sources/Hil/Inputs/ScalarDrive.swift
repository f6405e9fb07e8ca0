import Control

/// What one slow channel's sensor says.
struct ScalarDrive: Equatable, Sendable {
    enum Source: Equatable, Sendable { case silent, value, raw }
    private(set) var source = Source.silent
    private var from = 0.0
    private var to = 0.0
    private var isOdd = false

    mutating func take(_ value: Double, isRaw: Bool, isRamp: Bool) {
        let source: Source = isRaw ? .raw : .value
        from = isRamp && source == self.source ? to : value
        to = value
        self.source = source
    }
    mutating func silence() { source = .silent }
    mutating func endStep() { from = to }

    /// One tick's reading. A live quantity does not repeat itself to the last bit: where the controller
    /// takes that for a sensor that is stuck, the last bit of a value alternates; a raw number is as told.
    mutating func read(
        into scalar: inout Scalar, _ s: ChannelSettings, _ share: TickShare
    ) {
        guard source != .silent else {
            if scalar.age < .max { scalar.age += 1 }
            return
        }
        let value = from == to ? to : from + (to - from) * share.end
        var raw = Float(value)
        if source == .value {
            raw = Float(value / Double(s.gain) + Double(s.offset))
            if s.stuckAfter > 0 {
                isOdd.toggle()
                if isOdd { raw = raw.nextUp }
            }
        }
        scalar = Scalar(raw: raw, age: 0)
    }
}
