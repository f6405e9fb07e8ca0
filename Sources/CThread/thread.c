#define _GNU_SOURCE
#include "skerry_thread.h"

#include <errno.h>
#include <limits.h>
#include <link.h>
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

/// Pages that are never written: code, constants, symbols and what the loader relocates by. Those the
/// loader wrote to lie in segments that are writable, whatever they were made later.
static int give_back_segments(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size, (void)context;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int n = 0; n < object->dlpi_phnum; n++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[n];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
        uintptr_t from = (object->dlpi_addr + segment->p_vaddr + page - 1) / page * page;
        uintptr_t to = (object->dlpi_addr + segment->p_vaddr + segment->p_filesz) / page * page;
        if (to > from) madvise((void *)from, to - from, MADV_DONTNEED);
    }
    return 0;
}

/// The calling thread's stack, but for a margin below where it is now.
static void give_back_stack(void) {
    const uintptr_t margin = 64 << 10, deepest = 1 << 20;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    char here;
    uintptr_t to = ((uintptr_t)&here - margin) / page * page;
    pthread_attr_t attributes;
    void *lowest;
    size_t length;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
    int result = pthread_attr_getstack(&attributes, &lowest, &length);
    pthread_attr_destroy(&attributes);
    uintptr_t from = to > deepest ? to - deepest : page;
    if (result == 0 && from < (uintptr_t)lowest) from = (uintptr_t)lowest;
    // Where the stack never reached nothing is mapped: that part answers ENOMEM, and the rest is done.
    if (result == 0 && to > from) madvise((void *)from, to - from, MADV_DONTNEED);
}

void skerry_give_back(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    dl_iterate_phdr(give_back_segments, NULL);
    give_back_stack();
}

int skerry_in_memory(int file) {
    struct statfs system;
    if (fstatfs(file, &system) != 0) return 0;
    return system.f_type == TMPFS_MAGIC || system.f_type == RAMFS_MAGIC;
}
