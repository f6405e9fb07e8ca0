// Tries the GPIO door on a chip with one line wired to another:
//
//     gpio-self-test CHIP OUT IN [SETTLE_ms]
//
// CHIP is a device's path or a chip's label, IN follows OUT within SETTLE_ms (200). Uses libgpiod 1.6
// or 2.x, whichever it was compiled against. Leaves OUT low. Exit status: 0 all as it should be, 1
// something was not, 2 wrong arguments, 3 no such chip.
#define _GNU_SOURCE
#include "skerry_gpio.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static int failures;

static bool expect(bool truth, const char *what) {
    printf("%s  %s\n", truth ? "ok  " : "FAIL", what);
    failures += !truth;
    return truth;
}

static bool succeeds(int result, const char *what) {
    if (result < 0)
        printf("      %s: %s\n", what, strerror(-result));
    return expect(result >= 0, what);
}

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void sleep_ms(int ms) {
    struct timespec span = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&span, &span) && errno == EINTR) {}
}

static struct skerry_gpio_chip *open_chip(const char *which) {
    struct skerry_gpio_chip *chip;
    if (which[0] == '/')
        return skerry_gpio_open(which, &chip) == 0 ? chip : NULL;
    for (int n = 0; n < 256; n++) {
        char path[32];
        snprintf(path, sizeof path, "/dev/gpiochip%d", n);
        if (skerry_gpio_open(path, &chip))
            continue;
        if (!strcmp(skerry_gpio_chip_label(chip), which))
            return chip;
        skerry_gpio_close(chip);
    }
    return NULL;
}

static struct skerry_gpio_wish wish(const uint32_t *offset, bool output) {
    return (struct skerry_gpio_wish){
        .consumer = "skerry-self-test", .offsets = offset, .count = 1, .output = output};
}

/// The level `lines` comes to within the time to settle, or the last one seen.
static bool reaches(struct skerry_gpio_lines *lines, uint64_t level, int settle_ms) {
    uint64_t seen = ~level;
    for (int ms = 0; ms <= settle_ms; ms += 5) {
        if (skerry_gpio_get(lines, &seen) == 0 && seen == level)
            return true;
        sleep_ms(5);
    }
    return false;
}

static void edge(struct skerry_gpio_lines *in, uint32_t offset, bool rising, uint64_t since_ns,
                 int settle_ms) {
    struct skerry_gpio_event event = {0};
    int found = skerry_gpio_next_event(in, (int64_t)settle_ms * 1000000, &event);
    if (!expect(found == 1, rising ? "a rising edge is reported" : "a falling edge is reported"))
        return;
    expect(event.offset == offset, "of the line that changed");
    expect(event.rising == rising, "of the right kind");
    expect(event.time_ns >= since_ns && event.time_ns <= now_ns(), "at a time of this test");
    printf("      %" PRIu64 " us after the output was set\n", (event.time_ns - since_ns) / 1000);
}

static void ring(int number) {
    (void)number;
}

/// Waits its time out, although a signal interrupts it every 5 ms.
static void wait_untouched(struct skerry_gpio_lines *in) {
    struct sigaction act = {.sa_handler = ring}, old;
    struct itimerval every = {{0, 5000}, {0, 5000}}, never = {{0, 0}, {0, 0}};
    sigaction(SIGALRM, &act, &old);
    setitimer(ITIMER_REAL, &every, NULL);
    struct skerry_gpio_event event;
    uint64_t before = now_ns();
    int found = skerry_gpio_next_event(in, 50000000, &event);
    uint64_t span = now_ns() - before;
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &old, NULL);
    expect(found == 0, "nothing happens untouched");
    expect(span >= 50000000, "and that is waited for, signals notwithstanding");
}

static void follow(struct skerry_gpio_chip *chip, uint32_t out, uint32_t in, int settle_ms) {
    struct skerry_gpio_lines *output = NULL, *input = NULL, *second = NULL;
    struct skerry_gpio_wish drive = wish(&out, true), look = wish(&in, false);
    look.edges = true;
    if (!succeeds(skerry_gpio_request(chip, &drive, &output), "the output is requested, low"))
        return;
    sleep_ms(settle_ms);
    if (succeeds(skerry_gpio_request(chip, &look, &input), "the input is requested, with edges")) {
        expect(reaches(input, 0, settle_ms), "the input is low");
        struct skerry_gpio_line_info info;
        succeeds(skerry_gpio_line_info(chip, out, &info), "the output is described");
        expect(info.used && info.output, "as a used output");
        expect(!strcmp(info.consumer, "skerry-self-test"), "held by us");
        expect(skerry_gpio_request(chip, &drive, &second) == -EBUSY, "it is not given twice");

        wait_untouched(input);

        uint64_t set = now_ns();
        succeeds(skerry_gpio_set(output, 1), "the output is set high");
        edge(input, in, true, set, settle_ms);
        expect(reaches(input, 1, settle_ms), "the input is high");
        set = now_ns();
        succeeds(skerry_gpio_set(output, 0), "the output is set low");
        edge(input, in, false, set, settle_ms);
        expect(reaches(input, 0, settle_ms), "the input is low again");
        expect(skerry_gpio_set(input, 1) == -EPERM, "an input is not driven");
    }
    skerry_gpio_release(input);
    skerry_gpio_release(output);
    struct skerry_gpio_line_info info;
    succeeds(skerry_gpio_line_info(chip, out, &info), "the output is described after its release");
    expect(!info.used, "as free");
}

/// Active low, and high for the pin: levels and edges turn round.
static void invert(struct skerry_gpio_chip *chip, uint32_t out, uint32_t in, int settle_ms) {
    struct skerry_gpio_lines *output = NULL, *input = NULL;
    struct skerry_gpio_wish drive = wish(&out, true), look = wish(&in, false);
    drive.active_low = look.active_low = 1;
    drive.levels = 1;
    look.edges = true;
    if (!succeeds(skerry_gpio_request(chip, &drive, &output), "active low, requested active"))
        return;
    sleep_ms(settle_ms);
    if (succeeds(skerry_gpio_request(chip, &look, &input), "the input, active low")) {
        expect(reaches(input, 1, settle_ms), "is active");
        uint64_t set = now_ns();
        succeeds(skerry_gpio_set(output, 0), "the output is set inactive");
        edge(input, in, false, set, settle_ms);
        expect(reaches(input, 0, settle_ms), "the input is inactive");
        succeeds(skerry_gpio_set(output, 1), "the pin is left low");
    }
    skerry_gpio_release(input);
    skerry_gpio_release(output);
}

/// What has to be refused, and lines that outlive their chip.
static void edges_of_the_contract(const char *which, struct skerry_gpio_chip *chip, uint32_t out,
                                  uint32_t in) {
    struct skerry_gpio_lines *lines = NULL;
    uint32_t twice[] = {in, in};
    struct skerry_gpio_wish ask = wish(twice, false);
    ask.count = 2;
    expect(skerry_gpio_request(chip, &ask, &lines) == -EINVAL, "a line twice is refused");
    uint32_t past = skerry_gpio_chip_line_count(chip);
    ask = wish(&past, false);
    expect(skerry_gpio_request(chip, &ask, &lines) == -EINVAL, "a line past the last is refused");
    ask = wish(&in, false);
    ask.levels = 1;
    expect(skerry_gpio_request(chip, &ask, &lines) == -EINVAL, "an input has no level to start with");

    ask = wish(&in, false);
    ask.debounce_us = 1000;
    int result = skerry_gpio_request(chip, &ask, &lines);
    if (skerry_gpio_debounces())
        succeeds(result, "debouncing is done by the kernel");
    else
        expect(result == -ENOTSUP, "debouncing is not promised");
    skerry_gpio_release(lines);

    struct skerry_gpio_chip *again = open_chip(which);
    ask = wish(&out, true);
    lines = NULL;
    if (expect(again != NULL, "the chip opens twice") &&
        succeeds(skerry_gpio_request(again, &ask, &lines), "a line of the second")) {
        skerry_gpio_close(again);
        succeeds(skerry_gpio_set(lines, 0), "outlives it");
    }
    skerry_gpio_release(lines);
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "gpio-self-test CHIP OUT IN [SETTLE_ms]\n");
        return 2;
    }
    uint32_t out = (uint32_t)atoi(arguments[2]), in = (uint32_t)atoi(arguments[3]);
    int settle_ms = count > 4 ? atoi(arguments[4]) : 200;
    struct skerry_gpio_chip *chip = open_chip(arguments[1]);
    if (!chip) {
        fprintf(stderr, "no GPIO chip %s\n", arguments[1]);
        return 3;
    }
    printf("libgpiod %d, %s [%s], %" PRIu32 " lines\n", skerry_gpio_library(),
           skerry_gpio_chip_name(chip), skerry_gpio_chip_label(chip),
           skerry_gpio_chip_line_count(chip));
    follow(chip, out, in, settle_ms);
    invert(chip, out, in, settle_ms);
    edges_of_the_contract(arguments[1], chip, out, in);
    skerry_gpio_close(chip);
    printf(failures ? "%d failed\n" : "all good\n", failures);
    return failures ? 1 : 0;
}
