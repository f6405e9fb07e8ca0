import Foundation

/// A run as one HTML file that needs nothing else: no network, no library, no other file.
///
/// Plots share one time axis, one cursor and one zoom. Without scripts, the figures, the series
/// in numbers and the events can still be read. Nothing of the trace reaches the page unescaped.
public struct HTMLReport: Sendable {
    public var trace: Trace
    /// Points kept of each series, at least 4; see `Decimation`. The CSV keeps them all.
    public var pointsPerSeries = 4000
    /// Events written into the page; the first ones, with a word about the rest.
    public var mostEvents = 5000

    /// Every series has as many values as the trace has rows.
    public init(_ trace: Trace) {
        for series in trace.series {
            precondition(
                series.values.count == trace.time_s.count,
                "\(series.name) has \(series.values.count) values, not \(trace.time_s.count)")
        }
        self.trace = trace
    }

    /// Writes the page, replacing what was there. Throws what the file system says.
    public func write(to url: URL) throws {
        try Data(text().utf8).write(to: url, options: .atomic)
    }

    /// The whole page.
    public func text() -> String {
        var shown = trace
        shown.events = Array(trace.eventsInOrder.prefix(mostEvents))
        let data = PageData(trace: shown, points: max(4, pointsPerSeries)).json()
        let title = Escape.html(trace.title)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <title>\(title)</title>
            <style>\(text(of: PackageResources.page_css))</style>
            </head>
            <body>
            \(Icons.definitions)
            <main>
            \(header)
            \(PageFigures.cards(trace.figures))
            <noscript><p>The plots need scripts; the figures, series and events below do not.</p></noscript>
            <div id="workbench" class="\(shown.events.isEmpty ? "" : "two")" hidden>
            <section class="sheet free" aria-label="Plots">
            \(toolbar)
            <div id="plots" tabindex="0" role="group" \
            aria-label="Plots. Arrow keys move the cursor, plus and minus zoom, 0 shows all, n and p go to the next and previous event."></div>
            <p class="help">Drag to zoom, double-click to reset. Click a legend entry to hide it, \
            Shift-click to see it alone.</p>
            <p class="help keys">Keys: <kbd>←</kbd> <kbd>→</kbd> cursor, <kbd>+</kbd> <kbd>−</kbd> zoom, \
            <kbd>0</kbd> all, <kbd>n</kbd> <kbd>p</kbd> next and previous event.</p>
            <div id="status" class="away" role="status" aria-live="polite"></div>
            </section>
            \(PageEvents.list(shown.events, of: trace.events.count, span: span))
            </div>
            \(PageFigures.table(trace.figures))
            \(PageSeries.table(trace, span: span))
            <footer>Made by skerry. Powers are positive into the site’s bus.</footer>
            </main>
            <script type="application/json" id="trace">\(data)</script>
            <script>(() => { "use strict";
            \(text(of: PackageResources.data_js))
            \(text(of: PackageResources.plots_js))
            \(text(of: PackageResources.hand_js))
            })();</script>
            </body>
            </html>

            """
    }

    private var header: String {
        let subtitle = trace.subtitle.isEmpty ? "" : "<p>\(Escape.html(trace.subtitle))</p>"
        let command =
            trace.command.isEmpty
            ? ""
            : """
            <div><b>Command</b><code id="command">\(Escape.html(trace.command))</code>\
            <button type="button" id="copy">Copy</button></div>
            """
        return """
            <header>
            <h1>\(Escape.html(trace.title))</h1>\(subtitle)
            <div class="origin"><span><b>Seed</b><code>\(trace.seed)</code></span>\
            <span><b>Length</b>\(TimeText.long(span))</span>\
            <span><b>Rows</b>\(trace.time_s.count)</span>\(command)</div>
            </header>
            """
    }

    private var toolbar: String {
        """
        <div class="bar" role="toolbar" aria-label="Time axis">
        <button type="button" id="out" aria-label="Zoom out">−</button>
        <button type="button" id="in" aria-label="Zoom in">+</button>
        <button type="button" id="reset">All</button>
        <button type="button" id="previous" aria-label="Previous event">‹ event</button>
        <button type="button" id="next" aria-label="Next event">event ›</button>
        <span id="range"></span><output id="now"></output>
        </div>
        """
    }

    private var span: Double { (trace.time_s.last ?? 0) - (trace.time_s.first ?? 0) }

    private func text(of resource: [UInt8]) -> String { String(decoding: resource, as: UTF8.self) }
}
