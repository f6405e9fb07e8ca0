/// The files of the page, compiled in.
struct Asset: Sendable {
    var bytes: [UInt8]
    var type: String
    /// Changes when the file does.
    var tag: String

    init(_ bytes: [UInt8], _ type: String) {
        self.bytes = bytes
        self.type = type
        // FNV-1a: nobody is kept out by it.
        let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        tag = "\"" + String(hash, radix: 16) + "\""
    }

    /// By the path they are asked for with.
    static let all: [String: Asset] = {
        let script = "text/javascript; charset=utf-8"
        let scripts: [(String, [UInt8])] = [
            ("api", PackageResources.api_js), ("app", PackageResources.app_js),
            ("capture", PackageResources.capture_js),
            ("chronicle", PackageResources.chronicle_js),
            ("commands", PackageResources.commands_js), ("dom", PackageResources.dom_js),
            ("engineer", PackageResources.engineer_js), ("events", PackageResources.events_js),
            ("gauge", PackageResources.gauge_js), ("history", PackageResources.history_js),
            ("icons", PackageResources.icons_js), ("now", PackageResources.now_js),
            ("periods", PackageResources.periods_js), ("phasors", PackageResources.phasors_js),
            ("picture", PackageResources.picture_js), ("plot", PackageResources.plot_js),
            ("prefs", PackageResources.prefs_js), ("sheet", PackageResources.sheet_js),
            ("signin", PackageResources.signin_js), ("state", PackageResources.state_js),
            ("stream", PackageResources.stream_js), ("theme", PackageResources.theme_js),
            ("units", PackageResources.units_js), ("village", PackageResources.village_js),
            ("words", PackageResources.words_js),
        ]
        var all: [String: Asset] = [
            "/": Asset(PackageResources.index_html, "text/html; charset=utf-8"),
            "/style.css": Asset(PackageResources.style_css, "text/css; charset=utf-8"),
            "/icon.svg": Asset(PackageResources.icon_svg, "image/svg+xml"),
            "/manifest.webmanifest": Asset(
                PackageResources.manifest_webmanifest, "application/manifest+json"),
        ]
        for (name, bytes) in scripts { all["/\(name).js"] = Asset(bytes, script) }
        let json = "application/json; charset=utf-8"
        all["/lang/en.json"] = Asset(PackageResources.en_json, json)
        all["/lang/de.json"] = Asset(PackageResources.de_json, json)
        all["/lang/es.json"] = Asset(PackageResources.es_json, json)
        all["/api/v1/openapi.json"] = Asset(PackageResources.openapi_json, json)
        return all
    }()
}
