import BoardProfile
import Testing

@Suite("Bad documents")
struct BadDocumentTests {
    @Test(
        "Documents",
        arguments: [
            Case(
                "battery: {capacity_Ah: 1, address: 40}\n",
                "site.yaml:1:36: error: battery.address = 40: does not say whether it is hexadecimal; write 0x40, or 0x28"
            ),
            Case(
                "battery: {capacity_Ah: 1, address: 0x80}\n",
                "site.yaml:1:36: error: battery.address = 0x80: is outside its range; write 0x08 to 0x77"
            ),
            Case(
                "battery: {capacity_Ah: 1, address: x}\n",
                "site.yaml:1:36: error: battery.address = x: is not a hexadecimal number; write 0x08 to 0x77"
            ),
            Case(
                "battery: {chemistry: LFP}\n",
                "site.yaml:1:1: error: battery.capacity_Ah: is missing; add capacity_Ah: 280 (Rated capacity)",
                "site.yaml:1:22: error: battery.chemistry = LFP: is not a choice here; write lfp; the choices are lfp, nmc or lead-acid"
            ),
            Case(
                "battery: {capacity: 5, chemistry: lead}\n",
                "site.yaml:1:11: error: battery.capacity: lacks its unit; write capacity_Ah; the value is in Ah",
                "site.yaml:1:35: error: battery.chemistry = lead: is not a choice here; write lead-acid; the choices are lfp, nmc or lead-acid"
            ),
            Case(
                "battery: {capacity_Ah: 5, cells: 16}\n",
                "site.yaml:1:27: error: battery.cells: is no longer a key; remove it; capacity_Ah is of the whole bank"
            ),
            Case(
                "",
                "site.yaml:1:1: error: battery.capacity_Ah: is missing; add capacity_Ah: 280 (Rated capacity)"
            ),
            Case(
                "# nothing\n",
                "site.yaml:1:1: error: battery.capacity_Ah: is missing; add capacity_Ah: 280 (Rated capacity)"
            ),
            Case(
                "- a\n",
                "site.yaml:1:1: error: is not a section; write its keys on lines of their own, indented below it"
            ),
            Case(
                "battery:\n\tcapacity_Ah: 5\n",
                "site.yaml:2:1: error: holds a tab; indent with spaces"),
            Case(
                "a: &x 1\nb: *x\n",
                "site.yaml:1:4: error: holds the YAML anchor &x; write the value out, or put it between quotes if it is text",
                "site.yaml:2:4: error: holds the YAML alias *x; write the value out, or put it between quotes if it is text"
            ),
            Case(
                "battery: {capacity_Ah: 1}\nbattery: {capacity_Ah: 2}\n",
                "site.yaml:2:1: error: battery: is given twice; keep this one or the one on line 1"),
            Case(
                "battery: {capacity_Ah: 1}\n---\na: 1\n",
                "site.yaml:2:1: error: begins a second document; remove this --- and what follows, or move it to a file of its own"
            ),
            Case(
                "battery: {capacity_Ah: !!float 1}\n",
                "site.yaml:1:24: error: holds a YAML tag; remove the word that begins with !"),
            Case(
                "battery: {capacity_Ah: 1\n",
                "site.yaml:1:10: error: has a section that is not closed; separate entries with commas and close with }"
            ),
            Case(
                "battery:\n  capacity_Ah: \"1\n",
                "site.yaml:2:16: error: has quotes that are not closed; close them"),
            Case(
                "battery: a: b\n",
                "site.yaml:1:11: error: has a second colon, or is indented too far; put text that holds a colon between quotes; align keys of one section"
            ),
            Case(
                "battery\n",
                "site.yaml:1:1: error: battery: is not a section; write its keys on lines of their own, indented below it"
            ),
            Case(
                "battery:\n   capacity_Ah: 1\n  chemistry: lfp\n",
                "site.yaml:3:3: error: does not fit the lines above; align keys of one section; close quotes and brackets"
            ),
            Case(
                "? [a]\n: 1\n",
                "site.yaml:1:3: error: has a list or a section as a key; write the key as one word"),
            Case(
                "battery: @x\n",
                "site.yaml:1:10: error: begins a value with a character YAML reserves; put the value between quotes"
            ),
            Case(
                "title: \"a\\q\"\n",
                "site.yaml:1:10: error: has an unknown \\ escape; use single quotes, or write \\\\ for one \\"
            ),
            Case(
                "title: caf\u{A0}e\n",
                "site.yaml:1:11: error: holds the unusual space U+00A0; write an ordinary space"),
            Case(
                "title: a\u{202E}b\n",
                "site.yaml:1:9: error: holds the invisible character U+202E; remove it"),
            Case(
                "title: a\0b\n",
                "site.yaml:1:9: error: holds the control character U+0000; remove it"),
            Case(
                "homes:\n  - a\n b\n",
                "site.yaml:3:2: error: does not fit the lines above; align keys of one section; close quotes and brackets"
            ),
            Case(
                "title: don't\nbattery: 'x\n",
                "site.yaml:2:10: error: has quotes that are not closed; close them"),
            Case(
                "battery: {capacity_Ah: 1, capacity_Ah: 2}\n",
                "site.yaml:1:11: error: capacity_Ah: is given twice; keep one of them"),
            Case(
                "x: -a\n",
                "site.yaml:1:1: error: x: is not a key here; the keys here are extends, title, nominal_V, overvoltage_V, undervoltage_V, window_ms, delay_s, max_slip_Hz, phases, islanding, battery, pump …",
                "site.yaml:1:1: error: battery.capacity_Ah: is missing; add capacity_Ah: 280 (Rated capacity)"
            ),
            Case(
                "battery: [1, 2\n",
                "site.yaml:1:10: error: has a list that is not closed; separate items with commas and close with ]"
            ),
            Case(
                "a: {b: !x {}}\n",
                "site.yaml:1:8: error: holds a YAML tag; remove the word that begins with !"),
            Case(
                "battery: !!map {capacity_Ah: 1}\n",
                "site.yaml:1:10: error: holds a YAML tag; remove the word that begins with !"),
            Case(
                "title: 1\n2\n",
                "site.yaml:2:1: error: has no colon after the key; write key: value, with a space after the colon"
            ),
            Case(
                "battery:\n  extends: x.yaml\n  capacity_Ah: 3\n",
                "site.yaml:2:3: error: battery.extends: is not a key here; move it to extends"),
            Case(
                "battery: {capacity_Ah: 5}\nbuses: {a: {}, b: {}, c: {}, d: {}, e: {}}\n",
                "site.yaml:2:8: error: buses: has 5 entries; give it 0 to 4"),
            Case(
                "- a\nb: 1\n",
                "site.yaml:2:1: error: is not an item of the list above; begin each item with - in the same column"
            ),
        ])
    func documents(_ example: Case) {
        let reading = read(example.written, battery: "")
        #expect(reading.problems.map(\.description) == example.told)
        #expect(reading.value == nil)
    }
}
