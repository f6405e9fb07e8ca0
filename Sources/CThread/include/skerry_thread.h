#pragma once
/// What POSIX threads offer beyond what Swift can see of them.
#include <stddef.h>

/// Starts a detached thread with a stack of `stack` bytes, rounded up to whole pages, and never less
/// than the system's least. It hears no signal: those are for who waits for them. `ordinary`: its
/// scheduling is the ordinary one though its maker's is real-time. Returns 0, or the error of
/// `pthread_create`.
int skerry_thread_start(size_t stack, int ordinary, void (*body)(void *), void *context);

/// Names the calling thread, for people who look at it from outside; the first 15 bytes count.
void skerry_thread_name(const char *name);

/// Writes to each page of the next `size` bytes of the calling thread's stack, so that the kernel
/// provides them now. More than the stack has left is a crash.
void skerry_stack_touch(size_t size);

/// Gives the kernel back what only a start needed: free memory of the heap, the calling thread's stack
/// where it is free, and pages of the program's and its libraries' code and constants, which come again
/// from the page cache where they are used again.
void skerry_give_back(void);

/// The file lies in memory (tmpfs or ramfs): writing to it never waits for a disk.
int skerry_in_memory(int file);
