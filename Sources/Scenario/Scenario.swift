// The room opens with its first file.
