import Daemon
import Foundation
import Testing

@Suite("The journal never waits") struct JournalTests {
    private func pipeEnds() -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0)
        return (ends[0], ends[1])
    }
    private func all(_ file: Int32) -> String {
        _ = fcntl(file, F_SETFL, O_NONBLOCK)
        var text: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &bytes, bytes.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += bytes[..<count]
        }
    }

    @Test("Each line has its level where a journal reads it, and none elsewhere")
    func levels() {
        for (isKept, words) in [(true, "<4>one\n<4>two\n"), (false, "one\ntwo\n")] {
            let (reading, writing) = pipeEnds()
            Journal(isKept: isKept, file: writing).say(.warning, "one\n\ntwo\n")
            #expect(all(reading) == words)
            close(reading)
            close(writing)
        }
    }

    @Test("A reader that does not read stops nobody, and is told what it lost")
    func full() {
        let (reading, writing) = pipeEnds()
        let journal = Journal(isKept: false, file: writing)
        let line = String(repeating: "x", count: 999)
        for _ in 0..<1000 { journal.say(.info, line) }
        let seen = all(reading).split(separator: "\n").count
        #expect(seen > 0 && seen < 1000)
        journal.say(.info, "again")
        #expect(
            all(reading) == "\(1000 - seen) lines before this were lost: nobody read them\nagain\n")
        close(reading)
        close(writing)
    }
}
