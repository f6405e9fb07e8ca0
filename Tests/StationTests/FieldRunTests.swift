import Loopback
import BoardProfile
import Control
import Foundation
import HAL
import LinuxBoard
import Panel
import Report
import Switchboard
import Testing
import Words

@testable import Station

/// The controller of `boards/bench-cp2112` on the virtual board, in real time, on its own thread.
private final class Field {
    let loop = Loopback()
    let run: FieldRun
    private let panel: FieldPanel
    private let ended = DispatchSemaphore(value: 0)
    private(set) var events: [Trace.Event] = []
    private(set) var view: FieldView

    init() throws {
        var parts = #filePath.split(separator: "/").dropLast(3)
        parts += ["boards", "bench-cp2112"]
        let site = try #require(SiteProfile.load("/" + parts.joined(separator: "/")).value)
        let switchboard = Switchboard(site)
        #expect(switchboard.refusals.isEmpty, "\(switchboard.refusals)")
        run = try #require(FieldRun(site, switchboard, doors: loop.doors))
        panel = FieldPanel(site, run)
        let run = run, ended = ended
        Thread.detachNewThread {
            run.run(until: 600, realTime: false) { _ in }
            ended.signal()
        }
        view = panel.look()
    }
    /// Looks until `holds` or the time is over. The times are long because the machine may be busy;
    /// nothing here is a measurement of time.
    func wait(_ seconds: Double, until holds: (Record) -> Bool) -> Bool {
        let end = now_s() + seconds
        while now_s() < end {
            view = panel.look()
            events += view.events
            if holds(view.record) { return true }
            usleep(10_000)
        }
        return false
    }
    func heard(_ text: String) -> Bool { events.contains { $0.text.contains(text) } }
    /// A figure of the bench's truth.
    func truth(_ key: String) -> Any? {
        let text = loop.obey("state")
        let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return object?[key]
    }
    func end() -> Bool {
        run.stop()
        return ended.wait(timeout: .now() + 30) == .success && run.isProvedSafe
    }
}

@Suite("A real controller on the virtual board", .serialized)
struct FieldRunTests {
    @Test("Pre-charges, closes, shares, and lets go at the end")
    func life() throws {
        let field = try Field()
        #expect(field.wait(90) { $0.command.converter.isOn }, "\(field.events)")
        #expect(field.view.record.contactor?.words == "closed")
        #expect(field.truth("main_conducts") as? Bool == true)
        #expect(field.truth("blind_closes") as? Int == 0)
        // The controller's meters agree with the plant within their front ends' noise.
        let agrees = field.wait(60) {
            let seen = Double($0.measured.dcBusVoltage.value)
            return abs(seen - (field.truth("bus_V") as? Double ?? .nan)) < 0.2
        }
        #expect(agrees)

        // The rectifier goes; the battery carries the bus. Not before its converter runs: an order
        // takes its time to the relays, and a bus that nobody feeds falls 0.7 V in each millisecond.
        // How deep the bus dips is measured without a clock: `BusDipTests`.
        #expect(field.wait(60) { _ in field.truth("converter_runs") as? Bool == true })
        #expect(field.loop.obey("outage") == "ok")
        #expect(field.wait(60) { $0.measured.converterCurrent.value > 2 })
        #expect(field.wait(60) { _ in field.truth("bus_V") as? Double ?? 0 > 47 })
        #expect(field.truth("converter_runs") as? Bool == true)
        #expect(field.loop.obey("restore") == "ok")

        #expect(field.end())
        // The contacts' own travel.
        usleep(100_000)
        #expect(field.truth("main_conducts") as? Bool == false)
        #expect(field.truth("main_coil") as? Bool == false)
    }

    @Test("A bridge that is unplugged is named, costs no closed contactor, and comes back")
    func unplug() throws {
        let field = try Field()
        #expect(field.wait(90) { $0.command.converter.isOn }, "\(field.events)")
        #expect(field.loop.obey("unplug a") == "ok")
        #expect(field.wait(60) { !$0.command.converter.isOn })
        #expect(field.truth("main_conducts") as? Bool == false)
        #expect(field.wait(60) { _ in field.heard("is not there") }, "\(field.events)")
        #expect(field.loop.obey("replug a") == "ok")
        #expect(field.wait(120) { $0.command.converter.isOn }, "\(field.events)")
        #expect(field.heard("is back"))
        #expect(field.truth("blind_closes") as? Int == 0)
        #expect(field.end())
    }
}
