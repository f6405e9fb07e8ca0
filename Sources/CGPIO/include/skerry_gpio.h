#pragma once
/// GPIO lines by libgpiod 1.6 or 2.x, whichever is installed.
#include <gpiod.h>
