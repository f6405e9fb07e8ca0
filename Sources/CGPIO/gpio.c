// What is the same with either library: checks of what is asked, polarity, waiting.
#define _GNU_SOURCE // ppoll
#include "door.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct skerry_gpio_chip {
    struct door_chip door;
    char *path;
};

struct skerry_gpio_lines {
    struct door_lines *door;
    /// Bits that stand for a line.
    uint64_t all;
    uint64_t active_low;
    bool output;
    bool edges;
    uint32_t count;
    uint32_t offsets[SKERRY_GPIO_LINES_MAX];
    /// Whose descriptor is looked at first, so that no line starves another.
    uint32_t turn;
};

int skerry_gpio_library(void) {
    return SKERRY_GPIOD;
}

bool skerry_gpio_debounces(void) {
    return SKERRY_GPIOD >= 2;
}

int skerry_door_error(void) {
    return errno > 0 ? -errno : -EIO;
}

void skerry_door_copy(char to[SKERRY_GPIO_NAME_SIZE], const char *from) {
    size_t n = from ? strnlen(from, SKERRY_GPIO_NAME_SIZE - 1) : 0;
    memcpy(to, from ? from : "", n);
    to[n] = 0;
}

int skerry_gpio_open(const char *path, struct skerry_gpio_chip **chip) {
    if (!path || !chip)
        return -EINVAL;
    struct skerry_gpio_chip *made = calloc(1, sizeof *made);
    if (!made)
        return -ENOMEM;
    made->path = strdup(path);
    int result = made->path ? skerry_door_open(path, &made->door) : -ENOMEM;
    if (result < 0) {
        free(made->path);
        free(made);
        return result;
    }
    *chip = made;
    return 0;
}

void skerry_gpio_close(struct skerry_gpio_chip *chip) {
    if (!chip)
        return;
    gpiod_chip_close(chip->door.chip);
    free(chip->path);
    free(chip);
}

const char *skerry_gpio_chip_name(const struct skerry_gpio_chip *chip) {
    return chip->door.name;
}

const char *skerry_gpio_chip_label(const struct skerry_gpio_chip *chip) {
    return chip->door.label;
}

uint32_t skerry_gpio_chip_line_count(const struct skerry_gpio_chip *chip) {
    return chip->door.line_count;
}

int skerry_gpio_line_info(struct skerry_gpio_chip *chip, uint32_t offset,
                          struct skerry_gpio_line_info *info) {
    if (offset >= chip->door.line_count)
        return -EINVAL;
    memset(info, 0, sizeof *info);
    return skerry_door_line_info(chip->door.chip, offset, info);
}

static uint64_t low_bits(uint32_t count) {
    return count >= 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1;
}

/// 0, or why a wish makes no sense.
static int judge(const struct door_chip *chip, const struct skerry_gpio_wish *wish) {
    if (!wish->offsets || wish->count < 1 || wish->count > SKERRY_GPIO_LINES_MAX)
        return -EINVAL;
    if ((wish->active_low | wish->levels) & ~low_bits(wish->count))
        return -EINVAL;
    if (wish->drive > SKERRY_GPIO_OPEN_SOURCE || wish->bias > SKERRY_GPIO_BIAS_PULL_DOWN)
        return -EINVAL;
    if (wish->output && (wish->edges || wish->debounce_us))
        return -EINVAL;
    if (!wish->output && (wish->levels || wish->drive != SKERRY_GPIO_PUSH_PULL))
        return -EINVAL;
    for (uint32_t i = 0; i < wish->count; i++) {
        if (wish->offsets[i] >= chip->line_count)
            return -EINVAL;
        for (uint32_t j = 0; j < i; j++)
            if (wish->offsets[i] == wish->offsets[j])
                return -EINVAL;
    }
    return wish->debounce_us && !skerry_gpio_debounces() ? -ENOTSUP : 0;
}

int skerry_gpio_request(const struct skerry_gpio_chip *chip, const struct skerry_gpio_wish *wish,
                        struct skerry_gpio_lines **lines) {
    int result = judge(&chip->door, wish);
    if (result < 0)
        return result;
    struct skerry_gpio_lines *made = calloc(1, sizeof *made);
    if (!made)
        return -ENOMEM;
    made->all = low_bits(wish->count);
    made->active_low = wish->active_low;
    made->output = wish->output;
    made->edges = wish->edges;
    made->count = wish->count;
    memcpy(made->offsets, wish->offsets, wish->count * sizeof *wish->offsets);

    struct skerry_gpio_wish physical = *wish;
    physical.levels ^= wish->output ? wish->active_low : 0;
    result = skerry_door_request(&chip->door, chip->path, &physical, &made->door);
    if (result < 0) {
        free(made);
        return result;
    }
    *lines = made;
    return 0;
}

void skerry_gpio_release(struct skerry_gpio_lines *lines) {
    if (!lines)
        return;
    skerry_door_release(lines->door);
    free(lines);
}

int skerry_gpio_set(struct skerry_gpio_lines *lines, uint64_t levels) {
    if (!lines->output)
        return -EPERM;
    return skerry_door_set(lines->door, (levels ^ lines->active_low) & lines->all);
}

int skerry_gpio_get(struct skerry_gpio_lines *lines, uint64_t *levels) {
    uint64_t physical = 0;
    int result = skerry_door_get(lines->door, &physical);
    if (result == 0)
        *levels = (physical ^ lines->active_low) & lines->all;
    return result;
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// 1 where one of the descriptors has something to say, 0 where the time is over.
static int wait_for(struct pollfd *fds, uint32_t count, int64_t timeout_ns) {
    int64_t start = now_ns(), left = timeout_ns;
    for (;;) {
        struct timespec span = {left / 1000000000, left % 1000000000};
        int ready = ppoll(fds, count, timeout_ns < 0 ? NULL : &span, NULL);
        if (ready >= 0)
            return ready > 0;
        if (errno != EINTR)
            return skerry_door_error();
        if (timeout_ns >= 0) {
            left = timeout_ns - (now_ns() - start);
            left = left < 0 ? 0 : left;
        }
    }
}

int skerry_gpio_next_event(struct skerry_gpio_lines *lines, int64_t timeout_ns,
                           struct skerry_gpio_event *event) {
    if (!lines->edges)
        return -EINVAL;
    int descriptors[SKERRY_GPIO_LINES_MAX];
    struct pollfd fds[SKERRY_GPIO_LINES_MAX];
    uint32_t count = skerry_door_event_fds(lines->door, descriptors);
    for (uint32_t i = 0; i < count; i++)
        fds[i] = (struct pollfd){.fd = descriptors[i], .events = POLLIN | POLLPRI};
    int result = wait_for(fds, count, timeout_ns);
    if (result <= 0)
        return result;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t i = (lines->turn + k) % count;
        if (!fds[i].revents)
            continue;
        // A chip that went away hangs up; reading then could wait for ever on older kernels.
        if (!(fds[i].revents & (POLLIN | POLLPRI)))
            return fds[i].revents & POLLNVAL ? -EBADF : -ENODEV;
        lines->turn = (i + 1) % count;
        result = skerry_door_read_event(lines->door, i, event);
        if (result < 0)
            return result;
        for (uint32_t n = 0; n < lines->count; n++)
            if (lines->offsets[n] == event->offset)
                event->rising ^= (lines->active_low >> n) & 1;
        return 1;
    }
    return 0;
}
