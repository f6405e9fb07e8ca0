import BoardProfile
import Control
import HAL
import Loop
import Plant
import SimBoard

/// A simulated village: one plant, a controller at the point of common coupling, one in each home,
/// and the slow talk between them. Whoever calls `turn` owns the time.
public final class Village {
    public let profile: SiteProfile
    public let sensing: Sensing
    public let microgrid: Microgrid
    public let coupling: Site
    public let homes: [Site]
    public private(set) var now = Tick(0)
    /// What a person asks of the coupling.
    public var island = false
    public var connect = true
    private var acknowledgeUntil = Tick(0)
    public var linkIsUp = true
    private var messages: [(due: Tick, wish: Setpoints)] = []
    private var saidTied = false
    private var guardedUntil = Tick(0)
    private let linkEvery: UInt64
    private let linkDelay: UInt32
    private let second: UInt32

    /// - Parameters:
    ///   - sensing: the profile's own, or a slower one for long simulations.
    ///   - seed: decides every error, noise and cloud.
    public init(_ profile: SiteProfile, sensing: Sensing? = nil, fidelity: Fidelity, seed: UInt64) {
        let sensing = sensing ?? profile.sensing
        let random = Random(seed: seed)
        guard let couplingSettings = profile.couplingSettings(sensing) else {
            preconditionFailure("a village has a point of common coupling")
        }
        self.profile = profile
        self.sensing = sensing
        let microgrid = Microgrid(
            profile.microgrid, ticksPerSecond: sensing.rate_Hz,
            samplesPerTick: sensing.samplesPerTick, fidelity: fidelity, random: random)
        self.microgrid = microgrid
        let name = profile.coupling!.name
        coupling = Site(
            name: name,
            runner: Runner(
                board: SimBoard(
                    profile.simulatedBoard(
                        for: couplingSettings, sensing, random: random.fork(name)),
                    port: CouplingPort(microgrid), random: random.fork("noise \(name)")),
                controller: Controller(couplingSettings)))
        homes = profile.homes.enumerated().map { h, home in
            let settings = profile.settings(home, sensing)
            return Site(
                name: home.name,
                runner: Runner(
                    board: SimBoard(
                        profile.simulatedBoard(
                            for: settings, sensing, random: random.fork(home.name)),
                        port: HomePort(microgrid, home: h),
                        random: random.fork("noise \(home.name)")),
                    controller: Controller(settings)))
        }
        let rate = TickRate(perSecond: Float(sensing.rate_Hz))
        second = rate.ticks(.init(1))
        linkEvery = UInt64(max(1, rate.ticks(.init(Float(profile.coupling!.linkEvery_s)))))
        linkDelay = rate.ticks(.init(Float(profile.coupling!.linkDelay_s)))
        linkIsUp = profile.coupling!.linkEvery_s > 0
    }

    public var time_s: Double { Double(now.count) / sensing.rate_Hz }

    /// One tick: physics, then every controller, then the talk. `ticks` above 1 are ticks that were
    /// missed: physics goes on, the controllers see only the last.
    public func turn(ticks: UInt32 = 1) {
        for _ in 0..<max(ticks, 1) { microgrid.tick() }
        now = now + max(ticks, 1)
        let wish = Setpoints(
            expires: now + second, connect: connect, island: island,
            acknowledge: now < acknowledgeUntil, guarded: now < guardedUntil)
        coupling.wish = wish
        coupling.turn(now, wanting: wish)
        for home in homes { home.turn(now, wanting: home.wish) }
        talk()
    }

    /// A person acknowledges for a second.
    public func acknowledge() { acknowledgeUntil = now + second }

    /// The coupling's offsets and state travel to the homes, late, and expire if not renewed.
    private func talk() {
        let record = coupling.runner.record
        let tied = record.islanding == .gridTied
        if linkIsUp && (now.count % linkEvery == 0 || tied != saidTied) {
            saidTied = tied
            var wish = Setpoints(expires: now + linkDelay + second)
            wish.tied = tied
            wish.frequencyBias = record.frequencyBias
            wish.voltageBias = record.voltageBias
            wish.acknowledge = now < acknowledgeUntil
            messages.append((now + linkDelay, wish))
        }
        // The homes answer: one that forms, and knows that it is tied, guards.
        if linkIsUp, homes.contains(where: { $0.record.source == .forming && $0.wish.tied }) {
            guardedUntil = now + (linkDelay + second / 2)
        }
        // A dead bus needs no guard: nothing on it can feed the grid.
        if homes.allSatisfy({ $0.record.source != .forming }) && linkIsUp {
            guardedUntil = now + (linkDelay + second / 2)
        }
        while let first = messages.first, first.due <= now {
            messages.removeFirst()
            for (h, home) in homes.enumerated() {
                home.wish = first.wish
                home.wish.active = .init(Float(profile.homes[h].scheduled_W))
            }
        }
    }

    /// Everything off: the end of a run.
    public func makeSafe() {
        for home in homes { home.runner.makeSafe() }
        coupling.runner.makeSafe()
    }

    public func site(_ name: String) -> Site? {
        coupling.name == name ? coupling : homes.first { $0.name == name }
    }

    /// Lets something happen. False where the named board or channel does not exist.
    @discardableResult
    public func apply(_ happening: Happening) -> Bool {
        switch happening {
        case .grid(let change): microgrid.network.set(grid: change)
        case .sensor(let board, let place, let fault):
            guard let site = site(board) else { return false }
            return site.runner.board.fault(place, fault)
        case .relay(let board, let contact, let fault):
            guard let site = site(board) else { return false }
            site.runner.board.fault(relay: contact, fault)
        case .driver(let board, let fails):
            guard let site = site(board) else { return false }
            site.runner.board.driverFault = fails ? BoardFault(.bus, code: 121) : nil
        case .link(let isUp): linkIsUp = isUp
        case .wish(let island, let connect, let acknowledge):
            if let island { self.island = island }
            if let connect { self.connect = connect }
            if acknowledge { self.acknowledge() }
        case .irradiance(let home, let value): change(home) { $0.irradiance_Wm2 = value }
        case .wind(let home, let value): change(home) { $0.wind_mps = value }
        case .charging(let home, let plugged): change(home) { $0.evIsPlugged = plugged }
        case .demand(let home, let factor):
            for h in homes.indices where home == nil || homes[h].name == home {
                let d = microgrid.description.homes[h]
                var c = microgrid.homes[h].conditions
                c.critical_W = d.critical_W * factor
                c.comfort_W = d.comfort_W * factor
                c.deferrable_W = d.deferrable_W * factor
                microgrid.set(c, home: h)
            }
        case .busFault(let ohm): microgrid.network.set(node: 1, fault_ohm: ohm)
        }
        return true
    }
    private func change(_ home: String?, _ body: (inout HomeConditions) -> Void) {
        for h in homes.indices where home == nil || homes[h].name == home {
            var c = microgrid.homes[h].conditions
            body(&c)
            microgrid.set(c, home: h)
        }
    }
}
