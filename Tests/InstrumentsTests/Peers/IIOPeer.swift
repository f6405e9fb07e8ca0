import Foundation

@testable import Instruments

/// So much of iiod's text protocol as a client of libiio 0.x needs to read attributes.
struct IIOPeer {
    let listener: Listener
    private static let xml =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE context [<!ELEMENT context (device)*>"
        + "<!ELEMENT device (channel)*><!ELEMENT channel (attribute)*><!ELEMENT attribute EMPTY>"
        + "<!ATTLIST context name CDATA #REQUIRED description CDATA #IMPLIED>"
        + "<!ATTLIST device id CDATA #REQUIRED name CDATA #IMPLIED label CDATA #IMPLIED>"
        + "<!ATTLIST channel id CDATA #REQUIRED type (input|output) #REQUIRED name CDATA #IMPLIED>"
        + "<!ATTLIST attribute name CDATA #REQUIRED filename CDATA #IMPLIED>]>"
        + "<context name=\"network\" description=\"test\">"
        + "<device id=\"iio:device0\" name=\"dmm\" label=\"bench\">"
        + "<channel id=\"voltage0\" type=\"input\">"
        + "<attribute name=\"raw\" filename=\"in_voltage0_raw\" />"
        + "<attribute name=\"scale\" filename=\"in_voltage0_scale\" /></channel>"
        + "<channel id=\"current1\" type=\"input\">"
        + "<attribute name=\"input\" filename=\"in_current1_input\" /></channel>"
        + "</device></context>"

    /// - Parameter read: what an attribute says, by its words (`voltage0 raw`), on which connection;
    ///   nil: nothing.
    init(_ read: @escaping @Sendable (_ attribute: String, _ connection: Int) -> String?) throws {
        listener = try Listener { wire, connection in
            while let line = wire.line() {
                let words = line.split { $0 == " " || $0 == "\r" || $0 == "\r\n" }.map(String.init)
                switch words.first {
                case nil: continue
                case "PRINT": wire.send("\(Self.xml.utf8.count)\n\(Self.xml)\n")
                case "VERSION": wire.send("0.24.0000000\n")
                case "TIMEOUT": wire.send("0\n")
                case "READ" where words.count == 5:
                    guard let text = read("\(words[3]) \(words[4])", connection) else { return }
                    // As the kernel: the newline and the NUL are counted in.
                    wire.send("\(text.utf8.count + 2)\n\(text)\n\0\n")
                case "EXIT": return
                default: wire.send("-22\n")
                }
            }
        }
    }
}
