import Testing

@Suite("Bench") struct BenchRoomTests {}
