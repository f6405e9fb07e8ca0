import BoardProfile
import Testing

/// What a person wrote, and exactly what they are told.
struct Case: CustomTestStringConvertible, Sendable {
    var written: String
    var told: [String]
    init(_ written: String, _ told: String...) { (self.written, self.told) = (written, told) }
    var testDescription: String { written.debugDescription }
}

@Suite("Bad values")
struct BadValueTests {
    @Test(
        "Numbers",
        arguments: [
            Case(
                "nominal_V: .nan\n",
                "site.yaml:1:12: error: nominal_V = .nan: is not a finite number; write 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: NaN\n",
                "site.yaml:1:12: error: nominal_V = NaN: is not a finite number; write 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: -.inf\n",
                "site.yaml:1:12: error: nominal_V = -.inf: is not a finite number; write 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: 1e400\n",
                "site.yaml:1:12: error: nominal_V = 1e400: is too large for a number; write 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: 1e-400\n",
                "site.yaml:1:12: error: nominal_V = 1e-400: is too small for a number; write 0, or 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: 0xE6\n",
                "site.yaml:1:12: error: nominal_V = 0xE6: is hexadecimal; write it in decimal: 230"),
            Case(
                "nominal_V: 0o346\n",
                "site.yaml:1:12: error: nominal_V = 0o346: is octal; write it in decimal: 230"),
            Case(
                "nominal_V: 0230\n",
                "site.yaml:1:12: error: nominal_V = 0230: has a leading zero, which YAML 1.1 reads as octal; write 230, or 152 if octal was meant"
            ),
            Case(
                "nominal_V: 1_000\n",
                "site.yaml:1:12: error: nominal_V = 1_000: has its digits grouped; write 1000"),
            Case(
                "nominal_V: 230,5\n",
                "site.yaml:1:12: error: nominal_V = 230,5: has a decimal comma; write 230.5"),
            Case(
                "nominal_V: 1,000\n",
                "site.yaml:1:12: error: nominal_V = 1,000: has a comma; write 1000, or 1.000 if it is a decimal comma"
            ),
            Case(
                "nominal_V: \"230\"\n",
                "site.yaml:1:12: error: nominal_V = \"230\": is text, not a number; remove the quotes: 230"
            ),
            Case(
                "nominal_V: \"230 V\"\n",
                "site.yaml:1:12: error: nominal_V = \"230 V\": has its unit after the number; write 230; the key's name already says V"
            ),
            Case(
                "nominal_V: 230 V\n",
                "site.yaml:1:12: error: nominal_V = 230 V: has its unit after the number; write 230; the key's name already says V"
            ),
            Case(
                "nominal_V: 0.23 kV\n",
                "site.yaml:1:12: error: nominal_V = 0.23 kV: is in kV; write 230; the key is in V"),
            Case(
                "nominal_V: 5 Hz\n",
                "site.yaml:1:12: error: nominal_V = 5 Hz: is in Hz; write it in V, without the unit"
            ),
            Case(
                "nominal_V: 230 volts\n",
                "site.yaml:1:12: error: nominal_V = 230 volts: has \"volts\" after the number; write the number alone; the key is in V"
            ),
            Case(
                "nominal_V:\n",
                "site.yaml:1:1: error: nominal_V: has no value; write after the colon 100 to 500 V, such as 230, or remove the line"
            ),
            Case(
                "nominal_V: ~\n",
                "site.yaml:1:1: error: nominal_V: has no value; write after the colon 100 to 500 V, such as 230, or remove the line"
            ),
            Case(
                "nominal_V: \"\"\n",
                "site.yaml:1:12: error: nominal_V = \"\": has no value; write after the colon 100 to 500 V, such as 230, or remove the line"
            ),
            Case(
                "nominal_V: 3:50\n",
                "site.yaml:1:12: error: nominal_V = 3:50: is written as a time of day, which YAML 1.1 reads in base 60; write one number in the key's unit"
            ),
            Case(
                "nominal_V: yes\n",
                "site.yaml:1:12: error: nominal_V = yes: is a yes or no, not a number; write 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: \u{2212}230\n",
                "site.yaml:1:12: error: nominal_V = \u{2212}230: has a typographic minus sign; write -230 with the ASCII hyphen"
            ),
            Case(
                "nominal_V: [230]\n",
                "site.yaml:1:12: error: nominal_V: is a list of 1, not a number; write 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: {a: 1}\n",
                "site.yaml:1:12: error: nominal_V: is a section, not a number; write 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: 99\n",
                "site.yaml:1:12: error: nominal_V = 99: is below 100 V; write 100 to 500 V"),
            Case(
                "nominal_V: 501\n",
                "site.yaml:1:12: error: nominal_V = 501: is above 500 V; write 100 to 500 V"),
            Case(
                "nominal_V: abc\n",
                "site.yaml:1:12: error: nominal_V = abc: is not a number; write 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: 1 000\n",
                "site.yaml:1:12: error: nominal_V = 1 000: has its digits grouped; write 1000"),
            Case(
                "nominal_V: 200..5\n",
                "site.yaml:1:12: error: nominal_V = 200..5: is not a number; write 100 to 500 V, such as 230"
            ),
            Case(
                "nominal_V: -5\n",
                "site.yaml:1:12: error: nominal_V = -5: is below 100 V; write 100 to 500 V"),
            Case(
                "nominal_V: 00.5\n",
                "site.yaml:1:12: error: nominal_V = 00.5: has a leading zero; write 0.5"),
            Case(
                "nominal_V: 50%\n",
                "site.yaml:1:12: error: nominal_V = 50%: is in %; write it in V, without the unit"),
            Case(
                "max_slip_Hz: 100 mHz\n",
                "site.yaml:1:14: error: max_slip_Hz = 100 mHz: is in mHz; write 0.1; the key is in Hz"
            ),
            Case(
                "curve_pu: [0.9, 110 %]\n",
                "site.yaml:1:17: error: curve_pu[1] = 110 %: is in %; write it in pu, without the unit"
            ),
            Case(
                "phases: 3 A\n",
                "site.yaml:1:9: error: phases = 3 A: has a unit, but the key has none; write 3"),
            Case(
                "delay_s: 5 min\n",
                "site.yaml:1:10: error: delay_s = 5 min: is in min; write 300; the key is in s"),
            Case(
                "delay_s: 5 minutes\n",
                "site.yaml:1:10: error: delay_s = 5 minutes: has \"minutes\" after the number; write the number alone; the key is in s"
            ),
            Case(
                "delay: 5\n",
                "site.yaml:1:1: error: delay: lacks its unit; write delay_s; the value is in s"),
            Case(
                "delay_min: 2\n",
                "site.yaml:1:1: error: delay_min: has another unit than this key; write delay_s: 120"
            ),
        ])
    func numbers(_ example: Case) { check(example) }

    @Test(
        "Whole numbers, flags and texts",
        arguments: [
            Case(
                "phases: 2.5\n",
                "site.yaml:1:9: error: phases = 2.5: is not a whole number; write 2 or 3"),
            Case(
                "phases: 3.0\n",
                "site.yaml:1:9: error: phases = 3.0: is a whole number with a point or exponent; write 3"
            ),
            Case(
                "phases: 4\n",
                "site.yaml:1:9: error: phases = 4: is above 3; write 1 to 3"),
            Case(
                "phases: 1e400\n",
                "site.yaml:1:9: error: phases = 1e400: is too large for a number; write 1 to 3, such as 3"
            ),
            Case(
                "phases: 9223372036854775808\n",
                "site.yaml:1:9: error: phases = 9223372036854775808: is above 3; write 1 to 3"),
            Case(
                "islanding: yes\n",
                "site.yaml:1:12: error: islanding = yes: means true to some YAML readers only; write true"
            ),
            Case(
                "islanding: off\n",
                "site.yaml:1:12: error: islanding = off: means false to some YAML readers only; write false"
            ),
            Case(
                "islanding: \"true\"\n",
                "site.yaml:1:12: error: islanding = \"true\": is text, not true or false; remove the quotes: true"
            ),
            Case(
                "islanding: 1\n",
                "site.yaml:1:12: error: islanding = 1: is a number, not true or false; write true"),
            Case(
                "islanding: TRUE\n",
                "site.yaml:1:12: error: islanding = TRUE: is not in lower case; write true"),
            Case(
                "islanding: maybe\n",
                "site.yaml:1:12: error: islanding = maybe: is neither true nor false; write true or false"
            ),
            Case(
                "islanding:\n",
                "site.yaml:1:1: error: islanding: has no value; write true or false"),
            Case(
                "title: 12\n",
                "site.yaml:1:8: error: title = 12: is read by YAML as something other than text; write \"12\""
            ),
            Case(
                "title: no\n",
                "site.yaml:1:8: error: title = no: is read by YAML as something other than text; write \"no\""
            ),
            Case(
                "title: 0x10\n",
                "site.yaml:1:8: error: title = 0x10: is read by YAML as something other than text; write \"0x10\""
            ),
            Case(
                "title:\n",
                "site.yaml:1:1: error: title: has no value; write one line of text, or remove the line"
            ),
            Case(
                "title: |\n  two\n  lines\n",
                "site.yaml:1:8: error: title = \"two lines \": holds a line break or control character; write it on one line"
            ),
            Case(
                "title: [a]\n",
                "site.yaml:1:8: error: title: is a list of 1, not text; write one line of text"),
        ])
    func scalars(_ example: Case) { check(example) }

    @Test(
        "Keys",
        arguments: [
            Case(
                "nominal: 230\n",
                "site.yaml:1:1: error: nominal: lacks its unit; write nominal_V; the value is in V"),
            Case(
                "nominal_kV: 0.23\n",
                "site.yaml:1:1: error: nominal_kV: has another unit than this key; write nominal_V: 230"
            ),
            Case(
                "Nominal_v: 230\n",
                "site.yaml:1:1: error: Nominal_v: is not a key here; write nominal_V"),
            Case(
                "nomnial_V: 230\n",
                "site.yaml:1:1: error: nomnial_V: is not a key here; write nominal_V"),
            Case(
                "window: 200\n",
                "site.yaml:1:1: error: window: lacks its unit; write window_ms; the value is in ms"),
            Case(
                "window_s: 0.2\n",
                "site.yaml:1:1: error: window_s: has another unit than this key; write window_ms: 200"
            ),
            Case(
                "capacity_Ah: 5\n",
                "site.yaml:1:1: error: capacity_Ah: is not a key here; move it to battery.capacity_Ah"
            ),
            Case(
                "frobnicate: 1\n",
                "site.yaml:1:1: error: frobnicate: is not a key here; the keys here are extends, title, nominal_V, overvoltage_V, undervoltage_V, window_ms, delay_s, max_slip_Hz, phases, islanding, battery, pump …"
            ),
            Case(
                "<<: {a: 1}\n",
                "site.yaml:1:1: error: <<: is a YAML merge, which is not read; write the keys out"),
            Case(
                "nomin\u{430}l_V: 230\n",
                "site.yaml:1:1: error: nomin\u{430}l_V: holds the character U+0430, which no key has; write nominal_V in plain letters"
            ),
        ])
    func keys(_ example: Case) { check(example) }

    @Test(
        "Sections, lists, references and files",
        arguments: [
            Case(
                "overvoltage_V: 190\n",
                "site.yaml:1:16: error: overvoltage_V = 190: is not above undervoltage_V; make it more than undervoltage_V (195.5 V)"
            ),
            Case(
                "undervoltage_V: 260\n",
                "site.yaml:1:17: error: undervoltage_V = 260: is not below overvoltage_V; make it less than overvoltage_V (253 V)"
            ),
            Case(
                "overvoltage_V: 150\nundervoltage_V: 160\n",
                "site.yaml:2:17: error: undervoltage_V = 160: is not below overvoltage_V; make it less than overvoltage_V (150 V)"
            ),
            Case(
                "phases: 2\n",
                "site.yaml:1:9: warning: phases = 2: is unusual; write 1 or 3"),
            Case(
                "pump:\n",
                "site.yaml:1:1: error: pump: has no keys below it; indent its keys below it, or remove the line"
            ),
            Case(
                "pump: 5\n",
                "site.yaml:1:7: error: pump = 5: is not a section; write its keys on lines of their own, indented below it"
            ),
            Case(
                "homes: 5\n",
                "site.yaml:1:8: error: homes = 5: is not a list; write each item after a - below the key, or [] for none"
            ),
            Case(
                "homes: []\n"),
            Case(
                "homes:\n  - name: a\n    bus: b\n",
                "site.yaml:3:10: error: homes[0].bus = b: is not the name of a bus; define a bus of that name first"
            ),
            Case(
                "buses:\n  ac: {}\nhomes:\n  - name: a\n    bus: ca\n  - name: a\n    bus: ac\n  - bus: ac\n",
                "site.yaml:5:10: error: homes[0].bus = ca: is not the name of a bus; write ac",
                "site.yaml:6:11: error: homes[1].name = a: is the name of another, on line 4; give each its own name",
                "site.yaml:8:5: error: homes[2].name: is missing; add name: house-1 (How the home is called)"
            ),
            Case(
                "buses: [a]\n",
                "site.yaml:1:8: error: buses: is not a section; write each entry as name: below the key, with its own keys below that"
            ),
            Case(
                "buses:\n  a b: {}\n",
                "site.yaml:2:3: error: buses: has a key that is not a name of letters, digits, '-', '_' and '.'; use at most 64 of these"
            ),
            Case(
                "buses:\n  ac: {nominal_mV: 230000}\n",
                "site.yaml:2:8: error: buses.ac.nominal_mV: has another unit than this key; write nominal_V: 230"
            ),
            Case(
                "curve_pu: [1]\n",
                "site.yaml:1:11: error: curve_pu: has 1 entry; give it 2 to 4"),
            Case(
                "curve_pu: [1, x, 3]\n",
                "site.yaml:1:15: error: curve_pu[1] = x: is not a number; write 0 to 2 pu, such as 0",
                "site.yaml:1:18: error: curve_pu[2] = 3: is above 2 pu; write 0 to 2 pu"),
            Case(
                "grid_code: en-50459-1\n",
                "site.yaml:1:12: error: grid_code = en-50459-1: names no file grid-codes/en-50459-1.yaml; write en-50549-1"
            ),
            Case(
                "grid_code: ../meter\n",
                "site.yaml:1:12: error: grid_code = ../meter: is not a name of letters, digits, '-', '_' and '.'; write it like house-1"
            ),
            Case(
                "calibration: metre.yaml\n",
                "site.yaml:1:14: error: calibration = metre.yaml: names no file metre.yaml; there is meter.yaml"
            ),
            Case(
                "calibration: ../../etc/passwd\n",
                "site.yaml:1:14: error: calibration = ../../etc/passwd: leads out of the boards folder; write a path relative to this file, with /, inside the boards folder"
            ),
            Case(
                "calibration: /etc/passwd\n",
                "site.yaml:1:14: error: calibration = /etc/passwd: leads out of the boards folder; write a path relative to this file, with /, inside the boards folder"
            ),
            Case(
                "extends: nowhere.yaml\n",
                "site.yaml:1:10: error: extends = nowhere.yaml: names no file nowhere.yaml; write the path relative to this file"
            ),
            Case(
                "extends: site.yaml\n",
                "site.yaml:1:10: error: extends = site.yaml: names files in a circle: site.yaml → site.yaml; break the circle"
            ),
            Case(
                "grid_code: en-50549-1.yaml\n",
                "site.yaml:1:12: error: grid_code = en-50549-1.yaml: names no file grid-codes/en-50549-1.yaml.yaml; write en-50549-1"
            ),
        ])
    func nested(_ example: Case) { check(example) }

    private func check(_ example: Case) {
        let reading = read(example.written)
        #expect(reading.problems.map(\.description) == example.told)
        #expect((reading.value == nil) == !reading.errors.isEmpty)
    }
}

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
