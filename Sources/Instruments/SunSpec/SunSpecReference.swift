/// A point of a SunSpec device over Modbus TCP: `sunspec://host[:502]/unit?model=701&point=LLV`, or
/// `?point=701.LLV`.
public struct SunSpecReference: Equatable, Sendable {
    /// 502 where no port is written.
    public let place: NetworkPlace
    /// 0 to 247, or 255.
    public let unit: Int
    /// One of `SunSpecTable.models`.
    public let model: Int
    public let point: SunSpecPoint
    /// Which of several models of the same number, from 1; nil: there must be one.
    public let instance: Int?
    /// What a reading in the point's unit is multiplied by.
    public let scale: Double
    public let timeout_s: Double

    init(_ url: URLText) throws(InstrumentFault) {
        place = try url.place(port: 502)
        guard url.path.count == 1 else {
            throw url.fault(
                "the unit is missing after the host", "write sunspec://\(place)/unit, as /1")
        }
        unit = try url.modbusUnit(url.path[0][...])
        var keys = KeyReader(url)
        (model, point) = try Self.measurement(
            model: try keys.text("model"), point: try keys.text("point"), in: url)
        instance =
            try keys.text("instance") == nil ? nil : keys.whole("instance", else: 1, in: 1...99)
        scale = try keys.scale()
        timeout_s = try keys.timeout_s()
        try keys.end()
    }

    private static func measurement(
        model written: String?, point text: String?, in url: URLText
    ) throws(InstrumentFault) -> (Int, SunSpecPoint) {
        guard let text else {
            throw url.fault("point= is missing", "write model=701&point=LLV, or point=701.LLV")
        }
        var model = written
        var name = text[...]
        if let dot = text.firstIndex(of: ".") {
            guard written == nil else {
                throw url.fault("the model stands twice", "write model= or point=model.point")
            }
            model = String(text[..<dot])
            name = text[text.index(after: dot)...]
        }
        let known = SunSpecTable.models.map(String.init).joined(separator: ", ")
        guard let model else {
            throw url.fault("model= is missing", "write one of \(known)")
        }
        guard let number = SunSpecTable.models.first(where: { String($0) == model }) else {
            throw url.fault(
                "model \(quoted(model)) has no table here",
                "write one of \(known), or read the registers with modbus://")
        }
        let points = SunSpecTable.points(of: number)
        guard let point = points.first(where: { $0.name == name }) else {
            let near = nearest(String(name), in: points.map(\.name))
            throw url.fault(
                "model \(number) has no measurement \(quoted(name))",
                "did you mean one of \(near.joined(separator: ", "))?")
        }
        return (number, point)
    }
}
