import BoardProfile
import Link

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension LinkAccess {
    /// Groups by their names, as /etc/group has them now. One that is not there is told and left out:
    /// nobody is in it.
    init(_ profile: LinkProfile, _ journal: Journal) {
        func numbers(_ names: [String], _ key: String) -> [UInt32] {
            names.compactMap { name in
                guard let group = getgrnam(name) else {
                    journal.say(
                        .warning,
                        "service.link.\(key): this machine has no group \(name) (groupadd \(name))")
                    return nil
                }
                return group.pointee.gr_gid
            }
        }
        self.init(
            readers: List(groups: numbers(profile.watchers, "watchers")),
            commanders: List(groups: numbers(profile.commanders, "commanders")))
    }
}
