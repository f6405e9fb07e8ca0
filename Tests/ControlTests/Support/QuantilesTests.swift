import Testing

@testable import skerry_measure

@Suite("Quantiles of a bench")
struct QuantilesTests {
    @Test("The least value that so many do not exceed, counted one by one or together")
    func exact() {
        let single = Quantiles((1...1000 as ClosedRange<UInt32>).reversed())
        let together = Quantiles(counts: (1...100 as ClosedRange<UInt32>).map { ($0 * 10, 10) })
        #expect(single.count == 1000 && together.count == 1000)
        #expect(single[0.5] == 500 && single[0.99] == 990 && single[0.999] == 999)
        #expect(single[1] == 1000 && single[0] == 1)
        #expect(together[0.5] == 500 && together[0.991] == 1000 && together[0.99] == 990)
        #expect(Quantiles([7])[0.001] == 7 && Quantiles([])[0.5].isNaN)
    }
}
