#define _GNU_SOURCE
#include "skerry_thread.h"

#include <errno.h>
#include <limits.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <unistd.h>

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int skerry_thread_start(size_t stack, int ordinary, void (*body)(void *), void *context) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t least = (size_t)PTHREAD_STACK_MIN;
    size_t size = ((stack > least ? stack : least) + page - 1) / page * page;
    struct start *start = malloc(sizeof *start);
    if (start == NULL) return ENOMEM;
    *start = (struct start){body, context};
    pthread_attr_t attributes;
    pthread_t thread;
    int result = pthread_attr_init(&attributes);
    if (result == 0) {
        result = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        if (result == 0) result = pthread_attr_setstacksize(&attributes, size);
        if (result == 0 && ordinary) {
            struct sched_param none = {0};
            result = pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
            if (result == 0) result = pthread_attr_setschedpolicy(&attributes, SCHED_OTHER);
            if (result == 0) result = pthread_attr_setschedparam(&attributes, &none);
        }
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        if (result == 0) result = pthread_create(&thread, &attributes, run, start);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        pthread_attr_destroy(&attributes);
    }
    if (result != 0) free(start);
    return result;
}

void skerry_thread_name(const char *name) {
    char short_name[16] = {0};
    strncpy(short_name, name, sizeof short_name - 1);
    pthread_setname_np(pthread_self(), short_name);
}

__attribute__((noinline)) void skerry_stack_touch(size_t size) {
    volatile char room[size > 0 ? size : 1];
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t n = 0; n < size; n += page) room[n] = 0;
}

/// Laid by the linker at the two ends of the program's code.
extern char __executable_start, etext;

void skerry_give_back(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = ((uintptr_t)&__executable_start + page - 1) / page * page;
    uintptr_t to = (uintptr_t)&etext / page * page;
    if (to > from) madvise((void *)from, to - from, MADV_DONTNEED);
}

int skerry_in_memory(int file) {
    struct statfs system;
    if (fstatfs(file, &system) != 0) return 0;
    return system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC;
}
