#pragma once
/// Allocations this thread has made since it began. Stands in front of glibc's malloc for the whole
/// test program; -1 under a sanitizer or without glibc.
long long allocations_of_this_thread(void);
