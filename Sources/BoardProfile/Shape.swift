/// What may stand at a key. One shape serves reading, the JSON Schema and the reference table.
public indirect enum Shape: Sendable {
    /// In the key's unit.
    case number(ClosedRange<Double>)
    /// The same, or with the range an operator may choose from: `{default: 2, range: [2, 21]}`.
    case adjustable(ClosedRange<Double>)
    case integer(ClosedRange<Int>)
    /// Written with 0x, as data sheets write I2C addresses.
    case hexadecimal(ClosedRange<Int>)
    case flag
    case text(TextForm)
    case choice([String])
    /// The name of a thing of this kind, defined elsewhere in the document.
    case reference(kind: String)
    /// An existing file, relative to the file that names it.
    case file
    /// The name of a file `<folder>/<name>.yaml` of the boards folder, read as this section.
    case include(folder: String, SectionDescription)
    /// A file of the same kind whose settings these continue.
    case extends
    /// A list of scalars.
    case several(ClosedRange<Int>, of: Shape)
    case section(SectionDescription)
    case list(SectionDescription, ClosedRange<Int>)
    /// Name → section.
    case map(SectionDescription, ClosedRange<Int>)
}

/// A key, described once.
public struct KeyDescription: Sendable {
    /// With its unit: `capacity_Ah`.
    public let name: String
    public let shape: Shape
    public let isRequired: Bool
    /// Nil where nothing is the default.
    public let defaultValue: Value?
    /// What to write where a person asks; the default or the low end where none was given.
    public let example: Value?
    /// One sentence.
    public let doc: String
    /// Standard and clause, paper or data sheet; empty where there is none.
    public let source: String

    /// Nil for what has no unit.
    public var unit: UnitSuffix? {
        switch shape {
        case .number, .adjustable, .integer: UnitSuffix(of: name)
        case .several(_, .number), .several(_, .integer): UnitSuffix(of: name)
        default: nil
        }
    }

    /// The section that stands at this key, if one does.
    public var inner: SectionDescription? {
        switch shape {
        case .section(let inner), .list(let inner, _), .map(let inner, _): inner
        default: nil
        }
    }
}

/// A section, described once.
public struct SectionDescription: Sendable {
    public internal(set) var title: String
    public internal(set) var doc: String
    public internal(set) var keys: [KeyDescription] = []
    /// Keys of earlier versions, with what to do about them.
    public internal(set) var retired: [String: String] = [:]
    /// Groups of keys of which exactly one is written.
    public internal(set) var alternatives: [[String]] = []
}
