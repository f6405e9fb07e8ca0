internal import CYAML

/// The owner of one libyaml parser and of the bytes it reads: one event after the other.
///
/// Events, not libyaml's documents: an alias is an event like any other and is never followed, so a
/// text costs what it is long, and its depth is bounded by whoever reads the events.
struct YAMLParser: ~Copyable {
    // libyaml keeps the address of its parser, and reads the bytes until the end.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ text: String) throws(YAMLFault) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw .outOfMemory
        }
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(from: text.utf8)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
        (self.parser, self.bytes) = (parser, bytes)
    }
    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        bytes.deallocate()
    }

    /// The next event; `streamEnd` for ever after the last.
    mutating func next() throws(YAMLFault) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw fault }
        defer { yaml_event_delete(&event) }
        let mark = Mark(event.start_mark)
        switch event.type {
        case YAML_STREAM_START_EVENT: return YAMLEvent(kind: .streamStart, mark: mark)
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, mark: mark)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, mark: mark)
        case YAML_ALIAS_EVENT: return YAMLEvent(kind: .alias, mark: mark)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            // By its length: a quoted \0 is a character like any other.
            let text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                as: UTF8.self)
            return YAMLEvent(
                kind: .scalar(text, quoted: scalar.style != YAML_PLAIN_SCALAR_STYLE), mark: mark,
                hasAnchor: scalar.anchor != nil, hasTag: scalar.tag != nil)
        case YAML_SEQUENCE_START_EVENT:
            let list = event.data.sequence_start
            return YAMLEvent(
                kind: .listStart, mark: mark, hasAnchor: list.anchor != nil,
                hasTag: list.implicit == 0)
        case YAML_MAPPING_START_EVENT:
            let map = event.data.mapping_start
            return YAMLEvent(
                kind: .mapStart, mark: mark, hasAnchor: map.anchor != nil, hasTag: map.implicit == 0
            )
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            return YAMLEvent(kind: .end, mark: mark)
        default: return YAMLEvent(kind: .streamEnd, mark: mark)
        }
    }

    private var fault: YAMLFault {
        let parser = parser.pointee
        let text = parser.problem.map { String(cString: $0) } ?? "it gives no reason"
        switch parser.error {
        case YAML_SCANNER_ERROR, YAML_PARSER_ERROR, YAML_COMPOSER_ERROR:
            let since = parser.context.map {
                (text: String(cString: $0), mark: Mark(parser.context_mark))
            }
            return .syntax(text, Mark(parser.problem_mark), since: since)
        case YAML_READER_ERROR: return .unreadable(text)
        default: return .outOfMemory
        }
    }
}

extension Mark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
