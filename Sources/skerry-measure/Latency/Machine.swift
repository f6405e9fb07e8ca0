import Foundation

/// What both sides of a comparison find alike.
enum Machine {
    /// Holds the processor out of its deeper sleep for as long as the answer lives, as cyclictest does
    /// for itself; nil where there is no such door or it is locked, and then neither has it.
    static func awake() -> FileHandle? {
        let handle = FileHandle(forWritingAtPath: "/dev/cpu_dma_latency")
        let zero_us = withUnsafeBytes(of: Int32(0)) { Data($0) }
        guard (try? handle?.write(contentsOf: zero_us)) != nil else { return nil }
        return handle
    }

    /// The processor's name and the load of the last minute, for people.
    static var words: String {
        let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let name = info.split(separator: "\n").first { $0.hasPrefix("model name") }
        let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return "\(cores) ×\(name?.split(separator: ":").last ?? " unnamed"), load "
            + (load.split(separator: " ").first.map(String.init) ?? "unknown")
    }

    /// stress-ng: a worker a core that computes, one that maps and writes 256 MB, one that syncs files.
    /// It ends with us, however we end.
    ///
    /// - Returns: nil where it is missing.
    static func stress(folder: String, seconds: Int) -> Child? {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let child = Child([
            "setpriv", "--pdeathsig", "TERM", "stress-ng", "--quiet", "--cpu", "\(cores)", "--vm",
            "1", "--vm-bytes", "256M", "--io",
            "1", "--temp-path", folder, "--timeout", "\(seconds)s",
        ])
        Thread.sleep(forTimeInterval: 2)
        return child?.isRunning == true ? child : nil
    }
}
