#pragma once
/// I²C adapters by the kernel's character devices (i2c-dev) and libi2c.
///
/// The ioctls are variadic, which Swift cannot call; each has a function here that returns what the
/// ioctl returned: −1 and errno where it failed.
#include <i2c/smbus.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdint.h>

/// I2C_FUNCS: what the adapter can do, a set of I2C_FUNC_ bits.
int skerry_i2c_functions(int file, unsigned long *functions);
/// I2C_SLAVE: the address the SMBus calls talk to. EBUSY where a kernel driver holds it.
int skerry_i2c_choose(int file, uint8_t address);
/// I2C_TIMEOUT: how long the adapter waits, in units of 10 ms.
int skerry_i2c_set_timeout(int file, unsigned long tens_of_ms);
/// I2C_RETRIES: how often the adapter tries again after a lost arbitration.
int skerry_i2c_set_retries(int file, unsigned long retries);
/// I2C_RDWR: a write of `out_count` bytes (none: no write), then after a repeated start a read of
/// `in_count` bytes (none: no read). At most 8192 bytes each.
int skerry_i2c_transfer(int file, uint8_t address, const uint8_t *out, uint16_t out_count,
                        uint8_t *in, uint16_t in_count);
