// What ThreadSanitizer has to be told of Swift's Mutex. Its fast paths are compiled into whoever
// locks, and are seen. The slow ones, for a lock that somebody holds, are in libswiftSynchronization,
// which is not instrumented: without this a thread that had to wait would look as if it had not.
// They stand in front of the library's (stdlib/public/Synchronization/Mutex/LinuxImpl.swift), in a
// test program under ThreadSanitizer alone.
#if defined(__linux__) && defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

void __tsan_acquire(void *);
void __tsan_release(void *);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self
#define HANDLE "$s15Synchronization12_MutexHandleV"
#define LOCK HANDLE "9_lockSlowyys6UInt32VF"
#define TRY HANDLE "12_tryLockSlowSbyF"
#define UNLOCK HANDLE "11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT bool try_slow(SELF) __asm__(TRY);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

#define REAL(type, name) ((typeof(type) *)dlsym(RTLD_NEXT, name))

SWIFT void lock_slow(uint32_t thread, SELF) {
    REAL(lock_slow, LOCK)(thread, self);
    __tsan_acquire(self);
}

SWIFT bool try_slow(SELF) {
    bool got = REAL(try_slow, TRY)(self);
    if (got) __tsan_acquire(self);
    return got;
}

SWIFT void unlock_slow(SELF) {
    __tsan_release(self);
    REAL(unlock_slow, UNLOCK)(self);
}
#endif
#endif
