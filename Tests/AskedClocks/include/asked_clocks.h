#pragma once
#include <stdint.h>
/// Which clocks this thread reads and sleeps on, bit n for the clock of id n, and a CLOCK_REALTIME
/// that a test may step. Stands in front of the C library for the whole test program; the machine's
/// own clock is left alone.
void asked_clocks_forget(void);
uint32_t asked_clocks_read(void);
uint32_t asked_clocks_slept_on(void);
/// From now on CLOCK_REALTIME reads so many seconds more, to this thread alone.
void asked_clocks_step_realtime(int64_t seconds);
