#pragma once
/// Which sanitizer the test program was built with, and faults that it must catch.

/// "address", "thread", or "" without one.
const char *sanitizer_name(void);

/// Writes one past its room.
void fault_overflow(void);
/// Forgets memory.
void fault_leak(void);
/// Shifts a bit out of its word.
void fault_shift(int by);
/// Two threads count without asking each other.
void fault_race(void);
