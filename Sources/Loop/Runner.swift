import Control
import HAL

/// A board and its controller, turned one tick at a time. The same runner serves simulated time and
/// the real-time loop; it owns no clock.
public struct Runner<B: Board & ~Copyable>: ~Copyable {
    public var board: B
    public var controller: Controller
    /// The newest sample and record.
    public private(set) var sample = Sample()
    public private(set) var record = Record()
    /// Before the newest turn the board had let go of everything, and its controller was told so.
    public private(set) var hadLetGo = false
    private var hasLetGo = false
    /// Driver failures since start, and in a row.
    public private(set) var sampleFaults: UInt64 = 0
    public private(set) var actFaults: UInt64 = 0
    public private(set) var lastFault: BoardFault?
    private var actFaultsInARow = 0
    /// Commands that may fail in a row before the board is told to make itself safe.
    private let patience = 3

    public init(board: consuming B, controller: Controller) {
        self.board = board
        self.controller = controller
    }

    /// One tick. A sample that fails leaves the old readings to grow stale, so that the controller
    /// itself decides when it is blind; commands that keep failing end in `makeSafe`.
    public mutating func turn(_ now: Tick, wanting wish: Setpoints) {
        hadLetGo = hasLetGo
        hasLetGo = false
        if hadLetGo { controller.letGo() }
        do throws(BoardFault) {
            try board.sample(at: now, into: &sample)
        } catch {
            sampleFaults &+= 1
            lastFault = error
            sample.grow(to: now)
        }
        controller.tick(sample, wanting: wish, into: &record)
        do throws(BoardFault) {
            try board.act(record.command)
            actFaultsInARow = 0
        } catch {
            actFaults &+= 1
            lastFault = error
            actFaultsInARow += 1
            if actFaultsInARow >= patience { makeSafe() }
        }
    }

    /// Gives the board back; its outputs are as they were.
    public consuming func end() -> B { board }

    /// Opens everything; the controller is told before its next tick, so that nothing closes again
    /// unproved.
    public mutating func makeSafe() {
        board.makeSafe()
        hasLetGo = true
    }
}

extension Sample {
    /// Ages every reading to `now` without new values; contacts become unheard of.
    mutating func grow(to now: Tick) {
        let step = UInt16(truncatingIfNeeded: min(max(now.since(tick), 1), 0xFFFF))
        tick = now
        for c in 0..<WaveChannel.count {
            waves[c].age = UInt16(min(UInt32(waves[c].age) + UInt32(step), 0xFFFF))
        }
        for c in 0..<ScalarChannel.count {
            scalars[c].age = UInt16(min(UInt32(scalars[c].age) + UInt32(step), 0xFFFF))
        }
        deafContacts = LineSet(bits: 0xFF)
        blockLength = 0
        lostSamples = 0
    }
}
