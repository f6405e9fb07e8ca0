// libgpiod 1.6: Debian 12, Raspberry Pi OS 12. Documentation: gpiod.h of that version.
#include "door.h"

#if SKERRY_GPIOD == 1
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/// A request has a chip of its own: in 1.6 closing a chip lets go of all its lines.
struct door_lines {
    struct gpiod_chip *chip;
    struct gpiod_line_bulk bulk;
};

int skerry_door_open(const char *path, struct door_chip *chip) {
    chip->chip = gpiod_chip_open(path);
    if (!chip->chip)
        return skerry_door_error();
    skerry_door_copy(chip->name, gpiod_chip_name(chip->chip));
    skerry_door_copy(chip->label, gpiod_chip_label(chip->chip));
    chip->line_count = gpiod_chip_num_lines(chip->chip);
    return 0;
}

int skerry_door_line_info(struct gpiod_chip *chip, uint32_t offset,
                          struct skerry_gpio_line_info *info) {
    // Asks the kernel afresh each time.
    struct gpiod_line *line = gpiod_chip_get_line(chip, offset);
    if (!line)
        return skerry_door_error();
    skerry_door_copy(info->name, gpiod_line_name(line));
    skerry_door_copy(info->consumer, gpiod_line_consumer(line));
    info->used = gpiod_line_is_used(line);
    info->output = gpiod_line_direction(line) == GPIOD_LINE_DIRECTION_OUTPUT;
    info->active_low = gpiod_line_active_state(line) == GPIOD_LINE_ACTIVE_STATE_LOW;
    switch (gpiod_line_bias(line)) {
    case GPIOD_LINE_BIAS_DISABLE: info->bias = SKERRY_GPIO_BIAS_DISABLED; break;
    case GPIOD_LINE_BIAS_PULL_UP: info->bias = SKERRY_GPIO_BIAS_PULL_UP; break;
    case GPIOD_LINE_BIAS_PULL_DOWN: info->bias = SKERRY_GPIO_BIAS_PULL_DOWN; break;
    default: info->bias = SKERRY_GPIO_BIAS_AS_IS;
    }
    info->drive = gpiod_line_is_open_drain(line)    ? SKERRY_GPIO_OPEN_DRAIN
                  : gpiod_line_is_open_source(line) ? SKERRY_GPIO_OPEN_SOURCE
                                                    : SKERRY_GPIO_PUSH_PULL;
    return 0;
}

static int flags(const struct skerry_gpio_wish *wish) {
    static const int bias[] = {0, GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE,
                               GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP,
                               GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN};
    static const int drive[] = {0, GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN,
                                GPIOD_LINE_REQUEST_FLAG_OPEN_SOURCE};
    return bias[wish->bias] | drive[wish->drive];
}

/// The chip again, if what is there now is still what was opened.
static int reopen(const struct door_chip *chip, const char *path, struct gpiod_chip **again) {
    struct door_chip found = {0};
    int result = skerry_door_open(path, &found);
    if (result < 0)
        return result;
    if (strcmp(found.name, chip->name) || strcmp(found.label, chip->label) ||
        found.line_count != chip->line_count) {
        gpiod_chip_close(found.chip);
        return -ENODEV;
    }
    *again = found.chip;
    return 0;
}

static int request(struct door_lines *lines, const struct skerry_gpio_wish *wish) {
    gpiod_line_bulk_init(&lines->bulk);
    int levels[SKERRY_GPIO_LINES_MAX];
    for (uint32_t i = 0; i < wish->count; i++) {
        struct gpiod_line *line = gpiod_chip_get_line(lines->chip, wish->offsets[i]);
        if (!line)
            return skerry_door_error();
        gpiod_line_bulk_add(&lines->bulk, line);
        levels[i] = (wish->levels >> i) & 1;
    }
    struct gpiod_line_request_config config = {
        .consumer = wish->consumer,
        .request_type = wish->output  ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT
                        : wish->edges ? GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES
                                      : GPIOD_LINE_REQUEST_DIRECTION_INPUT,
        .flags = flags(wish),
    };
    return gpiod_line_request_bulk(&lines->bulk, &config, levels) ? skerry_door_error() : 0;
}

int skerry_door_request(const struct door_chip *chip, const char *path,
                        const struct skerry_gpio_wish *wish, struct door_lines **lines) {
    struct door_lines *made = calloc(1, sizeof *made);
    if (!made)
        return -ENOMEM;
    int result = reopen(chip, path, &made->chip);
    if (result == 0) {
        result = request(made, wish);
        if (result < 0)
            gpiod_chip_close(made->chip);
    }
    if (result < 0) {
        free(made);
        return result;
    }
    *lines = made;
    return 0;
}

void skerry_door_release(struct door_lines *lines) {
    gpiod_chip_close(lines->chip);
    free(lines);
}

int skerry_door_set(struct door_lines *lines, uint64_t levels) {
    int values[SKERRY_GPIO_LINES_MAX];
    for (uint32_t i = 0; i < SKERRY_GPIO_LINES_MAX; i++)
        values[i] = (levels >> i) & 1;
    return gpiod_line_set_value_bulk(&lines->bulk, values) ? skerry_door_error() : 0;
}

int skerry_door_get(struct door_lines *lines, uint64_t *levels) {
    int values[SKERRY_GPIO_LINES_MAX];
    if (gpiod_line_get_value_bulk(&lines->bulk, values))
        return skerry_door_error();
    *levels = 0;
    for (uint32_t i = 0; i < gpiod_line_bulk_num_lines(&lines->bulk); i++)
        *levels |= (uint64_t)(values[i] != 0) << i;
    return 0;
}

uint32_t skerry_door_event_fds(struct door_lines *lines, int fds[SKERRY_GPIO_LINES_MAX]) {
    uint32_t count = gpiod_line_bulk_num_lines(&lines->bulk);
    for (uint32_t i = 0; i < count; i++)
        fds[i] = gpiod_line_event_get_fd(gpiod_line_bulk_get_line(&lines->bulk, i));
    return count;
}

int skerry_door_read_event(struct door_lines *lines, uint32_t n, struct skerry_gpio_event *event) {
    struct gpiod_line *line = gpiod_line_bulk_get_line(&lines->bulk, n);
    struct gpiod_line_event read;
    if (gpiod_line_event_read(line, &read))
        return skerry_door_error();
    event->time_ns = (uint64_t)read.ts.tv_sec * 1000000000 + (uint64_t)read.ts.tv_nsec;
    event->offset = gpiod_line_offset(line);
    event->rising = read.event_type == GPIOD_LINE_EVENT_RISING_EDGE;
    return 0;
}
#endif
