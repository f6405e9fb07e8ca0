#pragma once
/// Allocations this thread has made since it began. Stands in front of glibc's malloc for the whole
/// test program; -1 where there is no glibc.
long long allocations_of_this_thread(void);
