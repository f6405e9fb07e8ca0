// Faults on purpose, run by Tests/Sanitizer/sanitize alone: what finds nothing here finds nothing.
#include "sanitizer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(_) 0
#endif

const char *sanitizer_name(void) {
#if __has_feature(address_sanitizer)
    return "address";
#elif __has_feature(thread_sanitizer)
    return "thread";
#else
    return "";
#endif
}

/// What the optimiser must believe is read by somebody.
static void *volatile seen;
static volatile int result;

void fault_overflow(void) {
    volatile char *room = malloc(16);
    seen = (void *)room;
    room[16] = 1;
    free((void *)room);
}

void fault_leak(void) {
    seen = memset(malloc(1000), 1, 1000);
    seen = NULL;
}

void fault_shift(int by) { result = 1 << by; }

static void *count(void *n) {
    for (int k = 0; k < 1000; k++) ++*(volatile int *)n;
    return NULL;
}

void fault_race(void) {
    static int n;
    pthread_t threads[2];
    for (int k = 0; k < 2; k++) pthread_create(&threads[k], NULL, count, &n);
    for (int k = 0; k < 2; k++) pthread_join(threads[k], NULL);
}
