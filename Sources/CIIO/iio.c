#include "skerry_iio.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

#define POINTER(result, name, parameters, arguments) static result(*real_##name) parameters;
#define POINTER_VOID(name, parameters, arguments) static void(*real_##name) parameters;
SKERRY_IIO(POINTER, POINTER_VOID)
SKERRY_IIO_FIRST(POINTER, POINTER_VOID)

/// The library is there and has every function. Once open it stays so, as if it were linked.
static bool is_open;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_library(void) {
    void *library = dlopen("libiio.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    bool all = true;
#define FIND(result, name, parameters, arguments) \
    all = (real_##name = (__typeof__(real_##name))dlsym(library, #name)) != NULL && all;
#define FIND_VOID(name, parameters, arguments) FIND(void, name, , )
    SKERRY_IIO(FIND, FIND_VOID)
    SKERRY_IIO_FIRST(FIND, FIND_VOID)
    is_open = all;
}

static bool has_library(void) {
    pthread_once(&once, open_library);
    return is_open;
}

/// As if nobody answered: the reason is a library that is not there.
static struct iio_context *no_context(void) {
    errno = ELIBACC;
    return NULL;
}

struct iio_context *iio_create_context_from_uri(const char *uri) {
    return has_library() ? real_iio_create_context_from_uri(uri) : no_context();
}

struct iio_context *iio_create_xml_context_mem(const char *xml, size_t len) {
    return has_library() ? real_iio_create_xml_context_mem(xml, len) : no_context();
}

bool iio_has_backend(const char *backend) { return has_library() && real_iio_has_backend(backend); }

void iio_library_get_version(unsigned int *major, unsigned int *minor, char git_tag[8]) {
    if (has_library()) {
        real_iio_library_get_version(major, minor, git_tag);
    } else {
        *major = *minor = 0;
        git_tag[0] = 0;
    }
}

// All else is asked of a context or of what is in it, so the library is open.
#define DOOR(result, name, parameters, arguments) \
    result name parameters { return real_##name arguments; }
#define DOOR_VOID(name, parameters, arguments) \
    void name parameters { real_##name arguments; }
SKERRY_IIO(DOOR, DOOR_VOID)
