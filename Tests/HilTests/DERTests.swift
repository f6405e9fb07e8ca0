import Foundation
import Testing

@testable import Hil

/// A DER whose plant is a partner's: `boards/sim-der` itself.
@Suite("A DER")
struct DERTests {
    private static func talk(_ more: String) throws -> Talk {
        var parts = #filePath.split(separator: "/").dropLast(3)
        parts += ["boards", "sim-der"]
        let talk = try Talk(
            BoardSource("/" + parts.joined(separator: "/")), controllers: ["roof"])
        _ = try talk.hello(more)
        let ready = try talk.advance(
            6,
            "{\"bus\":{\"magnitude_V\":277,\"frequency_Hz\":60},\"inverter_ready\":true,"
                + "\"current\":{\"magnitude_A\":0}}")
        #expect(ready.state("roof", "der") == "entering_service")
        let flows = try talk.advance(10, "{\"current\":{\"magnitude_A\":10,\"angle_deg\":0}}")
        #expect(flows.state("roof", "der") == "continuous")
        return talk
    }

    @Test("Current that a partner holds over a long step does not keep it from entering again")
    func held() throws {
        let talk = try Self.talk("")
        let away = try talk.advance(3, "{\"bus\":{\"magnitude_V\":350}}")
        #expect(away.state("roof", "der") == "tripped")
        let back = try talk.advance(
            7, "{\"bus\":{\"magnitude_V\":277},\"current\":{\"magnitude_A\":0}}")
        #expect(back.state("roof", "der") == "entering_service")
    }

    @Test("Where a partner answers in time, current that goes on is an inverter that does not obey")
    func watched() throws {
        let talk = try Self.talk(",\"watch_inverter\":true")
        let away = try talk.advance(3, "{\"bus\":{\"magnitude_V\":350}}")
        #expect(
            away.at("controllers", "roof", "verdict", "der_cause") as? String == "welded contact")
        let stays = try talk.advance(
            20, "{\"bus\":{\"magnitude_V\":277},\"current\":{\"magnitude_A\":0}}")
        #expect(stays.state("roof", "der") == "tripped")
        _ = try talk.ask("{\"request\":\"wish\",\"for_s\":60,\"acknowledge\":true}")
        let back = try talk.advance(7)
        #expect(back.state("roof", "der") == "entering_service")
    }
}
