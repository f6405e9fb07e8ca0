#pragma once
/// GPIO chips that are not there. Stands in front of the C library in a test program, linked in or
/// preloaded, and answers for the devices /dev/skerry-gpio0 ... 9 both of the kernel's GPIO
/// interfaces, as linux/gpio.h describes them: so the real libgpiod, 1.6 and 2.x, runs over it.
///
/// Each chip has 8 lines, named L0 ... L7, and the label skerry-fake. Lines 0 ... 3 are wired to 4 ... 7
/// (4 follows 0) until `fake_gpio_press`.
#include <stdbool.h>

#define FAKE_GPIO_CHIPS 10
#define FAKE_GPIO_LINES 8

/// Whether it stands in front (not without glibc).
bool fake_gpio_stands(void);
/// As before the first use; what is still held on it is cut off.
void fake_gpio_reset(int chip);
/// The pin's physical level.
bool fake_gpio_level(int chip, int line);
/// Somebody outside holds the pin at a level, from now on.
void fake_gpio_press(int chip, int line, bool level);
/// A driver takes the line.
void fake_gpio_take(int chip, int line, const char *consumer);
/// The chip goes away: every call fails with ENODEV, whoever waits hears of it.
void fake_gpio_unplug(int chip);
/// How often the outputs were set, together, since the reset.
int fake_gpio_sets(int chip);
/// Open descriptors (chips and requests) that stand on the chip.
int fake_gpio_open_handles(int chip);
