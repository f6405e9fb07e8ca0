import Children
import Foundation
import Glibc

/// A Prometheus of a suite's own: its port, its folder, and targets that it fetches three times a second.
final class RealPrometheus: Sendable {
    struct Fault: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
    struct Sample: Equatable {
        var labels: [String: String]
        var value: String
    }
    private let process: Child
    private let folder: TemporaryFolder
    private let port: UInt16

    init(of targets: [Scraped]) throws {
        folder = try TemporaryFolder()
        let jobs = targets.map {
            """
              - job_name: \($0.job)
                static_configs: [{targets: ["127.0.0.1:\($0.port)"]}]

            """
        }
        let head = """
            global: {scrape_interval: 300ms, scrape_timeout: 300ms}
            scrape_configs:

            """
        let settings = try folder.write("prometheus.yml", head + jobs.joined())
        // Free a moment ago; whoever takes it meanwhile makes the start fail, and the test with it.
        let free = try Loopback.listen()
        close(free.descriptor)
        port = free.port
        let log = try folder.write("log", "")
        process = try Child(
            "prometheus",
            [
                "--config.file=\(settings)", "--storage.tsdb.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
            ], errors: log)
        let end = Date().addingTimeInterval(30)
        while get("/-/ready")?.status != 200 {
            guard process.isRunning, Date() < end else {
                let said = try String(contentsOfFile: log, encoding: .utf8)
                stop()
                throw Fault("Prometheus does not start: \(said)")
            }
            usleep(20_000)
        }
    }
    func stop() {
        process.send(SIGTERM)
        if process.wait(seconds: 20) == nil { process.end() }
    }

    /// The answer of an instant query: samples of a vector, or one without labels of a scalar.
    func query(_ expression: String) throws -> [Sample] {
        let allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "!"..."~"))
        guard let text = expression.addingPercentEncoding(withAllowedCharacters: allowed),
            let answer = get("/api/v1/query?query=\(text)")
        else { throw Fault("no answer to \(expression)") }
        let json = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        guard json?["status"] as? String == "success", let data = json?["data"] as? [String: Any]
        else { throw Fault("\(expression): \(json?["error"] ?? answer.status)") }
        if let scalar = data["result"] as? [Any], data["resultType"] as? String == "scalar" {
            return [Sample(labels: [:], value: scalar.last as? String ?? "")]
        }
        return (data["result"] as? [[String: Any]] ?? []).map {
            Sample(
                labels: $0["metric"] as? [String: String] ?? [:],
                value: ($0["value"] as? [Any])?.last as? String ?? "")
        }
    }

    private func get(_ path: String) -> (status: Int, body: [UInt8])? {
        guard let peer = Loopback.connect(port) else { return nil }
        defer { close(peer) }
        // 1.0: no chunks.
        Loopback.send("GET \(path) HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", to: peer)
        let all = Loopback.receive(peer) { _ in false }
        let parts = all.split(separator: 0x20, maxSplits: 2)
        guard parts.count == 3, let status = Int(String(decoding: parts[1], as: UTF8.self)) else {
            return nil
        }
        let end = Array("\r\n\r\n".utf8)
        guard let head = Data(all).range(of: Data(end)) else { return nil }
        return (status, Array(all[head.upperBound...]))
    }
}
