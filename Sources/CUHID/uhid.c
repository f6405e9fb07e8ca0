#include "skerry_uhid.h"

#include <errno.h>
#include <linux/uhid.h>
#include <string.h>
#include <unistd.h>

// The kernel extends a short event with zeros, so only what is said is written.
static int say(int fd, const struct uhid_event *event, size_t size) {
    ssize_t n = write(fd, event, size);
    if (n < 0) return -1;
    if ((size_t)n == size) return 0;
    errno = EIO;
    return -1;
}

#define UPTO(member) (offsetof(struct uhid_event, u) + sizeof(((struct uhid_event *)0)->u.member))

static void copy(uint8_t *to, size_t room, const char *from) {
    size_t n = strnlen(from, room - 1);
    memcpy(to, from, n);
}

int skerry_uhid_create(
    int fd, const char *name, const char *phys, const char *unique, uint32_t vendor,
    uint32_t product, uint32_t version, const uint8_t *descriptor, size_t size) {
    struct uhid_event event;
    if (size == 0 || size > sizeof event.u.create2.rd_data) {
        errno = EINVAL;
        return -1;
    }
    memset(&event, 0, sizeof event);
    event.type = UHID_CREATE2;
    copy(event.u.create2.name, sizeof event.u.create2.name, name);
    copy(event.u.create2.phys, sizeof event.u.create2.phys, phys);
    copy(event.u.create2.uniq, sizeof event.u.create2.uniq, unique);
    event.u.create2.bus = BUS_USB;
    event.u.create2.vendor = vendor;
    event.u.create2.product = product;
    event.u.create2.version = version;
    event.u.create2.rd_size = (uint16_t)size;
    memcpy(event.u.create2.rd_data, descriptor, size);
    return say(fd, &event, UPTO(create2));
}

int skerry_uhid_destroy(int fd) {
    struct uhid_event event;
    event.type = UHID_DESTROY;
    return say(fd, &event, sizeof event.type);
}

int skerry_uhid_input(int fd, const uint8_t *report, size_t size) {
    struct uhid_event event;
    if (size > SKERRY_UHID_REPORT) {
        errno = EINVAL;
        return -1;
    }
    event.type = UHID_INPUT2;
    event.u.input2.size = (uint16_t)size;
    memcpy(event.u.input2.data, report, size);
    return say(fd, &event, offsetof(struct uhid_event, u.input2.data) + size);
}

int skerry_uhid_get_reply(int fd, uint32_t id, uint16_t error, const uint8_t *report, size_t size) {
    struct uhid_event event;
    if (size > SKERRY_UHID_REPORT) {
        errno = EINVAL;
        return -1;
    }
    event.type = UHID_GET_REPORT_REPLY;
    event.u.get_report_reply.id = id;
    event.u.get_report_reply.err = error;
    event.u.get_report_reply.size = (uint16_t)size;
    if (size > 0) memcpy(event.u.get_report_reply.data, report, size);
    return say(fd, &event, offsetof(struct uhid_event, u.get_report_reply.data) + size);
}

int skerry_uhid_set_reply(int fd, uint32_t id, uint16_t error) {
    struct uhid_event event;
    event.type = UHID_SET_REPORT_REPLY;
    event.u.set_report_reply.id = id;
    event.u.set_report_reply.err = error;
    return say(fd, &event, UPTO(set_report_reply));
}

static void keep(struct skerry_uhid_event *event, const uint8_t *data, uint16_t size) {
    event->size = size > SKERRY_UHID_REPORT ? SKERRY_UHID_REPORT : size;
    memcpy(event->data, data, event->size);
}

int skerry_uhid_next(int fd, struct skerry_uhid_event *event) {
    struct uhid_event raw;
    ssize_t n = read(fd, &raw, sizeof raw);
    if (n < 0) return -1;
    if (n == 0) return 0;
    memset((uint8_t *)&raw + n, 0, sizeof raw - (size_t)n);
    memset(event, 0, sizeof *event);
    switch (raw.type) {
    case UHID_OUTPUT:
        event->kind = SKERRY_UHID_OUTPUT;
        keep(event, raw.u.output.data, raw.u.output.size);
        break;
    case UHID_GET_REPORT:
        event->kind = SKERRY_UHID_GET_REPORT;
        event->id = raw.u.get_report.id;
        event->report = raw.u.get_report.rnum;
        break;
    case UHID_SET_REPORT:
        event->kind = SKERRY_UHID_SET_REPORT;
        event->id = raw.u.set_report.id;
        event->report = raw.u.set_report.rnum;
        keep(event, raw.u.set_report.data, raw.u.set_report.size);
        break;
    default:
        event->kind = SKERRY_UHID_OTHER;
    }
    return 1;
}
