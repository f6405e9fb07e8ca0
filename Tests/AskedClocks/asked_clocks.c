#define _GNU_SOURCE
#include "asked_clocks.h"
#include <dlfcn.h>
#include <time.h>

static _Thread_local uint32_t read_clocks, sleep_clocks;
static _Thread_local int64_t realtime_step_s;

void asked_clocks_forget(void) { read_clocks = sleep_clocks = 0; }
uint32_t asked_clocks_read(void) { return read_clocks; }
uint32_t asked_clocks_slept_on(void) { return sleep_clocks; }
void asked_clocks_step_realtime(int64_t seconds) { realtime_step_s += seconds; }

// Clocks of processes and threads have ids that are no small numbers.
static uint32_t bit(clockid_t id) { return id >= 0 && id < 31 ? UINT32_C(1) << id : UINT32_C(1) << 31; }

int clock_gettime(clockid_t id, struct timespec *t) {
    typedef int call(clockid_t, struct timespec *);
    static call *real;
    call *next = __atomic_load_n(&real, __ATOMIC_RELAXED);
    if (!next) {
        next = (call *)dlsym(RTLD_NEXT, "clock_gettime");
        __atomic_store_n(&real, next, __ATOMIC_RELAXED);
    }
    read_clocks |= bit(id);
    int status = next(id, t);
    if (status == 0 && id == CLOCK_REALTIME) t->tv_sec += realtime_step_s;
    return status;
}

int clock_nanosleep(clockid_t id, int flags, const struct timespec *t, struct timespec *left) {
    typedef int call(clockid_t, int, const struct timespec *, struct timespec *);
    static call *real;
    call *next = __atomic_load_n(&real, __ATOMIC_RELAXED);
    if (!next) {
        next = (call *)dlsym(RTLD_NEXT, "clock_nanosleep");
        __atomic_store_n(&real, next, __ATOMIC_RELAXED);
    }
    sleep_clocks |= bit(id);
    return next(id, flags, t, left);
}
