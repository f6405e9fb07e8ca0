#pragma once
/// The kernel's door for HID devices that live in a program: /dev/uhid, with the large packed events
/// of <linux/uhid.h> turned into small ones. Each call returns 0 or more, or −1 with errno.
#include <stddef.h>
#include <stdint.h>

/// Longest report that passes, its id included.
enum { SKERRY_UHID_REPORT = 64 };

enum skerry_uhid_kind {
    /// START, STOP, OPEN, CLOSE and whatever later kernels say: nothing to answer.
    SKERRY_UHID_OTHER,
    SKERRY_UHID_OUTPUT,
    SKERRY_UHID_GET_REPORT,
    SKERRY_UHID_SET_REPORT,
};

struct skerry_uhid_event {
    enum skerry_uhid_kind kind;
    /// Of the request; goes back with the reply.
    uint32_t id;
    uint8_t report;
    /// Of `data`; a longer report is cut.
    uint16_t size;
    uint8_t data[SKERRY_UHID_REPORT];
};

/// UHID_CREATE2 on bus USB.
int skerry_uhid_create(
    int fd, const char *name, const char *phys, const char *unique, uint32_t vendor,
    uint32_t product, uint32_t version, const uint8_t *descriptor, size_t size);
int skerry_uhid_destroy(int fd);
/// UHID_INPUT2.
int skerry_uhid_input(int fd, const uint8_t *report, size_t size);
/// UHID_GET_REPORT_REPLY; `error` is an errno, 0 for none.
int skerry_uhid_get_reply(int fd, uint32_t id, uint16_t error, const uint8_t *report, size_t size);
/// UHID_SET_REPORT_REPLY.
int skerry_uhid_set_reply(int fd, uint32_t id, uint16_t error);
/// The next event; 1, or 0 where the other side has gone.
int skerry_uhid_next(int fd, struct skerry_uhid_event *event);
