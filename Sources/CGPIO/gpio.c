#include "skerry_gpio.h"
