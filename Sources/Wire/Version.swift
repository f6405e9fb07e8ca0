/// What this program calls itself: stands in recordings, and before whoever asks.
public enum ProgramVersion {
    public static let text = "0.1.0"
}
