// libgpiod 2.x: Debian 13 and later. Documentation: gpiod.h of that version.
#include "door.h"

#if SKERRY_GPIOD == 2
#include <errno.h>
#include <stdlib.h>

struct door_lines {
    struct gpiod_line_request *request;
    struct gpiod_edge_event_buffer *events;
    uint32_t count;
};

int skerry_door_open(const char *path, struct door_chip *chip) {
    struct gpiod_chip *opened = gpiod_chip_open(path);
    if (!opened)
        return skerry_door_error();
    struct gpiod_chip_info *info = gpiod_chip_get_info(opened);
    if (!info) {
        int result = skerry_door_error();
        gpiod_chip_close(opened);
        return result;
    }
    chip->chip = opened;
    skerry_door_copy(chip->name, gpiod_chip_info_get_name(info));
    skerry_door_copy(chip->label, gpiod_chip_info_get_label(info));
    chip->line_count = (uint32_t)gpiod_chip_info_get_num_lines(info);
    gpiod_chip_info_free(info);
    return 0;
}

int skerry_door_line_info(struct gpiod_chip *chip, uint32_t offset,
                          struct skerry_gpio_line_info *info) {
    struct gpiod_line_info *line = gpiod_chip_get_line_info(chip, offset);
    if (!line)
        return skerry_door_error();
    skerry_door_copy(info->name, gpiod_line_info_get_name(line));
    skerry_door_copy(info->consumer, gpiod_line_info_get_consumer(line));
    info->used = gpiod_line_info_is_used(line);
    info->output = gpiod_line_info_get_direction(line) == GPIOD_LINE_DIRECTION_OUTPUT;
    info->active_low = gpiod_line_info_is_active_low(line);
    switch (gpiod_line_info_get_bias(line)) {
    case GPIOD_LINE_BIAS_DISABLED: info->bias = SKERRY_GPIO_BIAS_DISABLED; break;
    case GPIOD_LINE_BIAS_PULL_UP: info->bias = SKERRY_GPIO_BIAS_PULL_UP; break;
    case GPIOD_LINE_BIAS_PULL_DOWN: info->bias = SKERRY_GPIO_BIAS_PULL_DOWN; break;
    default: info->bias = SKERRY_GPIO_BIAS_AS_IS;
    }
    switch (gpiod_line_info_get_drive(line)) {
    case GPIOD_LINE_DRIVE_OPEN_DRAIN: info->drive = SKERRY_GPIO_OPEN_DRAIN; break;
    case GPIOD_LINE_DRIVE_OPEN_SOURCE: info->drive = SKERRY_GPIO_OPEN_SOURCE; break;
    default: info->drive = SKERRY_GPIO_PUSH_PULL;
    }
    gpiod_line_info_free(line);
    return 0;
}

static enum gpiod_line_value value(uint64_t levels, uint32_t n) {
    return (levels >> n) & 1 ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

/// What all lines of a wish share, put into `settings`. Below 0: errno says why.
static int shared(struct gpiod_line_settings *settings, const struct skerry_gpio_wish *wish) {
    static const enum gpiod_line_bias bias[] = {GPIOD_LINE_BIAS_AS_IS, GPIOD_LINE_BIAS_DISABLED,
                                                GPIOD_LINE_BIAS_PULL_UP,
                                                GPIOD_LINE_BIAS_PULL_DOWN};
    static const enum gpiod_line_drive drive[] = {GPIOD_LINE_DRIVE_PUSH_PULL,
                                                  GPIOD_LINE_DRIVE_OPEN_DRAIN,
                                                  GPIOD_LINE_DRIVE_OPEN_SOURCE};
    gpiod_line_settings_set_debounce_period_us(settings, wish->debounce_us);
    if (gpiod_line_settings_set_bias(settings, bias[wish->bias]) ||
        gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC))
        return -1;
    if (wish->output)
        return gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) ||
                       gpiod_line_settings_set_drive(settings, drive[wish->drive])
                   ? -1
                   : 0;
    return gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) ||
                   (wish->edges &&
                    gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH))
               ? -1
               : 0;
}

/// The lines of a wish in its order, each with its own first level.
static int configure(struct gpiod_line_config *config, const struct skerry_gpio_wish *wish) {
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    if (!settings)
        return skerry_door_error();
    int failed = shared(settings, wish);
    for (uint32_t i = 0; !failed && i < wish->count; i++) {
        failed = (wish->output &&
                  gpiod_line_settings_set_output_value(settings, value(wish->levels, i))) ||
                 gpiod_line_config_add_line_settings(config, &wish->offsets[i], 1, settings);
    }
    int result = failed ? skerry_door_error() : 0;
    gpiod_line_settings_free(settings);
    return result;
}

static int request(struct door_lines *lines, struct gpiod_chip *chip,
                   const struct skerry_gpio_wish *wish) {
    struct gpiod_request_config *who = gpiod_request_config_new();
    struct gpiod_line_config *config = gpiod_line_config_new();
    int result = who && config ? configure(config, wish) : -ENOMEM;
    if (result == 0) {
        if (wish->consumer)
            gpiod_request_config_set_consumer(who, wish->consumer);
        lines->request = gpiod_chip_request_lines(chip, who, config);
        result = lines->request ? 0 : skerry_door_error();
    }
    gpiod_line_config_free(config);
    gpiod_request_config_free(who);
    return result;
}

int skerry_door_request(const struct door_chip *chip, const char *path,
                        const struct skerry_gpio_wish *wish, struct door_lines **lines) {
    (void)path; // A request outlives its chip here.
    struct door_lines *made = calloc(1, sizeof *made);
    if (!made)
        return -ENOMEM;
    made->count = wish->count;
    made->events = wish->edges ? gpiod_edge_event_buffer_new(1) : NULL;
    int result = wish->edges && !made->events ? -ENOMEM : request(made, chip->chip, wish);
    if (result < 0) {
        gpiod_edge_event_buffer_free(made->events);
        free(made);
        return result;
    }
    *lines = made;
    return 0;
}

void skerry_door_release(struct door_lines *lines) {
    gpiod_line_request_release(lines->request);
    gpiod_edge_event_buffer_free(lines->events);
    free(lines);
}

int skerry_door_set(struct door_lines *lines, uint64_t levels) {
    enum gpiod_line_value values[SKERRY_GPIO_LINES_MAX];
    for (uint32_t i = 0; i < SKERRY_GPIO_LINES_MAX; i++)
        values[i] = value(levels, i);
    return gpiod_line_request_set_values(lines->request, values) ? skerry_door_error() : 0;
}

int skerry_door_get(struct door_lines *lines, uint64_t *levels) {
    enum gpiod_line_value values[SKERRY_GPIO_LINES_MAX];
    if (gpiod_line_request_get_values(lines->request, values))
        return skerry_door_error();
    *levels = 0;
    for (uint32_t i = 0; i < lines->count; i++)
        *levels |= (uint64_t)(values[i] == GPIOD_LINE_VALUE_ACTIVE) << i;
    return 0;
}

uint32_t skerry_door_event_fds(struct door_lines *lines, int fds[SKERRY_GPIO_LINES_MAX]) {
    fds[0] = gpiod_line_request_get_fd(lines->request);
    return 1;
}

int skerry_door_read_event(struct door_lines *lines, uint32_t n, struct skerry_gpio_event *event) {
    (void)n;
    if (gpiod_line_request_read_edge_events(lines->request, lines->events, 1) < 0)
        return skerry_door_error();
    struct gpiod_edge_event *read = gpiod_edge_event_buffer_get_event(lines->events, 0);
    if (!read)
        return skerry_door_error();
    event->time_ns = gpiod_edge_event_get_timestamp_ns(read);
    event->offset = gpiod_edge_event_get_line_offset(read);
    event->rising = gpiod_edge_event_get_event_type(read) == GPIOD_EDGE_EVENT_RISING_EDGE;
    return 0;
}
#endif
