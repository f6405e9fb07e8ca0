import BoardProfile
import Control
import HAL
import Loop
import Plant
import SimBoard

/// A simulated DC site: one plant, and a controller for each battery, which share by V–I droop
/// without a word. Whoever calls `turn` owns the time.
///
/// Where the first battery restores the voltage (`restoreGain_per_s`) and others do not, its offset
/// is sent to those others, late and expiring, so that all lift their voltage alike.
public final class DCSite {
    public let profile: SiteProfile
    public let sensing: Sensing
    public let nanogrid: Nanogrid
    public let batteries: [Site]
    public private(set) var now = Tick(0)
    public var linkIsUp = true
    private var acknowledgeUntil = Tick(0)
    private var messages: [(due: Tick, bias: Float)] = []
    private var bias: (value: Float, until: Tick) = (0, Tick(0))
    private let second: UInt32
    private let linkEvery: UInt64
    private let linkDelay: UInt32

    /// - Parameters:
    ///   - step_s: of the network; must divide a tick.
    ///   - seed: decides every error, noise and relay.
    public init(
        _ profile: SiteProfile, sensing: Sensing? = nil, step_s: Double = 20e-6, seed: UInt64
    ) {
        precondition(profile.nanogrid?.batteries.isEmpty == false, "a DC site has batteries")
        let sensing = Sensing(rate_Hz: (sensing ?? profile.sensing).rate_Hz, samplesPerTick: 0)
        self.profile = profile
        self.sensing = sensing
        let random = Random(seed: seed)
        let nanogrid = Nanogrid(
            profile.dcPlant, ticksPerSecond: sensing.rate_Hz, step_s: step_s, random: random)
        self.nanogrid = nanogrid
        batteries = profile.nanogrid!.batteries.enumerated().map { k, b in
            let settings = profile.nanogridSettings(k, sensing)
            return Site(
                name: b.name,
                runner: Runner(
                    board: SimBoard(
                        profile.simulatedBoard(for: settings, sensing, random: random.fork(b.name)),
                        port: NanogridPort(nanogrid, battery: k),
                        random: random.fork("noise \(b.name)")),
                    controller: Controller(settings)))
        }
        let rate = TickRate(perSecond: Float(sensing.rate_Hz))
        second = rate.ticks(.init(1))
        linkEvery = UInt64(max(1, rate.ticks(.init(0.1))))
        linkDelay = rate.ticks(.init(0.05))
    }

    public var time_s: Double { Double(now.count) / sensing.rate_Hz }

    /// One tick: physics, then every controller. `ticks` above 1 are ticks that were missed.
    public func turn(ticks: UInt32 = 1) {
        for _ in 0..<max(ticks, 1) { nanogrid.tick() }
        now = now + max(ticks, 1)
        talk()
        for (k, b) in batteries.enumerated() {
            var wish = Setpoints(expires: now + second, acknowledge: now < acknowledgeUntil)
            let listens = k > 0 && profile.nanogrid!.batteries[k].restoreGain_per_s == 0
            if listens && now < bias.until { wish.voltageBias = .init(bias.value) }
            b.wish = wish
            b.turn(now, wanting: wish)
        }
    }

    private func talk() {
        while let first = messages.first, first.due <= now {
            messages.removeFirst()
            bias = (first.bias, now + second)
        }
        let first = batteries[0].record
        guard linkIsUp, now.count % linkEvery == 0, first.command.converter.isOn,
            profile.nanogrid!.batteries[0].restoreGain_per_s > 0
        else { return }
        messages.append((now + linkDelay, first.voltageBias.value))
    }

    /// A person acknowledges for a second.
    public func acknowledge() { acknowledgeUntil = now + second }

    /// Everything off: the end of a run.
    public func makeSafe() { for b in batteries { b.runner.makeSafe() } }

    public func site(_ name: String) -> Site? { batteries.first { $0.name == name } }

    /// Lets something happen. False where the named board, channel or thing does not exist here.
    @discardableResult
    public func apply(_ happening: Happening) -> Bool {
        switch happening {
        case .sensor(let board, let place, let fault):
            return site(board)?.runner.board.fault(place, fault) ?? false
        case .relay(let board, let contact, let fault):
            guard let site = site(board) else { return false }
            site.runner.board.fault(relay: contact, fault)
        case .driver(let board, let fails):
            guard let site = site(board) else { return false }
            site.runner.board.driverFault = fails ? BoardFault(.bus, code: 121) : nil
        case .link(let isUp): linkIsUp = isUp
        case .wish(_, _, let acknowledge): if acknowledge { self.acknowledge() }
        case .irradiance(_, let value): nanogrid.conditions.irradiance_Wm2 = value
        case .demand(_, let factor): nanogrid.conditions.demand(factor, of: nanogrid.description)
        case .busFault(let ohm): nanogrid.conditions.fault_ohm = ohm
        case .grid, .wind, .charging: return false
        }
        return true
    }
}
