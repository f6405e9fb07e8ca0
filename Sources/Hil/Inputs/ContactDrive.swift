import Control

/// What a contact's feedback says: it follows its output after a travel time, or says what it is told.
struct ContactDrive: Equatable, Sendable {
    enum Source: Equatable, Sendable {
        case follow
        case told(Bool)
        /// Cannot be read.
        case deaf
    }
    var source = Source.follow
    /// Ticks of travel, at least 1.
    let closing: UInt32
    let opening: UInt32
    private(set) var isClosed = false
    private var travelled: UInt32 = 0

    init(closing: UInt32, opening: UInt32) {
        (self.closing, self.opening) = (max(1, closing), max(1, opening))
    }

    /// One tick with the output as it was commanded at its start.
    mutating func step(coil: Bool) {
        switch source {
        case .told(let closed):
            isClosed = closed
            travelled = 0
        case .follow, .deaf:
            guard coil != isClosed else {
                travelled = 0
                return
            }
            travelled += 1
            if travelled >= (coil ? closing : opening) {
                isClosed = coil
                travelled = 0
            }
        }
    }
}
