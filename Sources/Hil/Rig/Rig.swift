import BoardProfile
import Control
import Plant
import Quantities
import Words

/// The controllers of a session in lockstep, and the names of all that can be said to them and seen of them.
final class Rig {
    /// What a session asks for at its start.
    struct Options: Equatable, Sendable {
        /// Names of the controllers; nil: all.
        var controllers: [String]?
        var quantisation: Quantisation?
        var seed: UInt64 = 1
        /// Whether power that goes on in a DER that must cease is its inverter's fault.
        var watchesInverter = false
    }
    struct Step {
        var for_s: Double
        var isRamp = false
        var orders: [(input: Int, order: InputOrder)] = []
        /// Signals whose value at every tick is wanted.
        var trace: [Int] = []
    }
    struct Event: Equatable, Sendable {
        var controller: String
        var tick: UInt64
        var happened: Happened
    }
    /// What one step came to.
    struct Outcome {
        var ticks = 0
        /// Values of the traced signals, tick by tick.
        var trace: [Float] = []
        var events: [Event] = []
        var eventsDropped = 0
        /// Nobody waits for it any more.
        var isAbandoned = false
    }
    static let mostEvents = 1000
    /// Ticks between two looks at the partner.
    static let ticksPerLook = 256

    let site: SiteProfile
    let options: Options
    let rate_Hz: Double
    let tick_s: Double
    let controllers: [DrivenController]
    let inputs: [InputDescription]
    let signals: [Signal]
    /// The controller of each input and signal.
    let ownersOfInputs: [Int]
    let ownersOfSignals: [Int]
    private var inputNumbers: [String: Int] = [:]
    private var signalNumbers: [String: Int] = [:]
    private(set) var ticks: UInt64 = 0
    private(set) var carried_s = 0.0

    /// - Throws: a refusal of a name that is not there.
    init(_ site: SiteProfile, _ options: Options) throws(SessionError) {
        self.site = site
        self.options = options
        rate_Hz = site.rate_Hz
        tick_s = 1 / site.rate_Hz
        let names = try Self.chosen(site, options)
        let quantisation = options.quantisation ?? .channel(noise_counts: site.sensors.noise_counts)
        let random = Random(seed: options.seed)
        var travel = Travel()
        if let coupling = site.coupling {
            travel.switchClose_s = coupling.switchClose_s
            travel.switchOpen_s = coupling.switchOpen_s
        }
        controllers = names.compactMap { name in
            Self.settings(of: name, site, options).map { settings in
                DrivenController(
                    name, kind: Self.kind(of: name, site),
                    stages: site.stages(of: name).map(\.name),
                    settings, travel: travel, quantisation, random: random.fork(name))
            }
        }
        var (inputs, inputOwners): ([InputDescription], [Int]) = ([], [])
        var (signals, signalOwners): ([Signal], [Int]) = ([], [])
        for (n, controller) in controllers.enumerated() {
            let its = InputDescription.all(of: controller)
            inputs += its
            inputOwners += its.map { _ in n }
            let seen = Signal.all(of: controller.settings).map { signal in
                var signal = signal
                signal.name = "\(controller.name).\(signal.name)"
                return signal
            }
            signals += seen
            signalOwners += seen.map { _ in n }
        }
        (self.inputs, ownersOfInputs) = (inputs, inputOwners)
        (self.signals, ownersOfSignals) = (signals, signalOwners)
        for (n, input) in inputs.enumerated() { inputNumbers[input.name] = n }
        for (n, signal) in signals.enumerated() { signalNumbers[signal.name] = n }
    }

    /// As the board has them; but inputs that a partner holds go on over a long step, and are no
    /// inverter that does not obey unless the partner says that its own answers in time.
    private static func settings(
        of name: String, _ site: SiteProfile, _ options: Options
    ) -> ControllerSettings? {
        var settings = site.settings(of: name, site.sensing)
        if !options.watchesInverter { settings?.interconnect?.obeysWithin = Seconds(.infinity) }
        return settings
    }

    private static func chosen(_ site: SiteProfile, _ options: Options) throws(SessionError)
        -> [String]
    {
        guard let wanted = options.controllers else { return site.controllerNames }
        for (n, name) in wanted.enumerated() {
            guard site.controllerNames.contains(name) else {
                throw SessionError(
                    "no controller is called \(name)",
                    "the site has \(site.controllerNames.joined(separator: ", "))")
            }
            guard !wanted[..<n].contains(name) else {
                throw SessionError("\(name) is there twice", "name each controller once")
            }
        }
        guard !wanted.isEmpty else {
            throw SessionError("no controller is named", "leave controllers out to run all")
        }
        return wanted
    }

    private static func kind(of name: String, _ site: SiteProfile) -> String {
        if name == site.coupling?.name { return "coupling" }
        guard let home = site.homes.first(where: { $0.name == name }) else { return "battery" }
        return home.der == nil ? "home" : "der"
    }

    var time_s: Double { Double(ticks) / rate_Hz }

    /// The number of an input by its name, with or without its controller's.
    func input(_ name: String) throws(SessionError) -> Int {
        try number(name, in: inputNumbers, "input")
    }
    func signal(_ name: String) throws(SessionError) -> Int {
        try number(name, in: signalNumbers, "signal")
    }
    private func number(
        _ name: String, in numbers: [String: Int], _ what: String
    ) throws(SessionError) -> Int {
        if let n = numbers[name] { return n }
        if controllers.count == 1, let n = numbers["\(controllers[0].name).\(name)"] { return n }
        let last = name.split(separator: ".").last.map(String.init) ?? name
        let near = numbers.keys.filter { $0.hasSuffix(".\(last)") }.sorted().prefix(3)
        throw SessionError(
            "no \(what) is called \(name)",
            near.isEmpty
                ? "hello lists them all" : "there is \(near.joined(separator: ", "))")
    }

    /// Ticks that a step of `for_s` will execute. Within a millionth of a tick it is a whole number.
    func ticks(in for_s: Double) -> Int {
        Int(((carried_s + for_s) * rate_Hz + 1e-6).rounded(.down))
    }

    /// Lets the controllers run. Orders were proved (`prove`) before.
    ///
    /// - Parameter attend: asked now and then; false: the partner is gone.
    func advance(_ step: Step, attend: () -> Bool) -> Outcome {
        var outcome = Outcome()
        for (input, order) in step.orders { give(order, to: input, isRamp: step.isRamp) }
        let count = ticks(in: step.for_s)
        outcome.trace.reserveCapacity(step.trace.count * count)
        for k in 0..<count {
            let share = TickShare(k, tick_s: tick_s, carried_s: carried_s, step_s: step.for_s)
            ticks += 1
            for controller in controllers {
                controller.tick(Tick(ticks), k, share, tick_s: tick_s)
                for happened in controller.happened() {
                    guard outcome.events.count < Self.mostEvents else {
                        outcome.eventsDropped += 1
                        continue
                    }
                    outcome.events.append(
                        Event(controller: controller.name, tick: ticks, happened: happened))
                }
            }
            for n in step.trace { outcome.trace.append(value(n)) }
            outcome.ticks += 1
            if outcome.ticks % Self.ticksPerLook == 0, !attend() {
                outcome.isAbandoned = true
                break
            }
        }
        carried_s = max(0, carried_s + step.for_s - Double(count) / rate_Hz)
        for controller in controllers { controller.endStep() }
        return outcome
    }

    /// A signal's value in the newest record.
    func value(_ signal: Int) -> Float {
        signals[signal].read(controllers[ownersOfSignals[signal]].record)
    }

    func letGo() { for controller in controllers { controller.letGo() } }

    /// The controller an input is of.
    func owner(_ input: Int) -> DrivenController { controllers[ownersOfInputs[input]] }
}

extension Rig {
    /// Takes what running controllers can be told anew from `site`.
    ///
    /// - Returns: whether something waits for a reset.
    func adopt(_ site: SiteProfile) -> Bool {
        var waits = site.controllerNames != self.site.controllerNames
        for controller in controllers {
            guard let told = Self.settings(of: controller.name, site, options) else {
                waits = true
                continue
            }
            let isWhole = controller.adopt(
                told, stages: site.stages(of: controller.name).map(\.name))
            if !isWhole { waits = true }
        }
        return waits
    }
}
