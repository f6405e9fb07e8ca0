import BoardProfile

extension Switchboard.Refusal {
    /// For people, with the line of the file that it is about.
    ///
    /// - Parameter settings: of the same reading as `site`.
    public func rendered(_ settings: [Setting], of site: SiteProfile) -> String {
        let place =
            settings.first { $0.key == key } ?? settings.first { $0.key.hasPrefix(key) }
            ?? settings.first { key.hasPrefix($0.key) }
            ?? settings.first {
                $0.key.hasPrefix(key.split(separator: ".").dropLast().joined(separator: ".") + ".")
            }
        let value = place.map { $0.key == key ? " (\($0.value))" : "" } ?? ""
        return
            "error: \(key)\(value): \(message)\n  --> \(place?.place ?? site.name)\n   = \(remedy)"
    }
}
