import Access
import ArgumentParser
import Foundation
import SiteFile

/// `skerry user`: who may sign in on the hub's page.
struct UserVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Say who may sign in on the hub's page, and as what.",
        discussion: """
            viewer sees the record of commands; operator asks for islands, reconnects, acknowledges and sets \
            the reserve; engineer schedules powers too. The hub reads the file when it starts.
            """,
        subcommands: [Add.self, Remove.self, List.self])

    struct Place: ParsableArguments {
        @Option(help: "The hub's file of secrets: secrets.yaml beside its store.")
        var secrets = "/var/lib/skerry/secrets.yaml"

        func load() throws -> Secrets {
            do throws(Secrets.Fault) { return try Secrets.load(secrets) } catch {
                complain(error.words)
                throw ExitCode(78)
            }
        }
        func save(_ value: Secrets) throws {
            do throws(Secrets.Fault) { try value.save(secrets) } catch {
                complain(error.words)
                throw ExitCode.cannotCreate
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add somebody, or give somebody a new password or role.",
            discussion:
                "The password is asked for; without a terminal it is the first line of the input.")
        @Argument(help: "What is typed to sign in.")
        var name: String
        @Option(help: "viewer, operator or engineer.")
        var role = Role.operator
        @OptionGroup var place: Place

        func run() throws {
            var secrets = try place.load()
            let password = try ask()
            let random = secretBytes(32)
            guard let hash = PasswordHash(of: password, random: random) else {
                complain(
                    "a password has \(PasswordHash.fewest) characters or more, and \(PasswordHash.mostBytes) bytes at most"
                )
                throw ExitCode.validationFailure
            }
            var person = Secrets.Person()
            (person.name, person.role, person.password) = (name, role, hash.text)
            guard Secrets.isName(name) else {
                complain("\(name): a name is letters, digits, '-', '_' and '.', 64 at most")
                throw ExitCode.validationFailure
            }
            secrets.people.removeAll { $0.name == name }
            secrets.people.append(person)
            try place.save(secrets)
            print(
                "\(name) may sign in as \(role.rawValue) when the hub starts anew (\(place.secrets))"
            )
        }

        private func ask() throws -> String {
            guard isatty(0) == 1 else { return readLine() ?? "" }
            let first = Self.typed("Password: ")
            guard first == Self.typed("Again: ") else {
                complain("the two are not the same")
                throw ExitCode.validationFailure
            }
            return first
        }
        /// A line that is not shown.
        private static func typed(_ prompt: String) -> String {
            print(prompt, terminator: "")
            fflush(nil)
            var state = termios()
            tcgetattr(0, &state)
            var quiet = state
            quiet.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(0, TCSAFLUSH, &quiet)
            defer {
                tcsetattr(0, TCSAFLUSH, &state)
                print()
            }
            return readLine() ?? ""
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take the right away.")
        @Argument(help: "A name.")
        var name: String
        @OptionGroup var place: Place

        func run() throws {
            var secrets = try place.load()
            guard secrets.people.contains(where: { $0.name == name }) else {
                complain("nobody is called \(name) in \(place.secrets)")
                throw ExitCode.validationFailure
            }
            secrets.people.removeAll { $0.name == name }
            try place.save(secrets)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Names and roles.")
        @OptionGroup var place: Place

        func run() throws {
            for person in try place.load().people {
                print("\(person.name)  \(person.role.rawValue)")
            }
        }
    }
}

extension Role: ExpressibleByArgument {}
