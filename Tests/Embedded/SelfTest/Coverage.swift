import Control

/// What happened in a run, so that equal digests are known to be digests of something.
struct Coverage {
    private(set) var ticks: UInt64 = 0
    private(set) var tied: UInt64 = 0
    private(set) var islanded: UInt64 = 0
    private(set) var resynchronising: UInt64 = 0
    private(set) var forming: UInt64 = 0
    private(set) var converting: UInt64 = 0
    private(set) var trips: UInt64 = 0
    private(set) var blind: UInt64 = 0
    private(set) var gaps: UInt64 = 0
    private(set) var refused: UInt64 = 0

    mutating func note(_ r: Record) {
        ticks += 1
        switch r.islanding {
        case .gridTied: tied += 1
        case .islanded: islanded += 1
        case .resynchronising: resynchronising += 1
        case nil, .opening, .closing, .blackStart, .fault: break
        }
        if r.source == .forming { forming += 1 }
        if r.command.converter.isOn { converting += 1 }
        if r.verdict.newlyTripped != 0 { trips += 1 }
        if !r.verdict.blind.isEmpty { blind += 1 }
        if r.elapsed > 1 { gaps += 1 }
        refused = UInt64(r.refusedSetpoints)
    }

    mutating func add(_ other: Coverage) {
        ticks += other.ticks
        tied += other.tied
        islanded += other.islanded
        resynchronising += other.resynchronising
        forming += other.forming
        converting += other.converting
        trips += other.trips
        blind += other.blind
        gaps += other.gaps
        refused += other.refused
    }

    /// Nothing is nil.
    var isWhole: Bool {
        tied > 0 && islanded > 0 && resynchronising > 0 && forming > 0 && converting > 0
            && trips > 0 && blind > 0 && gaps > 0 && refused > 0
    }

    func write() {
        Console.write("seen ticks ")
        Console.write(ticks)
        Console.write(" tied ")
        Console.write(tied)
        Console.write(" islanded ")
        Console.write(islanded)
        Console.write(" resynchronising ")
        Console.write(resynchronising)
        Console.write(" forming ")
        Console.write(forming)
        Console.write(" converting ")
        Console.write(converting)
        Console.write(" trips ")
        Console.write(trips)
        Console.write(" blind ")
        Console.write(blind)
        Console.write(" gaps ")
        Console.write(gaps)
        Console.write(" refused ")
        Console.write(refused)
        Console.end()
    }
}
