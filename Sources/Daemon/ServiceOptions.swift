/// What a service is told on its command line and by its keeper.
public struct ServiceOptions: Sendable, Equatable {
    /// The board: a folder with a board.yaml, or a file.
    public var config = ""
    /// The folder of calibrations; nil: the usual one.
    public var calibration: String?
    /// Where the socket and the left state live: tmpfs.
    public var runtime = "/run/skerry"
    /// Where the black box lives.
    public var state = "/var/lib/skerry"
    /// Real-time scheduling and locked memory are asked for.
    public var isRealTime = true
    /// Reads and checks everything, and ends.
    public var isCheck = false
    /// `NOTIFY_SOCKET`; nil: nobody keeps this service.
    public var notifySocket: String?
    /// Half of it may pass between two signs of life: `WATCHDOG_USEC`, as seconds; nil: none.
    public var watchdog_s: Double?
    public init() {}

    public static let usage = """
        usage: skerryd --config BOARD [--calibration DIR] [--runtime DIR] [--state DIR] [--ordinary] [--check]

          --config BOARD      a folder with a board.yaml, or the file itself
          --calibration DIR   the folder of calibrations (beside the board's folder)
          --runtime DIR       for the socket and the state a restart may go on from: on tmpfs
                              (RUNTIME_DIRECTORY, else /run/skerry)
          --state DIR         for the black box (STATE_DIRECTORY, else /var/lib/skerry)
          --ordinary          without real-time priority and locked memory
          --check             read and check everything, say what is wrong, and end
        """

    /// What is wrong with a command line.
    public struct Refusal: Error, Equatable, Sendable {
        public var text: String
    }

    /// - Parameters:
    ///   - words: of the command line, without the program's name.
    ///   - environment: of the process: systemd.exec(5) and sd_notify(3) name the variables.
    ///   - process: its number; `WATCHDOG_PID` may mean another.
    public init(
        _ words: [String], environment: (String) -> String?, process: Int32
    ) throws(Refusal) {
        // Several folders may be named, parted by colons; the first is ours.
        func folder(_ name: String) -> String? {
            environment(name)?.split(separator: ":").first.map(String.init)
        }
        runtime = folder("RUNTIME_DIRECTORY") ?? runtime
        state = folder("STATE_DIRECTORY") ?? state
        notifySocket = environment("NOTIFY_SOCKET")
        let isForUs = environment("WATCHDOG_PID").map { $0 == String(process) } ?? true
        if isForUs, let text = environment("WATCHDOG_USEC"), let us = UInt64(text), us > 0 {
            watchdog_s = Double(us) * 1e-6
        }
        var rest = words[...]
        func value(of option: String) throws(Refusal) -> String {
            guard let value = rest.popFirst(), !value.isEmpty, !value.hasPrefix("--") else {
                throw Refusal(text: "\(option) wants a value\n\(Self.usage)")
            }
            return value
        }
        while let word = rest.popFirst() {
            switch word {
            case "--config": config = try value(of: word)
            case "--calibration": calibration = try value(of: word)
            case "--runtime": runtime = try value(of: word)
            case "--state": state = try value(of: word)
            case "--ordinary": isRealTime = false
            case "--check": isCheck = true
            default: throw Refusal(text: "\(word) is no option of skerryd\n\(Self.usage)")
            }
        }
        guard !config.isEmpty else { throw Refusal(text: "--config is missing\n\(Self.usage)") }
    }
}
