#pragma once
/// GPIO lines by the kernel's character device, through libgpiod 1.6 or 2.x, whichever is installed:
/// chosen when this is compiled, and not to be noticed by who calls it.
///
/// Every function that can fail returns a negative errno; nothing sets `errno` for the caller. There
/// is no state but what the handles hold: a handle belongs to one thread at a time, and two handles
/// may be used by two threads.
#include <stdbool.h>
#include <stdint.h>

/// Lines one request can hold; the kernel's own limit (GPIO_V2_LINES_MAX in linux/gpio.h).
#define SKERRY_GPIO_LINES_MAX 64
/// Bytes of a name with its closing zero (GPIO_MAX_NAME_SIZE in linux/gpio.h).
#define SKERRY_GPIO_NAME_SIZE 32

/// 1 or 2: the libgpiod compiled for.
int skerry_gpio_library(void);

/// Whether inputs can be debounced below us. libgpiod 1.6 cannot: then a request that asks for it
/// fails with -ENOTSUP, and the caller debounces.
bool skerry_gpio_debounces(void);

/// One open GPIO chip.
struct skerry_gpio_chip;
/// Lines held by one request. They outlive the chip they were requested from.
struct skerry_gpio_lines;

/// `path`: /dev/gpiochipN, or a symbolic link to it. -ENOTTY or -ENODEV where it is something else.
int skerry_gpio_open(const char *path, struct skerry_gpio_chip **chip);
void skerry_gpio_close(struct skerry_gpio_chip *chip);
/// As the kernel calls it: gpiochip0. Lives as long as the handle.
const char *skerry_gpio_chip_name(const struct skerry_gpio_chip *chip);
/// As its driver calls it: pinctrl-bcm2711, cp2112_gpio.
const char *skerry_gpio_chip_label(const struct skerry_gpio_chip *chip);
uint32_t skerry_gpio_chip_line_count(const struct skerry_gpio_chip *chip);

/// What the line itself is pulled to. Drivers that cannot pull ignore it silently, as the kernel does.
enum skerry_gpio_bias {
    SKERRY_GPIO_BIAS_AS_IS = 0,
    SKERRY_GPIO_BIAS_DISABLED,
    SKERRY_GPIO_BIAS_PULL_UP,
    SKERRY_GPIO_BIAS_PULL_DOWN,
};

enum skerry_gpio_drive {
    SKERRY_GPIO_PUSH_PULL = 0,
    SKERRY_GPIO_OPEN_DRAIN,
    SKERRY_GPIO_OPEN_SOURCE,
};

/// What is known of a line, whoever holds it.
struct skerry_gpio_line_info {
    /// Empty where nobody named it.
    char name[SKERRY_GPIO_NAME_SIZE];
    /// Who holds it; may be empty where `used`.
    char consumer[SKERRY_GPIO_NAME_SIZE];
    /// Held by a process or a driver, or given to another function of the pin.
    bool used;
    bool output;
    bool active_low;
    /// enum skerry_gpio_bias; AS_IS also where it is not known.
    uint8_t bias;
    /// enum skerry_gpio_drive.
    uint8_t drive;
};

/// -EINVAL: no such line.
int skerry_gpio_line_info(struct skerry_gpio_chip *chip, uint32_t offset,
                          struct skerry_gpio_line_info *info);

/// What is asked of a set of lines. Bit n of a mask stands for `offsets[n]`. Levels are logical: 1
/// is active. Lines that are active low are inverted here, each for itself, and stay active high
/// for the kernel, whose older interface has one polarity for a whole request.
struct skerry_gpio_wish {
    /// Who holds them, for others to see; cut to 31 bytes.
    const char *consumer;
    /// 1 ... 64 offsets, each once.
    const uint32_t *offsets;
    uint32_t count;
    uint64_t active_low;
    bool output;
    /// Outputs: levels from the first moment on.
    uint64_t levels;
    /// Outputs: enum skerry_gpio_drive.
    uint8_t drive;
    /// enum skerry_gpio_bias.
    uint8_t bias;
    /// Inputs: remember both edges, with the time of each.
    bool edges;
    /// Inputs: how long a level must stand still, µs; 0: no debouncing.
    uint32_t debounce_us;
};

/// All lines or none. -EBUSY: one is held by somebody else; -EINVAL: offsets, masks or a mixture
/// that makes no sense; -ENOTSUP: see `skerry_gpio_debounces`; -ENODEV: the chip is gone.
int skerry_gpio_request(const struct skerry_gpio_chip *chip, const struct skerry_gpio_wish *wish,
                        struct skerry_gpio_lines **lines);
/// Lets go. What the pins do then is their driver's business.
void skerry_gpio_release(struct skerry_gpio_lines *lines);

/// Sets all outputs in one call. 0 says that the kernel took it, not that the pins moved: a driver
/// whose device is unplugged may say the same.
int skerry_gpio_set(struct skerry_gpio_lines *lines, uint64_t levels);
/// Reads all lines; outputs too.
int skerry_gpio_get(struct skerry_gpio_lines *lines, uint64_t *levels);

struct skerry_gpio_event {
    /// CLOCK_MONOTONIC, as near to the edge as the driver saw it.
    uint64_t time_ns;
    uint32_t offset;
    /// Became active.
    bool rising;
};

/// The next edge, oldest first for each line. Waits at most `timeout_ns` (0: not at all, negative:
/// for ever), signals notwithstanding.
/// Returns 1 with an event, 0 without; -EINVAL where edges were not asked for, -ENODEV where the
/// chip is gone.
int skerry_gpio_next_event(struct skerry_gpio_lines *lines, int64_t timeout_ns,
                           struct skerry_gpio_event *event);
