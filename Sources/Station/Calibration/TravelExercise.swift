import BoardProfile
import Calibration
import Control
import HAL
import LinuxBoard
import Loop
import Switchboard

/// Closes and opens one contact of a dead site again and again, and times it from the order to its
/// auxiliary contact, as the controller will hear it: buses, polling and debounce counted in.
///
/// Before each operation the site must be proved dead on both sides (`DeadSite`). The main contactor is
/// never closed by this on a live battery: a person takes the fuse out first.
public struct TravelExercise: ~Copyable {
    /// Why it was ended; everything is at rest then.
    public struct Refusal: Error, Equatable, Sendable {
        public var message: String
        public var remedy: String
        public init(_ message: String, _ remedy: String) {
            (self.message, self.remedy) = (message, remedy)
        }
    }
    private let contact: Contact
    private let output: Output
    private var site: DeadSite
    private var board: WiredBoard
    private var pacer: Pacer
    private var sample = Sample()
    private var command = Command()
    private let rate_Hz: Double

    /// Nil where the site has no such contact with a coil.
    public init?(
        _ site: SiteProfile, _ switchboard: Switchboard, _ contact: Contact, doors: Doors
    ) {
        guard let settings = site.hardwareSettings(), switchboard.refusals.isEmpty,
            let output = Output.allCases.first(where: { $0.key == contact.key }),
            switchboard.nominals(of: site).contains(where: { $0.channel == .travel(contact) })
        else { return nil }
        (self.contact, self.output) = (contact, output)
        self.site = DeadSite(contact, site, settings)
        rate_Hz = site.rate_Hz
        pacer = Pacer(perSecond: site.rate_Hz)
        board = switchboard.board(rate_Hz: site.rate_Hz, doors: doors, log: BoardLog())
    }

    /// - Parameters:
    ///   - operations: of each kind, 5 ... 1000.
    ///   - tell: after each pair: closing and opening time, seconds.
    ///   - isAsked: to end early.
    /// - Returns: the times of both kinds. Everything is at rest afterwards, whatever happened.
    public mutating func run(
        operations: Int, tell: (Int, Double, Double) -> Void, isAsked: () -> Bool
    ) throws(Refusal) -> (close_s: [Double], open_s: [Double]) {
        do throws(Refusal) {
            var close_s: [Double] = [], open_s: [Double] = []
            try rest(seconds: 1)
            for n in 1...operations {
                if isAsked() { break }
                try proveDead()
                close_s.append(try move(to: true))
                try rest(seconds: 0.3)
                open_s.append(try move(to: false))
                tell(n, close_s[n - 1], open_s[n - 1])
                try rest(seconds: 0.5)
            }
            _ = board.shutDown()
            return (close_s, open_s)
        } catch {
            _ = board.shutDown()
            throw error
        }
    }

    private mutating func turn() throws(Refusal) {
        let now = pacer.next()
        do throws(BoardFault) {
            try board.sample(at: now, into: &sample)
            site.see(sample)
            command.outputs[Output.heartbeat].toggle()
            try board.act(command)
        } catch {
            throw Refusal("the board \(error.words)", "`skerry probe` says what is there")
        }
    }

    private mutating func rest(seconds: Double) throws(Refusal) {
        for _ in 0..<max(1, Int(seconds * rate_Hz)) { try turn() }
    }

    private mutating func proveDead() throws(Refusal) {
        // A converter that was only just found has nothing to show yet; what is live is refused at once.
        var patience = Int(10 * rate_Hz)
        while let (key, value_V) = site.objection() {
            patience -= 1
            guard value_V != nil || patience < 0 else {
                try turn()
                continue
            }
            throw Refusal(
                value_V.map {
                    "\(key) is \(Digits.significant(Double($0), 3)) V: the site is not dead"
                } ?? "\(key) cannot be read: the site is not proved dead",
                "take the fuses out on both sides of \(contact.key), then begin again")
        }
        guard !sample.deafContacts[contact], !sample.contacts[contact] else {
            throw Refusal(
                sample.deafContacts[contact]
                    ? "\(contact.key)'s auxiliary contact cannot be read"
                    : "\(contact.key) is closed although its coil is at rest",
                "see to its wiring: without feedback nothing is timed")
        }
    }

    /// Seconds until the contact follows; two seconds are no travel.
    private mutating func move(to closed: Bool) throws(Refusal) -> Double {
        command.outputs[output] = closed
        try turn()
        let start_ns = Pacer.now_ns()
        while Double(Pacer.now_ns() - start_ns) < 2e9 {
            try turn()
            if !sample.deafContacts[contact] && sample.contacts[contact] == closed {
                return Double(Pacer.now_ns() - start_ns) * 1e-9
            }
        }
        throw Refusal(
            "\(contact.key) did not \(closed ? "close" : "open") within 2 s",
            "see to its coil, its supply and its auxiliary contact")
    }
}
