import Access
import BoardProfile

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The file of secrets: who may sign in, and the broker's password. Its owner alone may read it.
public struct Secrets: Sendable {
    public struct Person: Sendable, Equatable {
        public var name = ""
        public var role = Role.viewer
        public var password = ""
        public init() {}
    }
    public var people: [Person] = []
    public var brokerPassword: String?
    public init() {}

    /// Why the file cannot be used.
    public struct Fault: Error, Equatable, Sendable {
        public var words: String
    }

    /// Reads the file at `path`; where there is none, nobody may sign in.
    ///
    /// - Throws: where others may read it, or it is not in order.
    public static func load(_ path: String) throws(Fault) -> Secrets {
        var state = stat()
        guard stat(path, &state) == 0 else {
            if errno == ENOENT { return Secrets() }
            throw Fault(words: "\(path): \(String(cString: strerror(errno)))")
        }
        guard state.st_mode & 0o077 == 0 else {
            throw Fault(
                words:
                    "\(path): others may read it (mode \(String(state.st_mode & 0o777, radix: 8)))\n"
                    + "  = chmod 600 \(path)")
        }
        let (folder, file) = BoardFolder.containing(path)
        let reading = section.read(file, in: folder)
        guard let secrets = reading.value else {
            throw Fault(words: reading.errors.map(\.rendered).joined(separator: "\n"))
        }
        return secrets
    }

    /// A name that somebody may have.
    public static func isName(_ name: String) -> Bool {
        let text = "users: [{name: \(JSON.text(name).compact), role: viewer, password: \"$6$a$b\"}]"
        return section.read(text: text).value?.people.first?.name == name
    }

    public var users: [User] {
        people.compactMap { person in
            PasswordHash(text: person.password).map {
                User(name: person.name, role: person.role, password: $0)
            }
        }
    }
}

extension Role: ChoiceValue {}

extension Secrets {
    public static let section = Section(
        "Secrets", of: Secrets(), "Who may sign in, and the broker's password."
    ) { s in
        s.list(
            "users", \.people, 0...64, Person.section, named: \.name,
            "Who may sign in; `skerry user` writes them.")
        s.text("broker_password", \.brokerPassword, "Of the broker's user.")
    }
}

extension Secrets.Person {
    static let section = Section("User", of: Self(), "Who may sign in.") { s in
        s.text("name", \.name, form: .name, "What is typed.", .required, example: "ann")
        s.choice("role", \.role, "What may be asked for.", .required)
        s.text(
            "password", \.password, "Its hash, as crypt(5) writes it.", .required,
            example: "$y$j9T$…")
        s.rule { person, check in
            if PasswordHash(text: person.password) == nil {
                check.refuse(
                    \.password, "is no strong hash of a password", "let `skerry user` write it")
            }
        }
    }
}
