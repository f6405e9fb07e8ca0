import Children

/// What `promtool check metrics` finds; empty where all is well.
func promtool(check text: String) throws -> String {
    let (status, words) = try Child.run("promtool", ["check", "metrics"], input: text)
    return status == 0 ? words : "status \(status): \(words)"
}
