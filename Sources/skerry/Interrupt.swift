import Dispatch
import Foundation

/// Ctrl-C and SIGTERM end a run in order: plant safe first.
enum Interrupt {
    nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []
    static func watch(_ action: @escaping @Sendable () -> Void) {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: action)
            source.resume()
            sources.append(source)
        }
    }
}
