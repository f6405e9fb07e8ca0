import Glibc
import HAL
import LinuxBoard
import Testing

/// A port that knows what will be asked of it, in order, and answers from its script. Anything else
/// is recorded as a deviation and answered with EBADMSG; `done` fails on deviations and on what was
/// never asked.
final class ScriptedPort: I2CPort {
    struct Step: Equatable {
        var address: UInt8
        var bytes: [UInt8]
        var count: Int
        var answer: Result<[UInt8], BoardFault>
    }
    private let script: [Step]
    private var next = 0
    private(set) var deviation: String?

    init(_ script: [Step]) { self.script = script }

    func transfer(
        _ address: UInt8, write bytes: [UInt8], read count: Int
    ) throws(BoardFault) -> [UInt8] {
        let asked = "transfer \(next): 0x\(String(address, radix: 16)) write \(bytes) read \(count)"
        guard deviation == nil, next < script.count, script[next].address == address,
            script[next].bytes == bytes, script[next].count == count
        else {
            if deviation == nil {
                deviation =
                    "\(asked); the script has \(next < script.count ? "\(script[next])" : "ended")"
            }
            throw BoardFault(.bus, code: EBADMSG)
        }
        next += 1
        return try script[next - 1].answer.get()
    }

    /// Expects that the whole script was asked for, and nothing but it.
    func done(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(deviation == nil, sourceLocation: sourceLocation)
        #expect(next == script.count, "steps not asked for", sourceLocation: sourceLocation)
    }
}

extension ScriptedPort.Step {
    static func write(_ bytes: [UInt8], to address: UInt8) -> Self {
        Self(address: address, bytes: bytes, count: 0, answer: .success([]))
    }
    static func read(_ answer: [UInt8], after bytes: [UInt8] = [], from address: UInt8) -> Self {
        Self(address: address, bytes: bytes, count: answer.count, answer: .success(answer))
    }
    static func fault(
        _ fault: BoardFault, after bytes: [UInt8], reading count: Int, at address: UInt8
    ) -> Self {
        Self(address: address, bytes: bytes, count: count, answer: .failure(fault))
    }
}
