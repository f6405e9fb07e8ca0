import Foundation
import Hil

/// `skerry-measure bench-hil`: how much faster than real time a simulator gets on with `skerry hil`, in steps
/// of 20 ms, the socket and both ends included.
enum HilBench {
    static let words = """
        hil: ms of real time for a second of simulated time, wall clock, one controller at 1000 ticks a
        second in steps of 20 ms over a Unix socket. -frames: a compiled partner that does not sleep;
        home: 6 waveforms of 20 kS/s, 200 times real time is 5 ms; coupling: 9 of them; battery: none.
        -json-python: clients/skerry_hil.py, 20 times real time is 50 ms.
        """
    private static let step_s = 0.02

    /// - Parameter arguments: `--skerry PATH`, the program that Python drives; `--only NAME`.
    /// - Returns: 0, or 1 where a line is short.
    static func run(_ arguments: [String]) -> Int32 {
        let options = Options(arguments)
        let only = options["--only"] ?? ""
        print("name\tours\tpeer\tratio\tbar\tok|short")
        for line in words.split(separator: "\n") { print("# \(line)") }
        var isShort = false
        let groups: [(name: String, make: () -> BenchLine)] = [
            (
                "hil-frames-home",
                { frames("hil-frames-home", "boards/sim-village", "mill", bar: 5) }
            ),
            ("hil-frames-coupling", { frames("hil-frames-coupling", "boards/sim-village", "pcc") }),
            ("hil-frames-battery", { frames("hil-frames-battery", "boards/sim-dc48", "east") }),
            ("hil-json-python", { python(options["--skerry"] ?? ".build/release/skerry") }),
        ]
        for group in groups where group.name.hasPrefix(only) {
            let line = group.make()
            print(line.text)
            fflush(nil)
            isShort = isShort || line.isShort
        }
        return isShort ? 1 : 0
    }

    private static func frames(
        _ name: String, _ board: String, _ controller: String, bar: Double? = nil
    ) -> BenchLine {
        do {
            return BenchLine(name: name, ours: try ms(board, controller), bar: bar)
        } catch {
            FileHandle.standardError.write(Data("\(name): \(error)\n".utf8))
            return BenchLine(name: name, ours: .nan, bar: bar, isMissing: true)
        }
    }

    private static func python(_ skerry: String) -> BenchLine {
        let peer = Peer(
            name: "python",
            arguments: [
                "/usr/bin/env", "python3", "Tests/Hil/json-rate", skerry, "boards/sim-village",
                "mill",
            ])
        guard let figure = peer.figure() else {
            return BenchLine(name: "hil-json-python", ours: .nan, bar: 50, isMissing: true)
        }
        return BenchLine(name: "hil-json-python", ours: figure, bar: 50)
    }

    private struct Trouble: Error, CustomStringConvertible { var description: String }

    /// The server and its partner in two threads of this process: median of nine rounds of four seconds.
    private static func ms(_ board: String, _ controller: String) throws -> Double {
        let folder = NSTemporaryDirectory() + "skerry-bench-hil-\(getpid())-\(controller)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = HilOptions(BoardSource(board))
        options.place = .unix(path: folder + "/socket")
        options.controllers = [controller]
        let served = Served(try HilServer(options) { _ in })
        Thread.detachNewThread { served.server.run() }
        defer { served.stop() }
        let partner = try Partner(folder + "/socket")
        let hello = try partner.ask("{\"request\":\"hello\",\"protocol\":1}")
        _ = try partner.ask("{\"request\":\"watch\",\"signals\":[\"is_blind\",\"heartbeat\"]}")
        let numbers = try Inputs(hello)
        for (name, value) in Inputs.standing where numbers.has(controller, name) {
            let orders = "{\"\(name)\":\(value)}"
            _ = try partner.ask(
                "{\"request\":\"advance\",\"for_s\":0,\"inputs\":\(orders),\"want\":[]}")
        }
        var rounds: [Double] = []
        for round in 0..<10 {
            let start = Date()
            for n in 0..<Int(4 / step_s) {
                try partner.advance(numbers.frame(step_s, n))
            }
            // The first warms up.
            if round > 0 { rounds.append(Date().timeIntervalSince(start) / 4 * 1000) }
        }
        return median(rounds)
    }

    private final class Served: @unchecked Sendable {
        // Sendable is true: after this only its thread uses the server.
        let server: HilServer
        let stop: @Sendable () -> Void
        init(_ server: HilServer) { (self.server, stop) = (server, server.stopper) }
    }

    /// The numbers of a controller's inputs.
    private struct Inputs {
        static let standing = [
            ("battery_voltage", "768"), ("battery_current", "0"), ("link_voltage", "768"),
            ("state_of_charge", "0.6"), ("battery_temperature", "25"), ("dc_bus_voltage", "48"),
            ("converter_current", "0"),
        ]
        private var numbers: [String: Int] = [:]
        init(_ hello: String) throws {
            let json = try JSONSerialization.jsonObject(with: Data(hello.utf8)) as? [String: Any]
            for controller in json?["controllers"] as? [[String: Any]] ?? [] {
                for input in controller["inputs"] as? [[String: Any]] ?? [] {
                    if let name = input["name"] as? String, let number = input["number"] as? Int {
                        numbers[name] = number
                    }
                }
            }
            guard !numbers.isEmpty else { throw Trouble(description: hello) }
        }
        func has(_ controller: String, _ name: String) -> Bool {
            numbers["\(controller).\(name)"] != nil
        }

        /// A step whose voltages and currents move a little each time.
        func frame(_ for_s: Double, _ n: Int) -> [UInt8] {
            var body: [UInt8] = []
            let trios = numbers.filter { name, _ in
                [".grid", ".bus", ".current"].contains { name.hasSuffix($0) }
            }
            put(for_s.bitPattern, &body)
            body += [0, 1]
            put(UInt16(trios.count), &body)
            for (name, number) in trios {
                put(UInt16(number), &body)
                body += [1, 0]
                let wobble = Float(n % 10)
                let magnitude = name.hasSuffix(".current") ? 5 + wobble / 10 : 229 + wobble / 10
                for part in [magnitude, 0, 50] as [Float] { put(part.bitPattern, &body) }
            }
            var frame = Array("SKHL".utf8) + [1, 1, 0, 0]
            put(UInt32(body.count), &frame)
            put(UInt32(n), &frame)
            return frame + body
        }
        private func put<N: FixedWidthInteger>(_ value: N, _ bytes: inout [UInt8]) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
    }

    /// The compiled partner.
    private final class Partner {
        private let descriptor: Int32
        private var chunk = [UInt8](repeating: 0, count: 1 << 20)
        init(_ path: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) {
                $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1))
            }
            let code = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard code == 0 else { throw Trouble(description: "\(path): nobody listens there") }
        }
        deinit { close(descriptor) }

        private func send(_ bytes: [UInt8]) throws {
            guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
            else { throw Trouble(description: "the server takes nothing") }
        }
        /// More bytes behind those that are there; looked for without sleeping, as simulators do that are in
        /// a hurry.
        private func receive(_ have: Int) throws -> Int {
            var count = 0
            repeat {
                count = chunk.withUnsafeMutableBytes {
                    recv(
                        descriptor, $0.baseAddress! + have, $0.count - have,
                        Int32(MSG_DONTWAIT))
                }
            } while count < 0 && (errno == EAGAIN || errno == EINTR)
            guard count > 0 else { throw Trouble(description: "the server is gone") }
            return have + count
        }
        func ask(_ line: String) throws -> String {
            try send(Array((line + "\n").utf8))
            var have = 0
            repeat { have = try receive(have) } while chunk[have - 1] != 0x0A
            return String(decoding: chunk[..<have], as: UTF8.self)
        }
        func advance(_ frame: [UInt8]) throws {
            try send(frame)
            var have = 0
            while have < 16 { have = try receive(have) }
            let size = chunk.withUnsafeBytes {
                Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
            }
            guard chunk[5] == 2 else { throw Trouble(description: "a step was refused") }
            while have < 16 + size { have = try receive(have) }
        }
    }
}
