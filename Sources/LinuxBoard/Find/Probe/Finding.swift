/// One way in which what is there is not what is wanted.
public struct Finding: Codable, Equatable, Sendable, CustomStringConvertible {
    public enum Severity: String, Codable, Sendable {
        /// The board cannot be controlled so.
        case fault
        /// It can, and somebody should look.
        case warning
        /// Good to know.
        case note
    }
    public enum Kind: String, Codable, CaseIterable, Sendable {
        case missingDevice, ambiguousDevice, missingNode, notPermitted
        case missingChip, wrongChip, swappedChips, heldByDriver, unverified, notAsked
        case missingLine, busyLine, unseenLine, missingChannel
    }
    public var severity: Severity
    public var kind: Kind
    /// Names of what is wanted and concerned.
    public var concerns: [String]
    public var what: String
    /// What a person does about it; empty where there is nothing to do.
    public var remedy: String

    public init(
        _ severity: Severity, _ kind: Kind, _ concerns: [String], _ what: String,
        remedy: String = ""
    ) {
        (self.severity, self.kind, self.concerns) = (severity, kind, concerns)
        (self.what, self.remedy) = (what, remedy)
    }

    /// `fault: battery, grid: no I²C adapter fits “CP2112*”; there is …. Plug it in …`
    public var description: String {
        let tail = remedy.isEmpty ? "" : "\n    \(remedy)"
        return "\(severity): \(concerns.joined(separator: ", ")): \(what)\(tail)"
    }
}
