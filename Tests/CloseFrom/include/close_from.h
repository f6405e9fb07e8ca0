#pragma once
#include <spawn.h>
/// `posix_spawn_file_actions_addclosefrom_np`, which Swift does not see: glibc declares it for GNU sources alone.
int close_from(posix_spawn_file_actions_t *actions, int first);
