#pragma once
/// Industrial I/O by libiio 0.x, which is opened when the first context is, and not before: it brings
/// an XML parser, D-Bus and more along, 2 MB, which a board without converters does without.
///
/// Every function below is libiio's own under its own name; what is linked is a door of ours to it.
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct iio_buffer;
struct iio_channel;
struct iio_context;
struct iio_data_format;
struct iio_device;
enum iio_chan_type;

/// What we use of it: RESULT, NAME, PARAMETERS, ARGUMENTS. `VOID` where nothing is returned.
#define SKERRY_IIO(CALL, VOID) \
    VOID(iio_buffer_cancel, (struct iio_buffer *buf), (buf)) \
    VOID(iio_buffer_destroy, (struct iio_buffer *buf), (buf)) \
    CALL(ssize_t, iio_buffer_refill, (struct iio_buffer *buf), (buf)) \
    CALL(void *, iio_buffer_start, (const struct iio_buffer *buf), (buf)) \
    CALL(ptrdiff_t, iio_buffer_step, (const struct iio_buffer *buf), (buf)) \
    CALL(ssize_t, iio_channel_attr_read, \
         (const struct iio_channel *chn, const char *attr, char *dst, size_t len), (chn, attr, dst, len)) \
    CALL(ssize_t, iio_channel_attr_write, \
         (const struct iio_channel *chn, const char *attr, const char *src), (chn, attr, src)) \
    VOID(iio_channel_convert, \
         (const struct iio_channel *chn, void *dst, const void *src), (chn, dst, src)) \
    VOID(iio_channel_disable, (struct iio_channel *chn), (chn)) \
    VOID(iio_channel_enable, (struct iio_channel *chn), (chn)) \
    CALL(const char *, iio_channel_find_attr, \
         (const struct iio_channel *chn, const char *name), (chn, name)) \
    CALL(const char *, iio_channel_get_attr, \
         (const struct iio_channel *chn, unsigned int index), (chn, index)) \
    CALL(unsigned int, iio_channel_get_attrs_count, (const struct iio_channel *chn), (chn)) \
    CALL(const struct iio_data_format *, iio_channel_get_data_format, \
         (const struct iio_channel *chn), (chn)) \
    CALL(const char *, iio_channel_get_id, (const struct iio_channel *chn), (chn)) \
    CALL(long, iio_channel_get_index, (const struct iio_channel *chn), (chn)) \
    CALL(const char *, iio_channel_get_name, (const struct iio_channel *chn), (chn)) \
    CALL(enum iio_chan_type, iio_channel_get_type, (const struct iio_channel *chn), (chn)) \
    CALL(bool, iio_channel_is_output, (const struct iio_channel *chn), (chn)) \
    CALL(bool, iio_channel_is_scan_element, (const struct iio_channel *chn), (chn)) \
    VOID(iio_context_destroy, (struct iio_context *ctx), (ctx)) \
    CALL(struct iio_device *, iio_context_find_device, \
         (const struct iio_context *ctx, const char *name), (ctx, name)) \
    CALL(struct iio_device *, iio_context_get_device, \
         (const struct iio_context *ctx, unsigned int index), (ctx, index)) \
    CALL(unsigned int, iio_context_get_devices_count, (const struct iio_context *ctx), (ctx)) \
    CALL(int, iio_context_set_timeout, \
         (struct iio_context *ctx, unsigned int timeout_ms), (ctx, timeout_ms)) \
    CALL(ssize_t, iio_device_attr_read, \
         (const struct iio_device *dev, const char *attr, char *dst, size_t len), (dev, attr, dst, len)) \
    CALL(ssize_t, iio_device_attr_write, \
         (const struct iio_device *dev, const char *attr, const char *src), (dev, attr, src)) \
    CALL(struct iio_buffer *, iio_device_create_buffer, \
         (const struct iio_device *dev, size_t samples_count, bool cyclic), (dev, samples_count, cyclic)) \
    CALL(const char *, iio_device_find_attr, \
         (const struct iio_device *dev, const char *name), (dev, name)) \
    CALL(struct iio_channel *, iio_device_find_channel, \
         (const struct iio_device *dev, const char *name, bool output), (dev, name, output)) \
    CALL(const char *, iio_device_get_attr, \
         (const struct iio_device *dev, unsigned int index), (dev, index)) \
    CALL(unsigned int, iio_device_get_attrs_count, (const struct iio_device *dev), (dev)) \
    CALL(struct iio_channel *, iio_device_get_channel, \
         (const struct iio_device *dev, unsigned int index), (dev, index)) \
    CALL(unsigned int, iio_device_get_channels_count, (const struct iio_device *dev), (dev)) \
    CALL(const char *, iio_device_get_id, (const struct iio_device *dev), (dev)) \
    CALL(const char *, iio_device_get_label, (const struct iio_device *dev), (dev)) \
    CALL(const char *, iio_device_get_name, (const struct iio_device *dev), (dev)) \
    CALL(ssize_t, iio_device_get_sample_size, (const struct iio_device *dev), (dev)) \
    CALL(int, iio_device_get_trigger, \
         (const struct iio_device *dev, const struct iio_device **trigger), (dev, trigger)) \
    CALL(bool, iio_device_is_trigger, (const struct iio_device *dev), (dev)) \
    CALL(int, iio_device_set_kernel_buffers_count, \
         (const struct iio_device *dev, unsigned int nb_buffers), (dev, nb_buffers)) \
    CALL(int, iio_device_set_trigger, \
         (const struct iio_device *dev, const struct iio_device *trigger), (dev, trigger))
/// Those that are called before there is a context, and open the library.
#define SKERRY_IIO_FIRST(CALL, VOID) \
    CALL(struct iio_context *, iio_create_context_from_uri, (const char *uri), (uri)) \
    CALL(struct iio_context *, iio_create_xml_context_mem, (const char *xml, size_t len), \
         (xml, len)) \
    CALL(bool, iio_has_backend, (const char *backend), (backend)) \
    VOID(iio_library_get_version, (unsigned int *major, unsigned int *minor, char git_tag[8]), \
         (major, minor, git_tag))

// Before libiio's own header, some of whose inline functions call them.
#define SKERRY_IIO_OURS(result, name, parameters, arguments) \
    result name parameters __asm__("skerry_" #name);
#define SKERRY_IIO_OURS_VOID(name, parameters, arguments) \
    void name parameters __asm__("skerry_" #name);
SKERRY_IIO(SKERRY_IIO_OURS, SKERRY_IIO_OURS_VOID)
SKERRY_IIO_FIRST(SKERRY_IIO_OURS, SKERRY_IIO_OURS_VOID)

#include <iio.h>
