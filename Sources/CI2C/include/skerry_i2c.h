#pragma once
/// I²C adapters by the kernel's character devices and libi2c.
#include <i2c/smbus.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
