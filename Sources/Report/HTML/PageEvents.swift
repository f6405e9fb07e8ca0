/// The list of events beside the plots. Each is a button that brings the cursor to its instant.
enum PageEvents {
    /// `count` is how many there were before the list was cut.
    static func list(_ events: [Trace.Event], of count: Int, span: Double) -> String {
        if events.isEmpty { return "" }
        let kinds = Trace.Event.Kind.allCases.filter { kind in events.contains { $0.kind == kind } }
        let boxes = kinds.map { kind in
            "<label><input type=\"checkbox\" value=\"\(kind.rawValue)\" checked>\(kind.rawValue)</label>"
        }
        let items = events.map { event in
            """
            <li data-kind="\(event.kind.rawValue)"><button type="button" \
            data-t="\(Escape.seconds(event.time_s))"><time>\
            \(TimeText.instant(event.time_s, span: span))</time>\(Icons.use(event.kind))\
            <span><span class="away">\(event.kind.rawValue): </span>\
            <span class="source">\(Escape.html(event.source))</span>\
            \(Escape.html(event.text))</span></button></li>
            """
        }
        let cut =
            count > events.count
            ? "<p class=\"help\">The first \(events.count) of \(count) events.</p>" : ""
        return """
            <section class="sheet free" id="events" aria-label="Events">
            <h2>Events</h2>
            <fieldset id="kinds"><legend class="away">Kinds shown</legend>\(boxes.joined())</fieldset>
            <ol>
            \(items.joined(separator: "\n"))
            </ol>\(cut)
            </section>
            """
    }
}
