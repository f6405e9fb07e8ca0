import BoardProfile
import HTTPTypes
import Hummingbird
import NIOCore

/// What a request is refused with; becomes `{"error": …}`.
struct Refusal: Error, HTTPResponseError {
    var status: HTTPResponse.Status
    var words: String
    var retryAfter_s: Double?

    init(_ status: HTTPResponse.Status, _ words: String, retryAfter_s: Double? = nil) {
        (self.status, self.words) = (status, words)
        self.retryAfter_s = retryAfter_s
    }
    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = Response.json(.object([("error", .text(words))]), status)
        if let retryAfter_s {
            response.headers[.retryAfter] = String(Int(retryAfter_s.rounded(.up)))
        }
        return response
    }
}

extension Response {
    static func json(_ value: JSON, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "application/json; charset=utf-8", .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: value.compact)))
    }
    static func text(_ text: String, _ type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
