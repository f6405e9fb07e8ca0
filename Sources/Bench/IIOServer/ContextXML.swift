extension ServedContext {
    /// The context as iiod prints it: one line of XML that libiio validates against its own DTD.
    var xml: String {
        var x = "<?xml version=\"1.0\" encoding=\"utf-8\"?>" + Self.grammar
        x += "<context name=\"network\" version-major=\"\(Self.major)\""
        x += " version-minor=\"\(Self.minor)\" version-git=\"\(Self.tag)\""
        x += " description=\"\(escaped(description))\" >"
        for a in attributes {
            x += "<context-attribute name=\"\(escaped(a.name))\" value=\"\(escaped(a.value))\" />"
        }
        for d in devices { x += d.xml }
        return x + "</context>"
    }

    /// What VERSION answers: the protocol is that of libiio 0.24.
    static let major = 0, minor = 24
    static let tag = "skerry1"

    private static let grammar =
        "<!DOCTYPE context [<!ELEMENT context (device | context-attribute)*>"
        + "<!ELEMENT context-attribute EMPTY>"
        + "<!ELEMENT device (channel | attribute | debug-attribute | buffer-attribute)*>"
        + "<!ELEMENT channel (scan-element?, attribute*)><!ELEMENT attribute EMPTY>"
        + "<!ELEMENT scan-element EMPTY><!ELEMENT debug-attribute EMPTY>"
        + "<!ELEMENT buffer-attribute EMPTY>"
        + "<!ATTLIST context name CDATA #REQUIRED version-major CDATA #REQUIRED"
        + " version-minor CDATA #REQUIRED version-git CDATA #REQUIRED"
        + " description CDATA #IMPLIED>"
        + "<!ATTLIST context-attribute name CDATA #REQUIRED value CDATA #REQUIRED>"
        + "<!ATTLIST device id CDATA #REQUIRED name CDATA #IMPLIED label CDATA #IMPLIED>"
        + "<!ATTLIST channel id CDATA #REQUIRED type (input|output) #REQUIRED name CDATA #IMPLIED>"
        + "<!ATTLIST scan-element index CDATA #REQUIRED format CDATA #REQUIRED"
        + " scale CDATA #IMPLIED>"
        + "<!ATTLIST attribute name CDATA #REQUIRED filename CDATA #IMPLIED>"
        + "<!ATTLIST debug-attribute name CDATA #REQUIRED>"
        + "<!ATTLIST buffer-attribute name CDATA #REQUIRED>]>"
}

extension ServedDevice {
    fileprivate var xml: String {
        var x = "<device id=\"\(escaped(id))\""
        if !name.isEmpty { x += " name=\"\(escaped(name))\"" }
        if !label.isEmpty { x += " label=\"\(escaped(label))\"" }
        x += " >"
        for (n, c) in channels.enumerated() { x += c.xml(index: n) }
        for a in attributes { x += "<attribute name=\"\(escaped(a.name))\" />" }
        for a in debug { x += "<debug-attribute name=\"\(escaped(a.name))\" />" }
        for a in buffer { x += "<buffer-attribute name=\"\(escaped(a.name))\" />" }
        return x + "</device>"
    }
}

extension ServedChannel {
    fileprivate func xml(index: Int) -> String {
        let direction = isOutput ? "output" : "input"
        var x = "<channel id=\"\(escaped(id))\""
        if !name.isEmpty { x += " name=\"\(escaped(name))\"" }
        x += " type=\"\(direction)\" >"
        if let format {
            x += "<scan-element index=\"\(index)\" format=\"\(escaped(format.text))\" />"
        }
        for a in attributes {
            let file = "\(isOutput ? "out" : "in")_\(id)_\(a.name)"
            x += "<attribute name=\"\(escaped(a.name))\" filename=\"\(escaped(file))\" />"
        }
        return x + "</channel>"
    }
}

private func escaped(_ text: String) -> String {
    var out = ""
    for c in text.unicodeScalars {
        switch c {
        case "<": out += "&lt;"
        case ">": out += "&gt;"
        case "&": out += "&amp;"
        case "\"": out += "&quot;"
        default:
            // XML 1.0 has no way to say the other control characters.
            out.unicodeScalars.append(c.value < 0x20 && c != "\t" ? " " : c)
        }
    }
    return out
}
