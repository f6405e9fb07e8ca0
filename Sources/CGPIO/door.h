#pragma once
/// What the two libraries must each do; all else is common. Levels are physical here: 1 is high.
#include "skerry_gpio.h"

#include <gpiod.h>

// 1.6 has this macro and 2.x has not.
#ifdef GPIOD_LINE_BULK_MAX_LINES
#define SKERRY_GPIOD 1
#else
#define SKERRY_GPIOD 2
#endif

struct door_chip {
    struct gpiod_chip *chip;
    char name[SKERRY_GPIO_NAME_SIZE];
    char label[SKERRY_GPIO_NAME_SIZE];
    uint32_t line_count;
};

struct door_lines;

int skerry_door_open(const char *path, struct door_chip *chip);
int skerry_door_line_info(struct gpiod_chip *chip, uint32_t offset,
                          struct skerry_gpio_line_info *info);
/// `chip` may be closed while the lines live. `path` is where it was opened.
int skerry_door_request(const struct door_chip *chip, const char *path,
                        const struct skerry_gpio_wish *wish, struct door_lines **lines);
void skerry_door_release(struct door_lines *lines);
int skerry_door_set(struct door_lines *lines, uint64_t levels);
int skerry_door_get(struct door_lines *lines, uint64_t *levels);
/// Descriptors that become readable with an edge: one for each line, or one for all.
uint32_t skerry_door_event_fds(struct door_lines *lines, int fds[SKERRY_GPIO_LINES_MAX]);
/// Takes one event from the `n`-th of them, which is readable.
int skerry_door_read_event(struct door_lines *lines, uint32_t n, struct skerry_gpio_event *event);

/// A copy that ends in a zero.
void skerry_door_copy(char to[SKERRY_GPIO_NAME_SIZE], const char *from);
/// The negative errno of a call that just failed.
int skerry_door_error(void);
