import Control
import Quantities
import Testing
import Wire

@testable import Link

extension FrameCutter {
    /// Takes `bytes` in, as many as there is room for, and cuts what is whole.
    mutating func feed(_ bytes: ArraySlice<UInt8>) -> (kinds: [LinkKind], fault: String?) {
        var rest = bytes
        var kinds: [LinkKind] = []
        while true {
            let count = fill(most: rest.count) { memory in
                rest.prefix(memory.count).withUnsafeBytes { memory.copyMemory(from: $0) }
                return min(memory.count, rest.count)
            }
            rest = rest.dropFirst(count)
            cutting: while true {
                switch next() {
                case .more: break cutting
                case .frame(let kind, _, _): kinds.append(kind)
                case .fault(let text): return (kinds, text)
                }
            }
            if rest.isEmpty { return (kinds, nil) }
        }
    }
}

@Suite("Bytes cut into frames")
struct CutterTests {
    private let talk: [UInt8] =
        frame(LinkKind.subscribe.rawValue, 1) {
            Subscription(every: 5, events: true).write(into: &$0)
        }
        + frame(LinkKind.statusRequest.rawValue, 2) { _ in }
        + frame(LinkKind.setpoints.rawValue, 3) {
            WishRequest(validity_ms: 5, wish: Setpoints()).write(into: &$0)
        }

    @Test("Split at any byte, or byte by byte, the frames are the same")
    func split() {
        let whole: [LinkKind] = [.subscribe, .statusRequest, .setpoints]
        var wrong: [Int] = []
        for at in 0...talk.count {
            var cutter = FrameCutter(requests: true)
            let first = cutter.feed(talk[..<at])
            let second = cutter.feed(talk[at...])
            if first.kinds + second.kinds != whole || second.fault != nil { wrong.append(at) }
        }
        #expect(wrong.isEmpty)
        var cutter = FrameCutter(requests: true)
        let kinds = talk.indices.flatMap { cutter.feed(talk[$0...$0]).kinds }
        #expect(kinds == whole && cutter.waiting == 0)
    }

    @Test("What is wrong is said, and nothing is believed after it")
    func faults() {
        func fault(_ bytes: [UInt8], requests: Bool = true) -> String? {
            var cutter = FrameCutter(requests: requests)
            let first = cutter.feed(bytes[...]).fault
            if let first {
                let after = cutter.feed(talk[...])
                #expect(after.kinds.isEmpty && after.fault == first)
            }
            return first
        }
        #expect(fault(Array("GET / HTTP/1.1\r\n".utf8))?.contains("SKRY") == true)
        #expect(fault([0x53, 0x4B, 0x52, 0x58])?.contains("SKRY") == true, "the fourth byte tells")
        #expect(fault([0x53, 0x4B, 0x52, 0x59]) == nil, "and a good beginning waits")
        var version = talk
        version[4] = 9
        #expect(fault(version)?.contains("version 9") == true)
        #expect(fault(frame(77, 0) { _ in })?.contains("kind 77") == true)
        #expect(fault(frame(LinkKind.hello.rawValue, 0) { _ in })?.contains("client") == true)
        #expect(
            fault(frame(LinkKind.subscribe.rawValue, 0) { $0.put(UInt8(1)) })?
                .contains("a body of 1 bytes; subscribe has 5") == true)
        var sum = talk
        sum[16] ^= 1
        #expect(fault(sum)?.contains("check sum") == true)
        #expect(fault(talk, requests: false)?.contains("server") == true)
    }

    @Test("A queue keeps its bytes in order around its end, and takes all of them or none")
    func queue() {
        var queue = ByteQueue(capacity: 64)
        var put: UInt8 = 0
        var taken: UInt8 = 0
        var wrong = 0
        for step in 0..<1000 {
            let size = step % 23
            let bytes = (0..<size).map { put &+ UInt8($0) }
            let fits = size <= queue.room
            if bytes.withUnsafeBytes({ queue.append($0) }) != fits { wrong += 1 }
            if fits { put &+= UInt8(size) }
            let part = min(queue.front.count, step % 17)
            for byte in queue.front.prefix(part) {
                if byte != taken { wrong += 1 }
                taken &+= 1
            }
            queue.drop(part)
        }
        #expect(wrong == 0 && queue.count == Int(put &- taken))
    }
}
