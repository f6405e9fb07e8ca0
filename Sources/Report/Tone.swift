/// How much something asks of the person who looks.
public enum Tone: String, Sendable, CaseIterable {
    case normal, attention, alarm
}
