#include "allocations.h"
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#ifndef __has_feature
#define __has_feature(_) 0
#endif

// A sanitizer brings an allocator of its own, which must see every call.
#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

// The names under which glibc exports its own allocator (malloc/malloc.c).
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static _Thread_local long long count;
long long allocations_of_this_thread(void) { return count; }

void *malloc(size_t size) {
    count++;
    return __libc_malloc(size);
}
void *calloc(size_t n, size_t size) {
    count++;
    return __libc_calloc(n, size);
}
void *realloc(void *p, size_t size) {
    count++;
    return __libc_realloc(p, size);
}
void *memalign(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
    count++;
    return __libc_memalign(alignment, size);
}
int posix_memalign(void **p, size_t alignment, size_t size) {
    count++;
    void *got = __libc_memalign(alignment, size);
    if (!got) return ENOMEM;
    *p = got;
    return 0;
}

#else
long long allocations_of_this_thread(void) { return -1; }
#endif
