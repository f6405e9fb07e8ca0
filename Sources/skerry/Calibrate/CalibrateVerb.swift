import ArgumentParser

struct CalibrateVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Make the channels of a real board accurate, and know how accurate.",
        discussion: """
            On a terminal it walks from channel to channel:
              skerry calibrate boards/pi-dc48 --meter "Fluke 87V" --accuracy V=0.05%+0.01
            No outputs are driven meanwhile, and no controller may run on the board. To practise \
            without a board: --practice.

            Without a person: --points takes them from a table, --reference reads a meter:
              skerry calibrate boards/pi-dc48 --channel battery_voltage --count 5 \
              --reference 'scpi://192.0.2.7?query=MEAS:VOLT:DC?' --accuracy 0.01%+0.001
            """,
        subcommands: [
            CalibrateWalk.self, CalibrateTake.self, CalibrateFinish.self, CalibrateLoads.self,
            CalibrateTravel.self,
            CalibrateVerify.self, CalibrateShow.self, CalibrateDiff.self, CalibrateHistory.self,
            CalibrateRevert.self,
        ], defaultSubcommand: CalibrateWalk.self)
}
