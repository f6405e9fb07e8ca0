/// Compares outputs with the contacts that should follow them. A relay that did not move is
/// believed over the driver that said it did; what disagrees for longer than its travel is named.
/// Disagreement is confirmed slowly and forgiven at once, so a contact in flight is no fault.
public struct FeedbackWatch: Sendable, BitwiseCopyable {
    private let lines: UInt16
    private let travel: UInt32
    private var apart: InlineArray<8, UInt32>

    /// - Parameters:
    ///   - loads: load groups with feedback, 0 ... 4.
    ///   - travel: ticks a contact may take.
    public init(loads: Int, travel: UInt32) {
        lines = UInt16((1 << loads) - 1) << UInt16(Output.load0.rawValue)
        self.travel = travel
        apart = InlineArray(repeating: 0)
    }

    /// Only load relays are watched here: the islanding switch, the contactors and the inverter
    /// have machines of their own.
    public mutating func step(
        outputs: LineSet, contacts: LineSet, deaf: LineSet, elapsed: UInt32
    ) -> LineSet {
        var wrong = LineSet()
        var k: UInt8 = 0
        while k < 8 {
            let bit: UInt16 = 1 << UInt16(k)
            let differs = (outputs.bits ^ contacts.bits) & bit != 0 || deaf.bits & bit != 0
            let n = Int(k)
            apart[n] = lines & bit != 0 && differs ? longer(apart[n], by: elapsed) : 0
            if apart[n] > travel { wrong.bits |= bit }
            k &+= 1
        }
        return wrong
    }
}
