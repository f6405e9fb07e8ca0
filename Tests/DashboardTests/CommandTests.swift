import Access
import Control
import Foundation
import Quantities
import Recorder
import Testing

@testable import Dashboard

@Suite("Commands of people")
struct CommandTests {
    let house: House
    init() throws { house = try House() }
    private func body(_ command: String, _ more: String = "", of controller: String = "mill")
        -> String
    {
        #"{"controller": "\#(controller)", "command": "\#(command)"\#(more)}"#
    }

    @Test("Each reaches its controller as what it asks for, and is put down with who gave it")
    func reach() throws {
        let engineer = try house.signIn(.engineer)
        let island = try house.command(body("island", of: "pcc"), engineer)
        #expect(island.status == 200 && island.object["accepted"] as? Bool == true)
        #expect(house.pcc.wish?.island == true && house.mill.wish == nil)
        #expect(try house.command(body("reconnect", of: "pcc"), engineer).status == 200)
        #expect(house.pcc.wish?.island == false && house.pcc.wish?.connect == true)
        #expect(try house.command(body("acknowledge"), engineer).status == 200)
        #expect(house.mill.wish?.acknowledge == true)
        let setpoints = body("setpoints", #", "active_W": 900, "reactive_var": -50, "for_s": 60"#)
        #expect(try house.command(setpoints, engineer).status == 200)
        #expect(house.mill.wish?.active == Watts(900) && house.mill.wish?.reactive == Vars(-50))
        #expect(
            try house.command(body("reserve", #", "state_of_charge": 0.3"#), engineer).status == 200
        )
        #expect(house.feed.wants(of: "mill")?.reserve == 0.3)
        #expect(try house.store.reserves() == ["mill": 0.3])
        // How much is left nobody knows here: nothing is scheduled out of the battery.
        house.until("the reserve is kept") {
            house.mill.push()
            house.time.skip(0.3)
            return house.mill.wish?.active == Watts(0)
        }
        let kept = try house.client.get("/api/v1/commands", engineer)
        let list = try #require(kept.json as? [[String: Any]])
        #expect(
            list.map { $0["command"] as? String } == [
                "reserve 30.0 %", "setpoints 900.0 W, -50.0 var for 60.0 s", "acknowledge",
                "reconnect", "island",
            ])
        #expect(
            list.allSatisfy {
                $0["user"] as? String == "engineer" && $0["via"] as? String == "page"
            })
        #expect(list.allSatisfy { $0["accepted"] as? Bool == true })
        #expect(list.last?["controller"] as? String == "pcc")
        #expect(list.last?["time"] as? String == "2027-01-15T08:00:00.000Z")
        let two = try house.client.get("/api/v1/commands?limit=2", engineer).json as? [Any]
        #expect(two?.count == 2)
        #expect(try house.client.get("/api/v1/commands?limit=1001", engineer).status == 400)
    }

    @Test("One that came true and could not be put down is told as true, and as not put down")
    func unwritten() throws {
        let person = try house.signIn(.operator)
        try house.store.end()
        let answer = try house.command(body("island", of: "pcc"), person)
        #expect(answer.status == 200 && answer.object["accepted"] as? Bool == true)
        #expect((answer.object["words"] as? String)?.contains("could not be put down") == true)
        #expect(house.pcc.wish?.island == true)
    }

    @Test("Roles: a viewer sees, an operator asks, an engineer schedules besides")
    func roles() throws {
        let viewer = try house.signIn(.viewer)
        let person = try house.signIn(.operator)
        for command in ["island", "reconnect", "acknowledge", "reserve", "setpoints"] {
            let answer = try house.command(body(command), viewer)
            #expect(
                answer.status == 403 && answer.error.contains("this needs operator"), "\(command)")
        }
        #expect(try house.client.get("/api/v1/commands", viewer).status == 200)
        let setpoints = body("setpoints", #", "active_W": 900, "for_s": 60"#)
        let refused = try house.command(setpoints, person)
        #expect(refused.status == 403 && refused.error.contains("this needs engineer"))
        #expect(try house.command(body("acknowledge"), person).status == 200)
        #expect(house.pcc.wish == nil && house.mill.wish?.active == Watts(0))
        #expect(try house.store.commands(most: 10).map(\.user) == ["operator"])
    }

    @Test("Without its token, or with another's, nothing is asked")
    func forged() throws {
        let one = try house.signIn(.engineer)
        let other = try house.signIn(.engineer)
        for headers in [
            [one[0]], [one[0], ("X-CSRF-Token", "")], [one[0], other[1]],
            [one[0], ("X-CSRF-Token", String(one[1].1.dropLast()))],
        ] {
            let answer = try house.command(body("island"), headers)
            #expect(answer.status == 403 && answer.error.contains("X-CSRF-Token"))
        }
        #expect(try house.command(body("island"), [one[1]]).status == 401)
        #expect(house.mill.wish == nil)
        #expect(try house.store.commands(most: 10).isEmpty)
        #expect(try house.command(body("island"), one).status == 200)
    }

    @Test("What the controller refuses, and who is not there: 409, and put down")
    func refused() throws {
        let engineer = try house.signIn(.engineer)
        let many = body("setpoints", #", "active_W": 6000, "for_s": 60"#)
        let answer = try house.command(many, engineer)
        #expect(answer.status == 409 && answer.object["accepted"] as? Bool == false)
        #expect((answer.object["words"] as? String)?.contains("6000") == true)
        let absent = try house.command(body("island", of: "inn"), engineer)
        #expect(absent.status == 409)
        #expect((absent.object["words"] as? String)?.contains("inn is not there") == true)
        let kept = try house.store.commands(most: 10)
        #expect(kept.map(\.isAccepted) == [false, false])
        #expect(kept.map(\.controller) == ["inn", "mill"])
        #expect(kept[1].words.contains("6000"))
        // Nothing of it is wished for afterwards.
        #expect((house.mill.wish ?? Setpoints()).active == Watts(0))
    }

    @Test("What is no command is refused with what it should be")
    func wrong() throws {
        let engineer = try house.signIn(.engineer)
        let asked: [(String, String)] = [
            ("", "the body is not"), ("[1]", "the body is not"),
            ("{\"command\": \"island\"}", "the body is not"),
            (body("explode"), "there are island, reconnect"),
            (body("island", of: "castle"), "there are pcc, mill"),
            (body("reserve"), "state_of_charge is no number of 0.0 to 1.0"),
            (body("reserve", #", "state_of_charge": 1.01"#), "state_of_charge"),
            (body("reserve", #", "state_of_charge": "all""#), "the body is not"),
            (body("setpoints", #", "active_W": 1e7, "for_s": 60"#), "active_W"),
            (body("setpoints", #", "active_W": 1e999, "for_s": 60"#), "the body is not"),
            (body("setpoints", #", "active_W": NaN, "for_s": 60"#), "the body is not"),
            (body("setpoints", #", "active_W": 1"#), "for_s"),
            (body("setpoints", #", "active_W": 1, "for_s": 0"#), "for_s"),
            (body("setpoints", #", "active_W": 1, "for_s": 86401"#), "for_s"),
            (
                body("setpoints", #", "active_W": 1, "reactive_var": -1e6001, "for_s": 9"#),
                "the body is not"
            ),
        ]
        for (body, words) in asked {
            let answer = try house.command(body, engineer)
            #expect(answer.status == 400 && answer.error.contains(words), "\(body): \(answer.text)")
        }
        #expect(house.mill.wish == nil)
        #expect(try house.store.commands(most: 10).isEmpty)
    }

    @Test("A body that is too long is not read")
    func long() throws {
        let engineer = try house.signIn(.engineer)
        let pad = String(repeating: " ", count: 4096)
        let answer = try house.command(body("island") + pad, engineer)
        #expect(answer.status == 413 && answer.error.contains("4096"))
        #expect(try house.client.ask("POST", "/api/v1/session", [], pad + pad).status == 413)
        #expect(house.mill.wish == nil)
    }
}
