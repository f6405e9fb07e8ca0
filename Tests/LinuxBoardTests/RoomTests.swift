import Testing

@Suite("LinuxBoard") struct LinuxBoardRoomTests {}
