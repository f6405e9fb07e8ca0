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
