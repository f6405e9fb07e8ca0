import BoardProfile
import Foundation
import Testing

@testable import Hil

@Suite("A session")
struct SessionTests {
    @Test("hello names versions, controllers, rates, inputs, signals and stages")
    func hello() throws {
        let talk = try Talk()
        let hello = try talk.hello(",\"id\":7")
        #expect(hello.number("protocol") == 1 && hello.number("id") == 7)
        #expect(hello["site"] as? String == "small" && hello.number("rate_Hz") == 1000)
        let controllers = hello["controllers"] as? [[String: Any]] ?? []
        #expect(controllers.map { $0["name"] as? String } == ["pcc", "mill"])
        #expect(controllers[0].texts("stages") == ["UV2", "UV1", "OF"])
        #expect(controllers[0].number("nominal", "voltage_V") == 230)
        #expect(controllers[0].number("sample_rate_Hz") == 10_000)
        let inputs = controllers.flatMap { $0["inputs"] as? [[String: Any]] ?? [] }
        #expect(inputs.map { $0.number("number") } == (0..<inputs.count).map { Double($0) })
        let grid = try #require(inputs.first { $0["name"] as? String == "pcc.grid_a" })
        #expect(grid["kind"] as? String == "wave" && grid["unit"] as? String == "V")
        #expect(grid["needed"] as? Bool == true && grid.number("offset") == 2048)
        let battery = inputs.first { $0["name"] as? String == "mill.battery_voltage" }
        #expect(battery?["kind"] as? String == "scalar")
        #expect(inputs.contains { $0["name"] as? String == "mill.main_contactor" })
        let signals = controllers.flatMap { $0["signals"] as? [[String: Any]] ?? [] }
        let islanding = try #require(signals.first { $0["name"] as? String == "pcc.islanding" })
        #expect(islanding.texts("values").prefix(2) == ["none", "grid_tied"])
        // Every name once, or a trace could not be told apart.
        #expect(Set(signals.compactMap { $0["name"] as? String }).count == signals.count)
    }

    @Test(
        "Another version is refused and ends it",
        arguments: ["{\"request\":\"hello\",\"protocol\":2}", "{\"request\":\"hello\"}"])
    func version(line: String) throws {
        let talk = try Talk()
        let r = try talk.ask(line)
        #expect(r.code == "other_version" && r["closed"] as? Bool == true && talk.session.isOver)
    }

    @Test(
        "What cannot be done is refused, changes nothing, and the session goes on",
        arguments: [
            ("{\"request\":\"advance\",\"for_s\":-1}", "for_s is -1"),
            ("{\"request\":\"advance\",\"for_s\":3601}", "for_s is 3601"),
            ("{\"request\":\"advance\"}", "not how long"),
            ("{\"request\":\"advance\",\"for_s\":1,\"ticks\":1}", "for_s and ticks"),
            ("{\"request\":\"advance\",\"ticks\":1.5}", "not whole"),
            ("{\"request\":\"advance\",\"for_s\":1,\"fast\":true}", "has no key fast"),
            ("{\"request\":\"advance\",\"for_s\":1,\"shape\":\"step\"}", "shape is step"),
            ("{\"request\":\"advance\",\"for_s\":1,\"want\":[\"all\"]}", "want has"),
            ("{\"request\":\"advance\",\"for_s\":1,\"trace\":[\"mill.x\"]}", "no signal"),
            (
                "{\"request\":\"advance\",\"for_s\":3600,\"trace\":[\"mill.source\"]}",
                "3600000 numbers"
            ),
            ("{\"request\":\"advance\",\"for_s\":1,\"inputs\":{\"mill.bus_d\":1}}", "no input"),
            ("{\"request\":\"advance\",\"for_s\":1,\"inputs\":{\"mill.bus\":1}}", "mill.bus is 1"),
            (
                "{\"request\":\"advance\",\"for_s\":1,\"inputs\":{\"mill.bus\":{\"angle_deg\":1}}}",
                "no magnitude yet"
            ),
            (
                "{\"request\":\"advance\",\"for_s\":1,\"inputs\":{\"mill.bus\":{\"magnitude_A\":1}}}",
                "no key magnitude_A"
            ),
            (
                "{\"request\":\"advance\",\"for_s\":1,\"inputs\":{\"mill.bus\":{\"magnitude_V\":-1}}}",
                "magnitude_V is -1"
            ),
            (
                "{\"request\":\"advance\",\"for_s\":0.002,\"inputs\":{\"mill.bus_a\":{\"raw\":[0.5]}}}",
                "the count 0.5"
            ),
            (
                "{\"request\":\"advance\",\"for_s\":1,\"inputs\":{\"mill.battery_voltage\":1e10}}",
                "out of bounds"
            ),
            (
                "{\"request\":\"advance\",\"for_s\":1,\"inputs\":{\"mill.main_contactor\":\"open\"}}",
                "main_contactor is \"open\""
            ),
            ("{\"request\":\"wish\",\"for_s\":1,\"active_W\":2e6}", "admits no such wish"),
            ("{\"request\":\"wish\"}", "not for how long"),
            ("{\"request\":\"wish\",\"for_s\":1,\"controllers\":[\"x\"]}", "no controller"),
            ("{\"request\":\"hello\",\"protocol\":1}", "hello already"),
            ("{\"request\":\"watch\",\"signals\":[\"x\"]}", "no signal"),
            ("{\"request\":\"set\"}", "no settings"),
            ("{\"request\":\"set\",\"settings\":{\"a[\":1}}", "no path"),
            ("{\"request\":\"set\",\"settings\":{\"title\":{}}}", "is an object"),
        ])
    func refused(line: String, why: String) throws {
        let talk = try Talk()
        _ = try talk.hello()
        let before = try talk.advance(0.05).number("tick")
        let r = try talk.ask(line)
        #expect(r.code == "refused" && r["closed"] as? Bool == false, "\(r)")
        #expect(r.message.contains(why), "\(r.message)")
        #expect(try talk.advance(0).number("tick") == before)
    }

    @Test(
        "What is not understood ends it, and outputs are let go",
        arguments: ["[]", "{\"request\":", "hello", "{\"a\":1}", "{\"request\":\"go\"}", "SKHX"])
    func notUnderstood(line: String) throws {
        let talk = try Talk(controllers: ["mill"])
        _ = try talk.hello()
        let ready =
            "{\"bus\":{\"magnitude_V\":230},\"current\":{\"magnitude_A\":0},\"battery_voltage\":768,"
            + "\"battery_current\":0,\"link_voltage\":768,\"state_of_charge\":0.6,"
            + "\"battery_temperature\":25}"
        let running = try talk.advance(5, ready)
        #expect(running.at("controllers", "mill", "outputs", "main_contactor") as? Bool == true)
        let r = try talk.ask(line)
        #expect(r.code == "not_understood" && r["closed"] as? Bool == true, "\(r)")
        #expect(r.at("outputs", "mill", "main_contactor") as? Bool == false)
        #expect(r.at("outputs", "mill", "inverter_mode") as? String == "off")
        #expect(talk.session.isOver)
        talk.put(Array("{\"request\":\"advance\",\"for_s\":1}\n".utf8))
        #expect(talk.take().isEmpty)
    }

    @Test("A line beyond its bound ends it before it is complete")
    func tooLong() throws {
        let talk = try Talk()
        talk.put([UInt8](repeating: UInt8(ascii: "{"), count: MessageCutter.mostLine + 2))
        let reply = String(decoding: talk.take(), as: UTF8.self)
        #expect(reply.contains("\"too_long\"") && talk.session.isOver)
    }

    @Test("Before hello nothing runs")
    func early() throws {
        let talk = try Talk()
        #expect(try talk.advance(1).message.contains("no hello"))
        #expect(try talk.ask("{\"request\":\"reset\"}").message.contains("no hello"))
        #expect(try talk.hello().number("protocol") == 1)
    }

    @Test("Controllers are chosen in hello, and only from those the program was started with")
    func chosen() throws {
        let talk = try Talk()
        let hello = try talk.hello(",\"controllers\":[\"mill\"]")
        #expect((hello["controllers"] as? [Any])?.count == 1)
        let other = try Talk(controllers: ["pcc"])
        #expect(try other.hello(",\"controllers\":[\"mill\"]").message.contains("started with"))
        #expect(try other.hello(",\"controllers\":[\"x\"]").code == "refused")
        #expect(try other.hello().number("protocol") == 1)
    }

    @Test("A wish is followed until it ends")
    func wish() throws {
        let talk = try Talk(controllers: ["pcc"])
        _ = try talk.hello()
        let volts =
            "{\"grid\":{\"magnitude_V\":230},\"bus\":{\"magnitude_V\":230},\"current\":{\"magnitude_A\":10}}"
        #expect(try talk.advance(3, volts).state("pcc", "islanding") == "grid_tied")
        let r = try talk.ask("{\"request\":\"wish\",\"for_s\":1,\"island\":true}")
        #expect(r.number("ends_s") == 4.001)
        let island = try talk.advance(0.5)
        #expect(island.state("pcc", "islanding") == "islanded")
        #expect(
            island.at("controllers", "pcc", "verdict", "island_cause") as? String == "asked for")
        #expect(try talk.advance(5).state("pcc", "islanding") == "grid_tied")
    }

    @Test("The partner that is gone in a long step is not waited for")
    func abandoned() throws {
        var looks = 0
        let talk = try Talk(controllers: ["mill"]) {
            looks += 1
            return looks < 3
        }
        _ = try talk.hello()
        talk.put(Array("{\"request\":\"advance\",\"for_s\":3600}\n".utf8))
        #expect(talk.session.isOver && talk.take().isEmpty)
        #expect(talk.session.rig?.ticks == 3 * UInt64(Rig.ticksPerLook))
    }

    @Test("Requests that come in pieces, several at once, are each answered in order")
    func pieces() throws {
        let talk = try Talk()
        let all = Array(
            ("{\"request\":\"hello\",\"protocol\":1,\"id\":1}\n\n  {\"request\":\"advance\",\"for_s\":0.01,"
                + "\"id\":\"two\"}\r\n{\"request\":\"bye\",\"id\":3}\n").utf8)
        for byte in all { talk.put([byte]) }
        let lines = String(decoding: talk.take(), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].hasPrefix("{\"reply\":\"advance\",\"id\":\"two\""))
        #expect(lines[2] == "{\"reply\":\"bye\",\"id\":3}" && talk.session.isOver)
    }
}

@Suite("Settings of a session")
struct SettingTests {
    @Test("Values in force have their unit, range and source")
    func list() throws {
        let talk = try Talk()
        _ = try talk.hello()
        let r = try talk.ask("{\"request\":\"settings\",\"matching\":\"grid_code.stages[0]\"}")
        let settings = r["settings"] as? [[String: Any]] ?? []
        let pickup = try #require(settings.first { "\($0["key"]!)".hasSuffix("pickup_pu") })
        #expect(pickup["value"] as? String == "0.45" && pickup["unit"] as? String == "pu")
        #expect((pickup["range"] as? String)?.contains(" to ") == true)
        #expect(pickup["source"] as? String == "grid-codes/small.yaml:4")
        #expect(!settings.contains { "\($0["key"]!)".hasPrefix("homes") })
    }

    @Test("What is set holds, in the board's file and in those it names, by number and by name")
    func set() throws {
        let talk = try Talk()
        _ = try talk.hello()
        let r = try talk.ask(
            "{\"request\":\"set\",\"settings\":{\"grid_code.stages[UV1].clearing_s\":1.5,"
                + "\"homes[0].inverter.rating_VA\":6000,\"coupling.enter_delay_s\":2}}")
        #expect(r.texts("changed").count == 3, "\(r)")
        let site = try talk.session.reading.get()
        #expect(site.gridCode.stages[1].clearing_s == 1.5 && site.homes[0].rating_VA == 6000)
        #expect(site.coupling?.enterDelay_s == 2)
        let list = try talk.ask(
            "{\"request\":\"settings\",\"matching\":\"grid_code.stages[1].clear\"}")
        #expect((list["settings"] as? [[String: Any]])?.first?["source"] as? String == "set")
        _ = try talk.ask(
            "{\"request\":\"set\",\"settings\":{\"grid_code.stages[UV1].clearing_s\":null}}")
        #expect(try talk.session.reading.get().gridCode.stages[1].clearing_s == 2)
        // A reset keeps it.
        _ = try talk.ask("{\"request\":\"reset\"}")
        #expect(talk.session.rig?.site.homes[0].rating_VA == 6000)
    }

    @Test("A stage that is set acts at once; what is no stage waits for a reset")
    func adopted() throws {
        let talk = try Talk(controllers: ["pcc"])
        _ = try talk.hello()
        _ = try talk.ask("{\"request\":\"wish\",\"for_s\":60,\"guarded\":true}")
        let healthy = "{\"magnitude_V\":230}"
        let tied = try talk.advance(
            3, "{\"grid\":\(healthy),\"bus\":\(healthy),\"current\":{\"magnitude_A\":10}}")
        #expect(tied.state("pcc", "islanding") == "grid_tied")
        let r = try talk.ask(
            "{\"request\":\"set\",\"settings\":{\"grid_code.stages[UV1].clearing_s\":0.4,"
                + "\"grid_code.enter_service.delay_s\":0.2}}")
        #expect(r["needs_reset"] as? Bool == false, "\(r)")
        let sag = "{\"magnitude_V\":160}"
        let gone = try talk.advance(1, "{\"grid\":\(sag),\"bus\":\(sag)}")
        let trip = try #require(gone.events("trip").first { $0.text == "UV1 tripped" })
        #expect(trip.time_s > 3.4 && trip.time_s < 3.425, "\(trip.time_s)")
        let rated = try talk.ask(
            "{\"request\":\"set\",\"settings\":{\"coupling.rated_A\":50}}")
        #expect(rated["needs_reset"] as? Bool == true)
        _ = try talk.ask("{\"request\":\"reset\"}")
        let again = try talk.ask(
            "{\"request\":\"set\",\"settings\":{\"grid_code.stages[UV1].clearing_s\":null}}")
        #expect(again["needs_reset"] as? Bool == false, "\(again)")
    }

    @Test("A name that is not there yet is added")
    func added() throws {
        let talk = try Talk()
        _ = try talk.hello()
        let r = try talk.ask(
            "{\"request\":\"set\",\"settings\":{\"home_stages[UV3].watches\":\"bus_voltage_low\","
                + "\"home_stages[UV3].pickup_pu\":0.2,\"home_stages[UV3].clearing_s\":0.1,"
                + "\"home_stages[UV3].action\":\"trip_source\"}}")
        #expect(r["reply"] as? String == "set", "\(r)")
        #expect(try talk.session.reading.get().homes[0].stages.map(\.name) == ["UV", "OV", "UV3"])
    }

    @Test(
        "What the file may not say is refused in the file's own words, and nothing is changed",
        arguments: [
            ("grid_code.stages[UV1].clearing_s", "-1", "is below 0"),
            ("grid_code.stages[UV1].pickup_pu", "0.99", "inside the window of enter_service"),
            ("grid_code.stages[UV1].pickup_pu", "\"0.5\"", "is text"),
            ("homes[mill].inverter.rating_kVA", "5", "has another unit"),
            ("homes[7].inverter.rating_VA", "5000", "has no item 7"),
            ("controller.rate_Hz", "20", "is below 50"),
            ("title.x", "1", "has no keys below it"),
            ("coupling[0].name", "1", "is no list"),
            ("grid_code", "\"none\"", "names no file"),
            ("enter_service.delay_s", "1", "is not a key here"),
        ])
    func refused(key: String, value: String, why: String) throws {
        let talk = try Talk()
        _ = try talk.hello()
        let r = try talk.ask(
            "{\"request\":\"set\",\"settings\":{\"coupling.enter_delay_s\":3,\"\(key)\":\(value)}}")
        #expect(r.code == "settings" && r["closed"] as? Bool == false, "\(r)")
        let problems = r["problems"] as? [[String: Any]] ?? []
        #expect(problems.contains { "\($0["message"] ?? "")".contains(why) }, "\(problems)")
        #expect(try talk.session.reading.get().coupling?.enterDelay_s == 0.5)
        #expect(talk.session.overlay.isEmpty)
    }
}
