import Bench
import Loopback
import BoardProfile
import Control
import Foundation
import HAL
import LinuxBoard
import Plant
import SimBoard
import Panel
import Switchboard
import Synchronization
import Testing

@testable import Station

/// The feeder switch of `boards/pi-ac` between a simulated grid and two simulated homes: its
/// waveforms come through libiio from a server on the loopback, its lines are the plant's own.
private final class Feeder: Sendable {
    let waves: VillageWaves
    private let served: Mutex<IIOServer?>
    let run: FieldRun
    private let panel: FieldPanel
    private let ended = DispatchSemaphore(value: 0)
    private let heard = Mutex<[String]>([])
    private let isLeft = Flag()
    private let driven = Flag()

    init() throws {
        var description = MicrogridDescription()
        for name in ["one", "two"] {
            var home = HomeDescription()
            home.name = name
            description.homes.append(home)
        }
        waves = VillageWaves(description, seed: 1, rate_Hz: 8000, block: 8) { microgrid in
            // Loads alone: nobody forms this feeder when the grid is gone.
            var loads = Command()
            for l in [Output.load0, .load1] { loads.outputs[l] = true }
            for h in microgrid.homes.indices { HomePort(microgrid, home: h).apply(loads) }
            for _ in 0..<500 { microgrid.tick() }
        }
        let server = try IIOServer(Self.context(waves))
        served = Mutex(server)
        let site = try Self.site(port: server.port)
        let switchboard = Switchboard(site)
        #expect(switchboard.refusals.isEmpty, "\(switchboard.refusals)")
        let waves = waves, driven = driven
        let doors = Doors(
            bus: { _ in .none },
            lines: { _, lines in
                LineThread.Door(
                    place: { DevicePlace(node: "pins") },
                    open: { _ in FeederLines(waves, lines, driven) })
            })
        run = try #require(FieldRun(site, switchboard, doors: doors))
        panel = FieldPanel(site, run)
        let run = run, ended = ended
        Thread.detachNewThread {
            run.run(until: 600, realTime: false) { _ in }
            ended.signal()
        }
    }

    private static func context(_ waves: VillageWaves) -> ServedContext {
        ServedContext("a feeder", devices: [waves.served(name: "ad7606-8")])
    }

    /// What is shipped, but for where the converter is, its counts, and a minute's wait.
    private static func site(port: UInt16) throws -> SiteProfile {
        var parts = #filePath.split(separator: "/").dropLast(3)
        parts += ["boards", "pi-ac"]
        var site = try #require(SiteProfile.load("/" + parts.joined(separator: "/")).value)
        site.coupling!.enterDelay_s = 1
        var adc = site.hardware!.iio[0]
        (adc.uri, adc.parent, adc.trigger) = ("ip:127.0.0.1:\(port)", nil, nil)
        (site.rate_Hz, adc.rate_Hz) = (1000, 8000)
        // The server's thread shares this machine with everything else.
        adc.staleAfter_s = 1
        site.hardware!.iio[0] = adc
        // Grid a, bus a, current a of the village's nine columns; 16 mV and 4 mA a count.
        let pins = [("adc.voltage0", 16.0), ("adc.voltage3", 16), ("adc.current0", 4)]
        for (n, (from, scale)) in pins.enumerated() {
            site.hardware!.waves[n].from = from
            site.hardware!.waves[n].scale = scale
            site.hardware!.waves[n].zero = 32_768
            site.hardware!.waves[n].gain = 1
        }
        return site
    }

    func wait(_ seconds: Double, until holds: (Record) -> Bool) -> Bool {
        let end = now_s() + seconds
        while now_s() < end {
            let view = panel.look()
            heard.withLock { $0 += view.events.map { "\($0.source): \($0.text)" } }
            if holds(view.record) { return true }
            usleep(10_000)
        }
        return false
    }
    func grid(_ change: GridChange) {
        waves.withPlant { plant, _ in plant.network.set(grid: change) }
    }
    var conducts: Bool { waves.withPlant { _, port in port.contacts[Contact.islandingSwitch] } }
    var log: [String] { heard.withLock { $0 } }

    /// Ends the server. The plant goes on if it is told to: a feeder does not wait for its meter.
    func endServer() {
        served.withLock {
            $0?.stop(); $0 = nil
        }
    }
    func serveAgain(port: UInt16) throws {
        let context = Self.context(waves)
        try served.withLock { $0 = try IIOServer(context, port: port) }
    }
    var port: UInt16? { served.withLock { $0?.port } }
    var isDriven: Bool { driven.isUp }

    /// Steps the plant while nobody reads its waveforms.
    func goesOn(_ on: Bool) {
        isLeft.isUp = on
        guard on else {
            usleep(50_000)
            return
        }
        let waves = waves, isLeft = isLeft
        Thread.detachNewThread {
            let rows = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 9 * waves.block)
            rows.initialize(repeating: 0)
            defer { rows.deallocate() }
            while isLeft.isUp {
                waves.next(waves.block, into: rows)
                usleep(1000)
            }
        }
    }

    func end() -> Bool {
        run.stop()
        let isOver = ended.wait(timeout: .now() + 30) == .success
        endServer()
        return isOver && run.isProvedSafe
    }
}

/// An atomic that can be shared.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isUp: Bool {
        get { value.load(ordering: .acquiring) }
        set { value.store(newValue, ordering: .releasing) }
    }
}

/// The switch's coil and auxiliary contact.
private final class FeederLines: LinePort {
    private let waves: VillageWaves
    private let lines: [LineProfile]
    private let driven: Flag
    init(_ waves: VillageWaves, _ lines: [LineProfile], _ driven: Flag) {
        (self.waves, self.lines, self.driven) = (waves, lines, driven)
    }

    func drive(_ levels: UInt32) throws(BoardFault) {
        let bit = lines.firstIndex { $0.output == "islanding_switch" }!
        let isOn = levels >> UInt32(bit) & 1 != 0
        driven.isUp = isOn
        waves.withPlant { _, port in
            var command = Command()
            command.outputs[Output.islandingSwitch] = isOn
            port.apply(command)
        }
    }
    func levels() throws(BoardFault) -> UInt32 {
        let bit = lines.firstIndex { $0.contact == "islanding_switch" }!
        return waves.withPlant { _, port in
            port.contacts[Contact.islandingSwitch] ? 1 << UInt32(bit) : 0
        }
    }
}

@Suite("A feeder switch on captured waveforms", .serialized)
struct FeederTests {
    @Test("It joins a dead feeder to a live grid, leaves a grid that fails, and comes back")
    func outage() throws {
        let feeder = try Feeder()
        #expect(feeder.wait(90) { $0.islanding == .gridTied }, "\(feeder.log)")
        #expect(feeder.conducts)
        #expect(feeder.wait(60) { abs($0.measured.bus.positive.value - 230) < 5 })
        #expect(feeder.wait(60) { abs($0.measured.bus.frequency.value - 50) < 0.01 })
        #expect(feeder.wait(60) { $0.measured.bus.active.value > 100 }, "it feeds the homes")

        feeder.grid(.loss)
        #expect(feeder.wait(60) { _ in !feeder.conducts }, "\(feeder.log)")
        #expect(feeder.wait(60) { $0.measured.grid.positive.value < 23 })
        feeder.grid(.restoration())
        #expect(feeder.wait(90) { $0.islanding == .gridTied }, "\(feeder.log)")
        #expect(feeder.conducts)
        #expect(feeder.end())
        // Nobody steps the plant any more: what its coil was last told is all there is to see.
        #expect(!feeder.isDriven)
    }

    @Test("A converter whose server ends opens the switch, and closes it again when it is back")
    func lostServer() throws {
        let feeder = try Feeder()
        #expect(feeder.wait(90) { $0.islanding == .gridTied }, "\(feeder.log)")
        let port = try #require(feeder.port)
        feeder.endServer()
        feeder.goesOn(true)
        #expect(feeder.wait(60) { _ in !feeder.conducts }, "\(feeder.log)")
        #expect(feeder.wait(60) { !$0.verdict.blind.isEmpty })
        #expect(feeder.wait(60) { _ in feeder.log.contains { $0.hasPrefix("adc: ") } })
        feeder.goesOn(false)
        try feeder.serveAgain(port: port)
        #expect(feeder.wait(90) { $0.islanding == .gridTied }, "\(feeder.log)")
        #expect(feeder.log.contains("adc: is back"))
        #expect(feeder.end())
    }
}
