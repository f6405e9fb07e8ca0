import Testing

/// Starts one Prometheus for all tests of a suite, for it takes its first look at a target only after five
/// seconds; stops it at the end.
struct WithPrometheus: SuiteTrait, TestScoping {
    /// What the tests of the suite share.
    struct Scope: Sendable {
        var prometheus: RealPrometheus
        var targets: [String: Scraped]

        func target(_ job: String) throws -> Scraped {
            try #require(targets[job], "a target of that name")
        }
    }
    @TaskLocal static var scope: Scope?
    let jobs: [String]

    func provideScope(
        for test: Test, testCase: Test.Case?, performing tests: @Sendable () async throws -> Void
    ) async throws {
        let targets = try jobs.map { try Scraped(job: $0) }
        defer { for target in targets { target.stop() } }
        let prometheus = try RealPrometheus(of: targets)
        defer { prometheus.stop() }
        let byName = Dictionary(uniqueKeysWithValues: targets.map { ($0.job, $0) })
        try await Self.$scope.withValue(
            Scope(prometheus: prometheus, targets: byName), operation: tests)
    }
}

extension Trait where Self == WithPrometheus {
    static func prometheus(_ jobs: String...) -> Self { WithPrometheus(jobs: jobs) }
}
