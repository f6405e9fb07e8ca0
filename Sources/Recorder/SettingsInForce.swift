import GRDB

extension Store {
    /// The files that a controller's newest run was made from: name and text.
    public func settings(of controller: String) throws -> [(name: String, text: String)] {
        try pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT setting.name, setting.text FROM setting
                    WHERE setting.settings = (
                      SELECT run.settings FROM run JOIN controller ON controller.id = run.controller
                      WHERE controller.name = ? ORDER BY run.id DESC LIMIT 1)
                    ORDER BY setting.name
                    """, arguments: [controller]
            ).map { ($0[0], $0[1]) }
        }
    }
}
