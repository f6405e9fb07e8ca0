import Glibc
import HAL

/// A C call that answers −1 on failure: tried again where a signal cut it short, else its errno as a
/// fault. The only place of this room that reads errno.
@discardableResult func call(_ body: () -> Int32) throws(BoardFault) -> Int32 {
    while true {
        let answer = body()
        if answer >= 0 { return answer }
        let code = errno
        if code == EINTR { continue }
        switch code {
        case ENOENT, ENODEV, ENXIO: throw BoardFault(.notPresent, code: code)
        case EACCES, EPERM: throw BoardFault(.notPermitted, code: code)
        case ETIMEDOUT, EAGAIN: throw BoardFault(.timeout, code: code)
        default: throw BoardFault(.bus, code: code)
        }
    }
}

/// CLOCK_MONOTONIC, s.
func monotonic_s() -> Double {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
}
