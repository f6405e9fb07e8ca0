/// A contactor, breaker or relay: a coil, an armature that takes time to travel, contacts that
/// bounce, and an auxiliary contact linked to the armature. Stepped in microseconds.
public struct Contactor: Equatable, Sendable {
    public enum Fault: Equatable, Sendable {
        /// The main contacts have fused: conducts whatever the coil does. The armature is held, so
        /// the linked auxiliary reads closed (IEC 60947-4-1, annex F: mirror contact).
        case welded
        /// The armature does not move from open.
        case stuckOpen
        /// Travels take this many times longer.
        case slow(times: Int)
        /// The auxiliary contact reads this for ever.
        case auxiliary(Bool)
    }
    enum Position: Equatable, Sendable {
        case open
        case closing(left_us: Int)
        case bouncing(left_us: Int)
        case closed
        case opening(left_us: Int)
    }

    /// From coil to first touch, from release to parting, length of the bounce and of one half of it.
    public var closing_us: Int
    public var opening_us: Int
    public var bounce_us: Int
    public var bounceHalf_us: Int
    public var fault: Fault?
    /// What drives the coil.
    public var coil = false
    /// Times the contacts have touched.
    public private(set) var operations = 0
    private(set) var position: Position

    public init(
        closing_us: Int = 15_000, opening_us: Int = 8_000, bounce_us: Int = 2_000,
        bounceHalf_us: Int = 250, isClosed: Bool = false
    ) {
        self.closing_us = closing_us
        self.opening_us = opening_us
        self.bounce_us = bounce_us
        self.bounceHalf_us = max(1, bounceHalf_us)
        position = isClosed ? .closed : .open
        coil = isClosed
    }

    /// Current can flow now.
    public var isConducting: Bool {
        if fault == .welded { return true }
        switch position {
        case .open, .closing: return false
        // It touches first, then lifts, and so on; what is left is counted from the end.
        case .bouncing(let left): return ((bounce_us - left) / bounceHalf_us) % 2 == 0
        case .closed, .opening: return true
        }
    }

    /// What the auxiliary contact says: the armature's place, without the bounce.
    public var auxiliary: Bool {
        switch fault {
        case .auxiliary(let reading): return reading
        case .welded: return true
        case .stuckOpen, .slow, nil: break
        }
        switch position {
        case .open, .closing: return false
        case .bouncing, .closed, .opening: return true
        }
    }

    private func travel(_ us: Int) -> Int {
        if case .slow(let times) = fault { return us * times }
        return us
    }

    /// Lets `us` microseconds pass.
    public mutating func step(us: Int) {
        var time = us
        while true {
            switch (position, coil) {
            case (.open, false), (.closed, true): return
            case (.open, true):
                if fault == .stuckOpen { return }
                position = .closing(left_us: travel(closing_us))
            case (.closed, false), (.bouncing, false):
                position = .opening(left_us: travel(opening_us))
            // A released coil lets an armature that had not touched fall back at once; a coil
            // pulled in again holds one that had not parted.
            case (.closing, false): position = .open
            case (.opening, true): position = .closed
            case (.closing(let left), true):
                if time < left {
                    position = .closing(left_us: left - time)
                    return
                }
                time -= left
                operations += 1
                position = bounce_us > 0 ? .bouncing(left_us: bounce_us) : .closed
            case (.bouncing(let left), true):
                if time < left {
                    position = .bouncing(left_us: left - time)
                    return
                }
                time -= left
                position = .closed
            case (.opening(let left), false):
                if time < left {
                    position = .opening(left_us: left - time)
                    return
                }
                time -= left
                position = .open
            }
        }
    }
}
