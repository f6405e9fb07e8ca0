#include "skerry_i2c.h"

#include <sys/ioctl.h>

int skerry_i2c_functions(int file, unsigned long *functions) {
    return ioctl(file, I2C_FUNCS, functions);
}

int skerry_i2c_choose(int file, uint8_t address) {
    return ioctl(file, I2C_SLAVE, (unsigned long)address);
}

int skerry_i2c_set_timeout(int file, unsigned long tens_of_ms) {
    return ioctl(file, I2C_TIMEOUT, tens_of_ms);
}

int skerry_i2c_set_retries(int file, unsigned long retries) {
    return ioctl(file, I2C_RETRIES, retries);
}

int skerry_i2c_transfer(int file, uint8_t address, const uint8_t *out, uint16_t out_count,
                        uint8_t *in, uint16_t in_count) {
    struct i2c_msg messages[2];
    unsigned count = 0;
    if (out_count > 0) {
        // The kernel only reads a write message's buffer; its type has no const.
        messages[count++] = (struct i2c_msg){
            .addr = address, .flags = 0, .len = out_count, .buf = (uint8_t *)out};
    }
    if (in_count > 0) {
        messages[count++] = (struct i2c_msg){
            .addr = address, .flags = I2C_M_RD, .len = in_count, .buf = in};
    }
    struct i2c_rdwr_ioctl_data data = {.msgs = messages, .nmsgs = count};
    return ioctl(file, I2C_RDWR, &data);
}
