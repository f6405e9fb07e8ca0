import Hummingbird
import NIOCore

/// A request, and where it came from.
struct HubContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Without the port.
    let address: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "?"
    }
    /// No body of this API is longer.
    var maxUploadSize: Int { 4096 }
}
