#define _GNU_SOURCE
#include "fake_gpio.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#if defined(__GLIBC__)

#define DEVICE "/dev/skerry-gpio"
#define SYSFS "/sys/bus/gpio/devices/skerry-gpio"
#define MAJOR 511 // of the range for local use (Documentation/admin-guide/devices.txt)

struct line {
    bool used, output, driven, outside;
    bool level, outside_level;
    uint32_t flags; // of the older interface's line info
    char consumer[GPIO_MAX_NAME_SIZE];
};

/// An open descriptor: one end of a socket pair is the caller's, `far` is ours. When the caller
/// closes its end, ours hangs up: so closing needs no watching.
struct handle {
    int chip, far;
    ino_t inode; // of the caller's end
    int count;   // 0: a chip
    int offsets[GPIO_V2_LINES_MAX];
    bool output, rising, falling;
    int version;
};

static struct chip {
    bool gone;
    int sets;
    struct line lines[FAKE_GPIO_LINES];
    bool unwired[FAKE_GPIO_LINES];
} chips[FAKE_GPIO_CHIPS];
static struct handle handles[256];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

bool fake_gpio_stands(void) { return true; }

static bool level(int c, int n) {
    struct line *line = &chips[c].lines[n];
    if (line->output) return line->driven;
    if (line->outside) return line->outside_level;
    if (n >= 4 && !chips[c].unwired[n]) return level(c, n - 4);
    return line->flags & GPIOLINE_FLAG_BIAS_PULL_UP;
}

static void drop(struct handle *h) {
    for (int i = 0; i < h->count; i++) {
        struct line *line = &chips[h->chip].lines[h->offsets[i]];
        line->used = false;
        line->consumer[0] = 0;
    }
    close(h->far);
    memset(h, 0, sizeof *h);
}

/// Forgets descriptors their holders have closed. Those of a chip that is gone stay until its reset.
static void sweep(void) {
    for (int i = 0; i < 256; i++) {
        struct pollfd p = {.fd = handles[i].far, .events = 0};
        if (handles[i].inode && !chips[handles[i].chip].gone && poll(&p, 1, 0) > 0 &&
            p.revents & (POLLHUP | POLLERR))
            drop(&handles[i]);
    }
}

static struct handle *find(int fd) {
    struct stat s;
    if (fstat(fd, &s)) return NULL;
    for (int i = 0; i < 256; i++)
        if (handles[i].inode == s.st_ino && S_ISSOCK(s.st_mode)) return &handles[i];
    return NULL;
}

static int stand(int chip, struct handle like) {
    int ends[2];
    struct stat s;
    for (int i = 0; i < 256; i++) {
        if (handles[i].inode) continue;
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) return -1;
        fstat(ends[0], &s);
        handles[i] = like;
        handles[i].chip = chip;
        handles[i].far = ends[1];
        handles[i].inode = s.st_ino;
        return ends[0];
    }
    errno = EMFILE;
    return -1;
}

/// Tells who listens of every input whose level is no longer what it was.
static void settle(int c) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t time_ns = (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    for (int n = 0; n < FAKE_GPIO_LINES; n++) {
        bool is = level(c, n);
        if (is == chips[c].lines[n].level) continue;
        chips[c].lines[n].level = is;
        for (int i = 0; i < 256; i++) {
            struct handle *h = &handles[i];
            if (!h->inode || h->chip != c || !(is ? h->rising : h->falling)) continue;
            for (int k = 0; k < h->count; k++) {
                if (h->offsets[k] != n) continue;
                struct gpioevent_data one = {.timestamp = time_ns,
                                             .id = is ? GPIOEVENT_EVENT_RISING_EDGE
                                                      : GPIOEVENT_EVENT_FALLING_EDGE};
                struct gpio_v2_line_event two = {.timestamp_ns = time_ns, .offset = n,
                                                 .id = is ? GPIO_V2_LINE_EVENT_RISING_EDGE
                                                          : GPIO_V2_LINE_EVENT_FALLING_EDGE};
                send(h->far, h->version == 1 ? (void *)&one : (void *)&two,
                     h->version == 1 ? sizeof one : sizeof two, MSG_DONTWAIT | MSG_NOSIGNAL);
            }
        }
    }
}

static int fail(int code) {
    errno = code;
    return -1;
}

/// Takes lines for one holder: all or none. Returns its descriptor.
static int take(int c, struct handle like, uint64_t levels, uint32_t flags, const char *consumer) {
    if (like.count < 1 || like.count > FAKE_GPIO_LINES) return fail(EINVAL);
    for (int i = 0; i < like.count; i++) {
        if (like.offsets[i] >= FAKE_GPIO_LINES) return fail(EINVAL);
        if (chips[c].lines[like.offsets[i]].used) return fail(EBUSY);
    }
    int fd = stand(c, like);
    if (fd < 0) return fd;
    for (int i = 0; i < like.count; i++) {
        struct line *line = &chips[c].lines[like.offsets[i]];
        line->used = true;
        line->output = like.output;
        line->driven = (levels >> i) & 1;
        line->flags = flags;
        snprintf(line->consumer, sizeof line->consumer, "%s", consumer[0] ? consumer : "?");
    }
    settle(c);
    return fd;
}

static uint32_t flags_of(uint64_t v2) {
    return (v2 & GPIO_V2_LINE_FLAG_OPEN_DRAIN ? GPIOLINE_FLAG_OPEN_DRAIN : 0) |
           (v2 & GPIO_V2_LINE_FLAG_OPEN_SOURCE ? GPIOLINE_FLAG_OPEN_SOURCE : 0) |
           (v2 & GPIO_V2_LINE_FLAG_BIAS_PULL_UP ? GPIOLINE_FLAG_BIAS_PULL_UP : 0) |
           (v2 & GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN ? GPIOLINE_FLAG_BIAS_PULL_DOWN : 0) |
           (v2 & GPIO_V2_LINE_FLAG_BIAS_DISABLED ? GPIOLINE_FLAG_BIAS_DISABLE : 0);
}

static uint64_t flags_to_v2(uint32_t v1) {
    return (v1 & GPIOLINE_FLAG_OPEN_DRAIN ? GPIO_V2_LINE_FLAG_OPEN_DRAIN : 0) |
           (v1 & GPIOLINE_FLAG_OPEN_SOURCE ? GPIO_V2_LINE_FLAG_OPEN_SOURCE : 0) |
           (v1 & GPIOLINE_FLAG_BIAS_PULL_UP ? GPIO_V2_LINE_FLAG_BIAS_PULL_UP : 0) |
           (v1 & GPIOLINE_FLAG_BIAS_PULL_DOWN ? GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN : 0) |
           (v1 & GPIOLINE_FLAG_BIAS_DISABLE ? GPIO_V2_LINE_FLAG_BIAS_DISABLED : 0);
}

// GPIOHANDLE_REQUEST_* of a request and GPIOLINE_FLAG_* of an info name the same things.
static uint32_t flags_of_v1(uint32_t v1) {
    return (v1 & GPIOHANDLE_REQUEST_OPEN_DRAIN ? GPIOLINE_FLAG_OPEN_DRAIN : 0) |
           (v1 & GPIOHANDLE_REQUEST_OPEN_SOURCE ? GPIOLINE_FLAG_OPEN_SOURCE : 0) |
           (v1 & GPIOHANDLE_REQUEST_BIAS_PULL_UP ? GPIOLINE_FLAG_BIAS_PULL_UP : 0) |
           (v1 & GPIOHANDLE_REQUEST_BIAS_PULL_DOWN ? GPIOLINE_FLAG_BIAS_PULL_DOWN : 0) |
           (v1 & GPIOHANDLE_REQUEST_BIAS_DISABLE ? GPIOLINE_FLAG_BIAS_DISABLE : 0);
}

static int ask_chip(int c, unsigned long request, void *argument) {
    switch (request) {
    case GPIO_GET_CHIPINFO_IOCTL: {
        struct gpiochip_info *info = argument;
        snprintf(info->name, sizeof info->name, "skerry-gpio%d", c);
        snprintf(info->label, sizeof info->label, "skerry-fake");
        info->lines = FAKE_GPIO_LINES;
        return 0;
    }
    case GPIO_GET_LINEINFO_IOCTL: {
        struct gpioline_info *info = argument;
        if (info->line_offset >= FAKE_GPIO_LINES) return fail(EINVAL);
        struct line *line = &chips[c].lines[info->line_offset];
        info->flags = line->flags | (line->used ? GPIOLINE_FLAG_KERNEL : 0) |
                      (line->output ? GPIOLINE_FLAG_IS_OUT : 0);
        snprintf(info->name, sizeof info->name, "L%u", info->line_offset);
        memcpy(info->consumer, line->consumer, sizeof info->consumer);
        return 0;
    }
    case GPIO_V2_GET_LINEINFO_IOCTL: {
        struct gpio_v2_line_info *info = argument;
        if (info->offset >= FAKE_GPIO_LINES) return fail(EINVAL);
        struct line *line = &chips[c].lines[info->offset];
        info->flags = flags_to_v2(line->flags) | (line->used ? GPIO_V2_LINE_FLAG_USED : 0) |
                      (line->output ? GPIO_V2_LINE_FLAG_OUTPUT : GPIO_V2_LINE_FLAG_INPUT);
        snprintf(info->name, sizeof info->name, "L%u", info->offset);
        memcpy(info->consumer, line->consumer, sizeof info->consumer);
        return 0;
    }
    case GPIO_GET_LINEHANDLE_IOCTL: {
        struct gpiohandle_request *r = argument;
        struct handle like = {.count = r->lines, .version = 1,
                              .output = r->flags & GPIOHANDLE_REQUEST_OUTPUT};
        uint64_t levels = 0;
        for (uint32_t i = 0; i < r->lines && i < GPIOHANDLES_MAX; i++) {
            like.offsets[i] = r->lineoffsets[i];
            levels |= (uint64_t)(r->default_values[i] != 0) << i;
        }
        r->fd = take(c, like, levels, flags_of_v1(r->flags), r->consumer_label);
        return r->fd < 0 ? -1 : 0;
    }
    case GPIO_GET_LINEEVENT_IOCTL: {
        struct gpioevent_request *r = argument;
        struct handle like = {.count = 1, .version = 1, .offsets = {r->lineoffset},
                              .rising = r->eventflags & GPIOEVENT_REQUEST_RISING_EDGE,
                              .falling = r->eventflags & GPIOEVENT_REQUEST_FALLING_EDGE};
        r->fd = take(c, like, 0, flags_of_v1(r->handleflags), r->consumer_label);
        return r->fd < 0 ? -1 : 0;
    }
    case GPIO_V2_GET_LINE_IOCTL: {
        struct gpio_v2_line_request *r = argument;
        struct handle like = {.count = r->num_lines, .version = 2,
                              .output = r->config.flags & GPIO_V2_LINE_FLAG_OUTPUT,
                              .rising = r->config.flags & GPIO_V2_LINE_FLAG_EDGE_RISING,
                              .falling = r->config.flags & GPIO_V2_LINE_FLAG_EDGE_FALLING};
        uint64_t levels = 0;
        for (uint32_t i = 0; i < r->num_lines && i < GPIO_V2_LINES_MAX; i++)
            like.offsets[i] = r->offsets[i];
        for (uint32_t i = 0; i < r->config.num_attrs; i++)
            if (r->config.attrs[i].attr.id == GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES)
                levels |= r->config.attrs[i].attr.values & r->config.attrs[i].mask;
        r->fd = take(c, like, levels, flags_of(r->config.flags), r->consumer);
        return r->fd < 0 ? -1 : 0;
    }
    }
    return fail(EINVAL);
}

static void put(struct handle *h, int i, bool to) {
    chips[h->chip].lines[h->offsets[i]].driven = to;
}

static int ask_lines(struct handle *h, unsigned long request, void *argument) {
    struct gpiohandle_data *one = argument;
    struct gpio_v2_line_values *two = argument;
    switch (request) {
    case GPIOHANDLE_GET_LINE_VALUES_IOCTL:
        for (int i = 0; i < h->count; i++) one->values[i] = level(h->chip, h->offsets[i]);
        return 0;
    case GPIO_V2_LINE_GET_VALUES_IOCTL:
        two->bits = 0;
        for (int i = 0; i < h->count; i++)
            two->bits |= (uint64_t)level(h->chip, h->offsets[i]) << i & two->mask;
        return 0;
    case GPIOHANDLE_SET_LINE_VALUES_IOCTL:
        if (!h->output) return fail(EPERM);
        for (int i = 0; i < h->count; i++) put(h, i, one->values[i]);
        break;
    case GPIO_V2_LINE_SET_VALUES_IOCTL:
        if (!h->output) return fail(EPERM);
        for (int i = 0; i < h->count; i++)
            if ((two->mask >> i) & 1) put(h, i, (two->bits >> i) & 1);
        break;
    default: return fail(EINVAL);
    }
    chips[h->chip].sets++;
    settle(h->chip);
    return 0;
}

/// The chip a path ends in, if it begins with `prefix` and goes on with `suffix`; else -1.
static int number(const char *path, const char *prefix, const char *suffix) {
    size_t n = strlen(prefix);
    if (!path || strncmp(path, prefix, n) || path[n] < '0' || path[n] >= '0' + FAKE_GPIO_CHIPS)
        return -1;
    return strcmp(path + n + 1, suffix) ? -1 : path[n] - '0';
}

// What stands in front. Everything else goes on to the C library.
#define REAL(name)                                                                                 \
    ({                                                                                             \
        static typeof(&name) _Atomic real;                                                         \
        if (!real) real = (typeof(&name))dlsym(RTLD_NEXT, #name);                                  \
        real;                                                                                      \
    })

int ioctl(int fd, unsigned long request, ...) {
    va_list list;
    va_start(list, request);
    void *argument = va_arg(list, void *);
    va_end(list);
    request &= UINT32_MAX; // All that the kernel looks at; libgpiod 2 passes some sign-extended.
    if (_IOC_TYPE(request) != 0xB4) return REAL(ioctl)(fd, request, argument);
    pthread_mutex_lock(&mutex);
    sweep();
    struct handle *h = find(fd);
    int result = !h                    ? fail(ENOTTY)
                 : chips[h->chip].gone ? fail(ENODEV)
                 : h->count            ? ask_lines(h, request, argument)
                                       : ask_chip(h->chip, request, argument);
    pthread_mutex_unlock(&mutex);
    return result;
}

int open(const char *path, int flags, ...) {
    va_list list;
    va_start(list, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    int c = number(path, DEVICE, "");
    if (c >= 0) {
        pthread_mutex_lock(&mutex);
        sweep();
        int fd = chips[c].gone ? fail(ENOENT) : stand(c, (struct handle){0});
        pthread_mutex_unlock(&mutex);
        return fd;
    }
    c = number(path, SYSFS, "/dev");
    if (c < 0) return REAL(open)(path, flags, mode);
    int fd = memfd_create("dev", MFD_CLOEXEC);
    if (fd >= 0) {
        dprintf(fd, "%d:%d\n", MAJOR, c);
        lseek(fd, 0, SEEK_SET);
    }
    return fd;
}

static int describe(int c, struct stat *s) {
    memset(s, 0, sizeof *s);
    s->st_mode = S_IFCHR | 0600;
    s->st_rdev = makedev(MAJOR, c);
    return chips[c].gone ? fail(ENOENT) : 0;
}

int stat(const char *path, struct stat *s) {
    int c = number(path, DEVICE, "");
    return c >= 0 ? describe(c, s) : REAL(stat)(path, s);
}

int lstat(const char *path, struct stat *s) {
    int c = number(path, DEVICE, "");
    return c >= 0 ? describe(c, s) : REAL(lstat)(path, s);
}

int access(const char *path, int mode) {
    return number(path, SYSFS, "/dev") >= 0 ? 0 : REAL(access)(path, mode);
}

char *realpath(const char *path, char *into) {
    char prefix[32];
    snprintf(prefix, sizeof prefix, "/sys/dev/char/%d:", MAJOR);
    if (number(path, prefix, "/subsystem") < 0) return REAL(realpath)(path, into);
    return into ? strcpy(into, "/sys/bus/gpio") : strdup("/sys/bus/gpio");
}

// What a test asks for.
void fake_gpio_reset(int c) {
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 256; i++)
        if (handles[i].inode && handles[i].chip == c) drop(&handles[i]);
    memset(&chips[c], 0, sizeof chips[c]);
    pthread_mutex_unlock(&mutex);
}

bool fake_gpio_level(int c, int n) {
    pthread_mutex_lock(&mutex);
    bool is = level(c, n);
    pthread_mutex_unlock(&mutex);
    return is;
}

void fake_gpio_press(int c, int n, bool to) {
    pthread_mutex_lock(&mutex);
    chips[c].lines[n].outside = chips[c].unwired[n] = true;
    chips[c].lines[n].outside_level = to;
    settle(c);
    pthread_mutex_unlock(&mutex);
}

void fake_gpio_take(int c, int n, const char *consumer) {
    pthread_mutex_lock(&mutex);
    chips[c].lines[n].used = true;
    snprintf(chips[c].lines[n].consumer, GPIO_MAX_NAME_SIZE, "%s", consumer);
    pthread_mutex_unlock(&mutex);
}

void fake_gpio_unplug(int c) {
    pthread_mutex_lock(&mutex);
    chips[c].gone = true;
    for (int i = 0; i < 256; i++)
        if (handles[i].inode && handles[i].chip == c) shutdown(handles[i].far, SHUT_RDWR);
    pthread_mutex_unlock(&mutex);
}

int fake_gpio_sets(int c) {
    pthread_mutex_lock(&mutex);
    int sets = chips[c].sets;
    pthread_mutex_unlock(&mutex);
    return sets;
}

int fake_gpio_open_handles(int c) {
    pthread_mutex_lock(&mutex);
    sweep();
    int open = 0;
    for (int i = 0; i < 256; i++) open += handles[i].inode && handles[i].chip == c;
    pthread_mutex_unlock(&mutex);
    return open;
}

#else

bool fake_gpio_stands(void) { return false; }
void fake_gpio_reset(int c) { (void)c; }
bool fake_gpio_level(int c, int n) { return (void)c, (void)n, false; }
void fake_gpio_press(int c, int n, bool to) { (void)c, (void)n, (void)to; }
void fake_gpio_take(int c, int n, const char *by) { (void)c, (void)n, (void)by; }
void fake_gpio_unplug(int c) { (void)c; }
int fake_gpio_sets(int c) { return (void)c, 0; }
int fake_gpio_open_handles(int c) { return (void)c, 0; }

#endif
