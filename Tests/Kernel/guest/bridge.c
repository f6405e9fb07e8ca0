// bridge: the smallest CP2112 USB-to-SMBus bridge (Silicon Labs AN495) on /dev/uhid. It proves the
// harness without the product: boot, modules, driver binding, transactions, unplug. What the
// controller is tried against is `skerry bench`.
//
//   bridge [NAME] &   until killed, which unplugs it
//
// Behind it, fixed figures that the smoke cases know:
//   0x40, 0x41  INA226: bus 24.000 V and 48.000 V (1.25 mV a bit), shunt 2.5 mV (2.5 uV a bit)
//   0x48        ADS1015: channel n reads 100 * (n + 1) in its twelve bits, whatever the gain
//   0x60        MCP4725: keeps what is written
//   lines       4 ... 7 read back what lines 0 ... 3 are driven to; undriven lines are high
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <linux/uhid.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Report numbers of AN495.
enum {
    gpio_config = 0x02, gpio_get = 0x03, gpio_set = 0x04, version = 0x05, smbus_config = 0x06,
    read_request = 0x10, write_read_request = 0x11, read_force_send = 0x12, read_response = 0x13,
    write_request = 0x14, status_request = 0x15, status_response = 0x16, cancel = 0x17,
    lock_byte = 0x20, usb_config = 0x21, manufacturer = 0x22, product = 0x23, serial_number = 0x24,
};

static int door;
static uint8_t directions, latches;         // a bit a line; 1 drives
static uint8_t answer[512];                 // of the last transfer
static int answer_size, answer_sent, refused;

static uint8_t pointer[128];                // each chip's register pointer
static uint16_t ina_config[2] = {0x4127, 0x4127}, ina_calibration[2];
static uint16_t ads_config = 0x8583;
static uint8_t dac[2];

static void post(const struct uhid_event *event) {
    if (write(door, event, sizeof *event) < 0) perror("bridge: write");
}

// Interrupt reports are always 64 bytes.
static void input(const uint8_t report[64]) {
    struct uhid_event event = {.type = UHID_INPUT2};
    event.u.input2.size = 64;
    memcpy(event.u.input2.data, report, 64);
    post(&event);
}

static int present(int address) {
    return address == 0x40 || address == 0x41 || address == 0x48 || address == 0x60;
}

static uint16_t ina(int chip, int reg) {
    switch (reg) {
    case 0x00: return ina_config[chip];
    case 0x01: return 1000;                     // 1000 * 2.5 uV
    case 0x02: return chip == 0 ? 19200 : 38400; // * 1.25 mV
    case 0x05: return ina_calibration[chip];
    case 0x04: return 1000 * ina_calibration[chip] / 2048;
    case 0x06: return 0x0008;                   // conversion ready
    case 0xfe: return 0x5449;                   // TI
    case 0xff: return 0x2260;                   // die
    default: return 0;
    }
}

static uint16_t ads(int reg) {
    int mux = ads_config >> 12 & 7;
    if (reg == 1) return ads_config | 0x8000;   // no conversion running
    return reg == 0 ? (100 * ((mux & 3) + 1)) << 4 : 0;
}

static void chip_write(int address, const uint8_t *bytes, int count) {
    if (address == 0x60) {
        // Fast mode: four bits of power-down and twelve of value; else a command byte comes first.
        if (count == 2) dac[0] = bytes[0] << 4 | bytes[1] >> 4, dac[1] = bytes[1] << 4;
        if (count >= 3) dac[0] = bytes[1], dac[1] = bytes[2];
        return;
    }
    if (count < 1) return;
    pointer[address] = bytes[0];
    if (count < 3) return;
    uint16_t value = bytes[1] << 8 | bytes[2];
    if (address == 0x48 && bytes[0] == 1) ads_config = value;
    if (address <= 0x41 && bytes[0] == 0) ina_config[address - 0x40] = value;
    if (address <= 0x41 && bytes[0] == 5) ina_calibration[address - 0x40] = value;
}

static void chip_read(int address, int count) {
    memset(answer, 0, sizeof answer);
    answer_size = count, answer_sent = 0;
    if (address == 0x60) {
        answer[0] = 0xc0, answer[1] = dac[0], answer[2] = dac[1];   // ready, then the value
        return;
    }
    uint16_t value = address == 0x48 ? ads(pointer[address])
                                     : ina(address - 0x40, pointer[address]);
    answer[0] = value >> 8, answer[1] = value;
}

static void output(const uint8_t *report) {
    int address = report[1] >> 1, count = report[2] << 8 | report[3];
    switch (report[0]) {
    case read_request:
        if (!(refused = !present(address))) chip_read(address, count);
        break;
    case write_read_request:
        if ((refused = !present(address))) break;
        chip_write(address, report + 5, report[4]);
        chip_read(address, count);
        break;
    case write_request:
        answer_size = 0;
        if (!(refused = !present(address))) chip_write(address, report + 3, report[2]);
        break;
    case status_request: {
        // Complete and succeeded, or failed for want of an acknowledged address.
        uint8_t status[64] = {status_response, refused ? 3 : 2, refused ? 0 : 5, 0, 0,
                              answer_size >> 8, answer_size};
        input(status);
        break;
    }
    case read_force_send: {
        uint8_t data[64] = {read_response, 2};
        int left = answer_size - answer_sent;
        data[2] = left > 61 ? 61 : left;
        memcpy(data + 3, answer + answer_sent, data[2]);
        answer_sent += data[2];
        input(data);
        break;
    }
    case cancel: break;
    }
}

static uint8_t levels(void) {
    uint8_t driven = latches | ~directions;     // open lines are pulled up
    return (driven & directions) | (((driven & 0x0f) << 4 | 0x0f) & ~directions);
}

static int feature(uint8_t number, uint8_t *report) {
    static const uint8_t smbus[14] = {smbus_config, 0, 1, 0x86, 0xa0, 2};   // 100 kHz
    static const uint8_t usb[10] = {usb_config, 0xc4, 0x10, 0x90, 0xea, 50, 0, 1};
    report[0] = number;
    switch (number) {
    case gpio_config: report[1] = directions; return 5;
    case gpio_get: report[1] = levels(); return 2;
    case version: report[1] = 0x0c, report[2] = 3; return 3;
    case smbus_config: memcpy(report, smbus, sizeof smbus); return sizeof smbus;
    case usb_config: memcpy(report, usb, sizeof usb); return sizeof usb;
    case lock_byte: return 2;
    default: report[1] = 2, report[2] = 3; return 62;   // an empty string
    }
}

static void set_feature(const uint8_t *report) {
    if (report[0] == gpio_config) directions = report[1];
    if (report[0] == gpio_set) latches = (latches & ~report[2]) | (report[1] & report[2]);
}

static void plug_in(const char *name) {
    struct uhid_event event = {.type = UHID_CREATE2};
    struct uhid_create2_req *device = &event.u.create2;
    // Vendor page, one collection; reports of 63 bytes under their numbers.
    static const uint8_t head[] = {0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0x75, 0x08,
                                   0x15, 0x00, 0x26, 0xff, 0x00};
    static const uint8_t inputs[] = {read_response, status_response};
    static const uint8_t outputs[] = {read_request, write_read_request, read_force_send,
                                      write_request, status_request, cancel};
    static const uint8_t features[] = {gpio_config, gpio_get, gpio_set, version, smbus_config,
                                       lock_byte, usb_config, manufacturer, product,
                                       serial_number};
    static const struct { const uint8_t *numbers; int count; uint8_t item; } kinds[] = {
        {inputs, sizeof inputs, 0x81}, {outputs, sizeof outputs, 0x91},
        {features, sizeof features, 0xb1}};
    uint8_t *end = device->rd_data;
    memcpy(end, head, sizeof head), end += sizeof head;
    for (int k = 0; k < 3; k++)
        for (int n = 0; n < kinds[k].count; n++) {
            uint8_t item[] = {0x85, kinds[k].numbers[n], 0x95, 63, 0x09, 0x01, kinds[k].item, 2};
            memcpy(end, item, sizeof item), end += sizeof item;
        }
    *end++ = 0xc0;
    device->rd_size = end - device->rd_data;
    device->bus = BUS_USB;
    device->vendor = 0x10c4;
    device->product = 0xea90;
    snprintf((char *)device->name, sizeof device->name, "%s", name);
    post(&event);
}

int main(int count, char **words) {
    door = open("/dev/uhid", O_RDWR);
    if (door < 0) return perror("bridge: /dev/uhid"), 1;
    plug_in(count > 1 ? words[1] : "smallest bridge");
    for (;;) {
        struct uhid_event event, reply = {0};
        if (read(door, &event, sizeof event) < 0) {
            if (errno == EINTR) continue;
            return perror("bridge: read"), 1;
        }
        switch (event.type) {
        case UHID_OUTPUT: output(event.u.output.data); break;
        case UHID_GET_REPORT:
            reply.type = UHID_GET_REPORT_REPLY;
            reply.u.get_report_reply.id = event.u.get_report.id;
            reply.u.get_report_reply.size =
                feature(event.u.get_report.rnum, reply.u.get_report_reply.data);
            post(&reply);
            break;
        case UHID_SET_REPORT:
            set_feature(event.u.set_report.data);
            reply.type = UHID_SET_REPORT_REPLY;
            reply.u.set_report_reply.id = event.u.set_report.id;
            post(&reply);
            break;
        }
    }
}
