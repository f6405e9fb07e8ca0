#include "skerry_i2c.h"
