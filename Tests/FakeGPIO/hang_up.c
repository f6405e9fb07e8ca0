// A peer that hangs up must not end the test program: libiio and others write to sockets without
// MSG_NOSIGNAL. Programs of ours that run for long ignore the signal too.
#include <signal.h>

__attribute__((constructor)) static void ignore_hang_ups(void) { signal(SIGPIPE, SIG_IGN); }
