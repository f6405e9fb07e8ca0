import GRDB

extension Store {
    /// Keeps the state of charge, 0 ... 1, below which a controller's battery is not discharged on a schedule:
    /// so that it holds when the hub begins anew.
    public func keep(reserve: Float, of controller: String) throws {
        try pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO reserve (controller, charge) VALUES (?, ?)
                    ON CONFLICT (controller) DO UPDATE SET charge = excluded.charge
                    """, arguments: [try Self.controller(controller, in: db), Double(reserve)])
        }
    }

    /// Of each controller that has one.
    public func reserves() throws -> [String: Float] {
        try pool.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT name, charge FROM reserve JOIN controller ON controller.id = reserve.controller
                    """)
            return Dictionary(
                uniqueKeysWithValues: rows.map { ($0["name"], Float($0["charge"] as Double)) })
        }
    }
}
