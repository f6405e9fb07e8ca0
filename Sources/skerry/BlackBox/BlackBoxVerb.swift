import ArgumentParser

struct BlackBoxVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blackbox",
        abstract: "What a loop recorded: what is in it, one moment, tables, plots.",
        discussion: """
            Example: skerry blackbox list out/box/mill
            A black box is a folder with ring.skbb, the newest hours, and captures/, the seconds around \
            trips and transitions. Both kinds of file are read alike.
            """,
        subcommands: [
            BlackBoxList.self, BlackBoxShow.self, BlackBoxExport.self, BlackBoxPlot.self,
        ])
}
