import Glibc
import HAL

/// The one place that reads `errno`. Every C call of this room goes through one of three doors:
/// `check` for functions that return −1 and set `errno` (the kernel, libgpiod), `checkReturned` for
/// functions that return a negative errno (libi2c, libiio), `unwrap` for functions that return a
/// pointer or nothing and set `errno`. All three call again after EINTR.

/// - Parameters:
///   - kind: what the failure is called where its errno says nothing better.
///   - body: one C call; anything below 0 is a failure.
/// - Returns: what the call returned, 0 or more.
@discardableResult
func check<Number: SignedInteger>(
    _ kind: BoardFault.Kind = .bus, _ body: () -> Number
) throws(BoardFault) -> Number {
    while true {
        let result = body()
        guard result < 0 else { return result }
        let code = errno
        guard code == EINTR else { throw BoardFault(errno: code, else: kind) }
    }
}

/// As `check`, for functions whose result below 0 is itself the errno, negated.
@discardableResult
func checkReturned<Number: SignedInteger>(
    _ kind: BoardFault.Kind = .bus, _ body: () -> Number
) throws(BoardFault) -> Number {
    while true {
        let result = body()
        guard result < 0 else { return result }
        let code = Int32(truncatingIfNeeded: -Int64(result))
        guard code == EINTR else { throw BoardFault(errno: code, else: kind) }
    }
}

/// - Returns: the pointer that `body` made; never nil.
func unwrap<Pointer>(
    _ kind: BoardFault.Kind = .bus, _ body: () -> Pointer?
) throws(BoardFault) -> Pointer {
    while true {
        if let pointer = body() { return pointer }
        let code = errno
        guard code == EINTR else { throw BoardFault(errno: code, else: kind) }
    }
}

extension BoardFault {
    /// The kind an errno stands for; the errno itself stays in `code`.
    ///
    /// Adapters answer a silent address with ENXIO or EREMOTEIO (kernel documentation,
    /// i2c/fault-codes), an unplugged one with ENODEV; EAGAIN is a lost arbitration or a busy bus.
    init(errno code: Int32, else kind: Kind = .bus) {
        switch code {
        case ENXIO, EREMOTEIO, ENODEV, ENOENT: self.init(.notPresent, code: code)
        case ETIMEDOUT, EAGAIN: self.init(.timeout, code: code)
        case EACCES, EPERM: self.init(.notPermitted, code: code)
        default: self.init(kind, code: code)
        }
    }
}
