internal import Glibc

/// What went wrong on the way to a meter.
enum WireFault: Error, Equatable {
    case timedOut
    /// The other end let go of the connection.
    case closed
    /// An errno.
    case system(Int32)
    /// More than so many bytes and no end of the line.
    case overlong(Int)
    /// More came than was asked for: what belongs to what is no longer known.
    case outOfStep
}

/// The one place that reads `errno` for sockets: calls again after EINTR.
/// - Parameter body: one C call; below 0 is a failure.
/// - Returns: 0 or more.
@discardableResult
func check<Number: SignedInteger>(_ body: () -> Number) throws(WireFault) -> Number {
    while true {
        let result = body()
        guard result < 0 else { return result }
        switch errno {
        case EINTR: continue
        case EPIPE, ECONNRESET, ENOTCONN: throw .closed
        case ETIMEDOUT: throw .timedOut
        case let code: throw .system(code)
        }
    }
}

extension WireFault {
    /// In a person's words, with what to do.
    /// - Parameters:
    ///   - place: who was asked.
    ///   - seconds: how long was waited.
    func fault(_ place: some CustomStringConvertible, _ seconds: Double) -> InstrumentFault {
        switch self {
        case .timedOut:
            return InstrumentFault(
                "\(place) did not answer within \(seconds) s",
                "see that the meter is on and idle, or write a longer timeout_s=")
        case .closed:
            return InstrumentFault(
                "\(place) closed the connection",
                "see whether another program holds the meter; many serve one at a time")
        case .overlong(let most):
            return InstrumentFault(
                "\(place) sent \(most) bytes without the end of a line",
                "see that the port is the meter's socket for commands")
        case .outOfStep:
            return InstrumentFault(
                "\(place) sent more than one line to one question", "ask for one answer at a time")
        case .system(ECONNREFUSED):
            return InstrumentFault(
                "\(place) refused the connection",
                "see that the port is right and that the meter's network interface is switched on")
        case .system(EHOSTUNREACH), .system(ENETUNREACH):
            return InstrumentFault(
                "no way leads to \(place)", "see that meter and board are on the same network")
        case .system(let code):
            return InstrumentFault(
                "\(place) cannot be reached (\(systemWords(code)))", "see to the network")
        }
    }
}

/// The system's own words for an errno.
func systemWords(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
}
