import Glibc
import HAL
import Testing

@testable import LinuxBoard

@Suite("A C call's failure becomes a fault") struct CheckTests {
    @Test(
        "An errno has a kind, and is kept",
        arguments: [
            (ENXIO, BoardFault.Kind.notPresent), (EREMOTEIO, .notPresent), (ENODEV, .notPresent),
            (ENOENT, .notPresent), (ETIMEDOUT, .timeout), (EAGAIN, .timeout),
            (EACCES, .notPermitted), (EPERM, .notPermitted), (EIO, .bus), (EOPNOTSUPP, .bus),
        ])
    func kinds(code: Int32, kind: BoardFault.Kind) {
        #expect(BoardFault(errno: code) == BoardFault(kind, code: code))
        #expect(throws: BoardFault(kind, code: code)) {
            try check { () -> CInt in
                errno = code
                return -1
            }
        }
        #expect(throws: BoardFault(kind, code: code)) { try checkReturned { -code } }
        #expect(throws: BoardFault(kind, code: code)) {
            try unwrap { () -> OpaquePointer? in
                errno = code
                return nil
            }
        }
    }

    @Test("The caller names what an unmapped errno means")
    func named() {
        #expect(throws: BoardFault(.timeout, code: EIO)) { try checkReturned(.timeout) { -EIO } }
    }

    @Test("An interrupted call is made again")
    func interrupted() throws {
        var calls = 0
        let plain = try check { () -> CInt in
            calls += 1
            errno = EINTR
            return calls < 3 ? -1 : 7
        }
        #expect(plain == 7 && calls == 3)
        let returned = try checkReturned { () -> Int in
            calls += 1
            return calls < 6 ? Int(-EINTR) : 8
        }
        #expect(returned == 8 && calls == 6)
        let pointer = try unwrap { () -> OpaquePointer? in
            calls += 1
            errno = EINTR
            return calls < 9 ? nil : OpaquePointer(bitPattern: 64)
        }
        #expect(pointer == OpaquePointer(bitPattern: 64) && calls == 9)
    }
}
