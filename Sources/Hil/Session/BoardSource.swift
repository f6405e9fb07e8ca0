import BoardProfile

/// The board file that sessions begin with.
public struct BoardSource: Sendable {
    private let folder: BoardFolder
    private let file: String

    /// - Parameter path: a folder with a `board.yaml` in it, or a file.
    public init(_ path: String) { (folder, file) = BoardFolder.holding(path, "board.yaml") }
    /// A file inside a folder.
    public init(_ folder: BoardFolder, _ file: String) { (self.folder, self.file) = (folder, file) }

    /// The board as its files say, under what is set over them.
    public func read(_ overlay: Overlay = Overlay()) -> Reading<SiteProfile> {
        SiteProfile.read(file, in: folder.overlaying(overlay))
    }
}
