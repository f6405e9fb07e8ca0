internal import Glibc

/// Where a socket can connect to.
struct SocketAddress {
    private var storage: sockaddr_storage
    private let length: socklen_t
    var family: Int32 { Int32(storage.ss_family) }

    /// Every address of a place, in the system's order; at most eight. An address is taken as it is, a
    /// name goes through the system's resolver, with that one's patience.
    static func all(of place: NetworkPlace) throws(InstrumentFault) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV | (place.isLiteral ? AI_NUMERICHOST : 0)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(place.host, String(place.port), &hints, &list)
        guard code == 0 else {
            let words =
                code == EAI_SYSTEM ? systemWords(errno) : String(cString: gai_strerror(code))
            throw InstrumentFault(
                "host \(place.host) has no address (\(words))",
                "see that the name is right, or write the meter's address")
        }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = list
        while let one = next?.pointee, found.count < 8 {
            next = one.ai_next
            let length = one.ai_addrlen
            guard let address = one.ai_addr, length <= MemoryLayout<sockaddr_storage>.size else {
                continue
            }
            var storage = sockaddr_storage()
            withUnsafeMutableBytes(of: &storage) {
                $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
            }
            found.append(SocketAddress(storage: storage, length: length))
        }
        guard !found.isEmpty else {
            throw InstrumentFault(
                "host \(place.host) has no address", "write the meter's address")
        }
        return found
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
