import Blocks
import Foundation
import Quantities
import Testing

@Suite("Trigonometry against Foundation's")
struct TrigonometryTests {
    @Test("Cosine and sine of a binary angle are within 1.2e-7")
    func binaryAngle() {
        var worst = 0.0
        var at: UInt32 = 0
        func look(_ raw: UInt32) {
            let (c, s) = cosineSine(Turns(raw: raw))
            let x = Double(raw) / 4_294_967_296 * 2 * Double.pi
            let error = max(abs(Double(c) - cos(x)), abs(Double(s) - sin(x)))
            if !(error <= worst) { (worst, at) = (error, raw) }
        }
        // A step that is odd visits every residue; then the edges of every half quadrant.
        for n in 0..<400_000 as Range<UInt32> { look(n &* 10_739) }
        for eighth in 0..<8 as Range<UInt32> {
            for near in 0..<2000 as Range<UInt32> { look((eighth << 29) &+ near &- 1000) }
        }
        #expect(worst <= 1.2e-7, "at \(at)")
    }

    @Test("Quadrants meet exactly on the axes")
    func axes() {
        #expect(cosineSine(Turns(raw: 0)) == (1, 0))
        #expect(cosineSine(Turns(raw: 1 << 30)) == (0, 1))
        #expect(cosineSine(Turns(raw: 2 << 30)) == (-1, 0))
        #expect(cosineSine(Turns(raw: 3 << 30)) == (0, -1))
    }

    @Test("Cosine and sine of radians", arguments: [1.0, 10, 1000, 999_999])
    func radians(span: Double) {
        var worst = 0.0
        var at = 0.0
        for n in 0...200_000 {
            let x = span * (Double(n) / 100_000 - 1)
            let (c, s) = cosineSine(radians: x)
            let error = max(abs(c - cos(x)), abs(s - sin(x)))
            if !(error <= worst) { (worst, at) = (error, x) }
        }
        #expect(worst <= 2.3e-16 + span * 1e-16, "at \(at)")
    }

    @Test("Radians out of range are not a number", arguments: [1e6, -1e300, .infinity, .nan])
    func outOfRange(x: Double) {
        let (c, s) = cosineSine(radians: x)
        #expect(c.isNaN && s.isNaN)
    }

    @Test("The angle of a vector is within 2e-7 turn at any length")
    func angleOfVector() {
        var worst = 0.0
        var at = 0.0
        for scale in [1e-30, 1e-3, 1, 325, 1e30] {
            for n in 0..<100_000 {
                let turns = Double(n) / 100_000 + 1e-7
                let x = Float(scale * cos(2 * Double.pi * turns))
                let y = Float(scale * sin(2 * Double.pi * turns))
                // The truth of what was rounded to Float.
                let truth = atan2(Double(y), Double(x)) / (2 * Double.pi)
                let found = Double(angle(x: x, y: y).raw) / 4_294_967_296
                let off = found - truth
                let error = abs(off - off.rounded())
                if !(error <= worst) { (worst, at) = (error, turns) }
            }
        }
        #expect(worst <= 2e-7, "at \(at) turns")
    }

    @Test("The angle survives everything a sensor can say")
    func angleOfAnything() {
        #expect(angle(x: 0, y: 0) == .zero)
        #expect(angle(x: .nan, y: 1) == .zero)
        #expect(angle(x: 1, y: .infinity) == .zero)
        let huge = angle(x: .greatestFiniteMagnitude, y: .greatestFiniteMagnitude)
        #expect(abs(huge.signed - 0.125) < 2e-7)
        #expect(angle(x: -1, y: 0).raw == 1 << 31)
        #expect(angle(x: 0, y: -1).raw == 3 << 30)
        #expect(angle(x: .leastNonzeroMagnitude, y: 0) == .zero)
    }
}
