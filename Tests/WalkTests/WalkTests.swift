import Testing

@testable import Walk
