/// An input of an IIO device, of this machine or of a server of libiio's:
/// `iio://local/device/channel?scale=1`, `iio://ip:host[:30431]/device/channel`.
public struct IIOReference: Equatable, Sendable {
    /// As libiio takes it: `local:`, `ip:192.168.1.17:30431`.
    public let context: String
    /// The driver's name or the label of the device tree; one device must have it.
    public let device: String
    /// `voltage0`, or the driver's own word.
    public let channel: String
    /// What a reading in V, A, W or °C is multiplied by.
    public let scale: Double
    public let timeout_s: Double

    init(_ url: URLText) throws(InstrumentFault) {
        guard let authority = url.authority else {
            throw url.fault("// is missing after iio:", "write iio://local/device/channel")
        }
        if authority == "local" {
            context = "local:"
        } else if authority.hasPrefix("ip:") {
            let place = try NetworkPlace(authority.dropFirst(3), port: 30_431, in: url)
            // Always with a port: libiio 0.24 takes brackets only so.
            context = "ip:\(place)"
        } else {
            throw url.fault(
                "\(quoted(authority)) is no IIO context", "write iio://local/ or iio://ip:host/")
        }
        guard url.path.count == 2, url.path.allSatisfy({ !$0.isEmpty }) else {
            throw url.fault(
                "device and channel are missing", "write iio://\(authority)/device/channel")
        }
        (device, channel) = (url.path[0], url.path[1])
        var keys = KeyReader(url)
        scale = try keys.scale()
        timeout_s = try keys.timeout_s()
        try keys.end()
    }
}
