// ask SOCKET WORD...: sends the words as one line to a Unix stream socket and prints the one line
// that comes back. Exit status 1 when nobody answers within two seconds.
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count < 3) return fprintf(stderr, "ask SOCKET WORD...\n"), 2;
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    if (strlen(words[1]) >= sizeof name.sun_path) return fprintf(stderr, "ask: long path\n"), 2;
    strcpy(name.sun_path, words[1]);
    int door = socket(AF_UNIX, SOCK_STREAM, 0);
    struct timeval patience = {.tv_sec = 2};
    setsockopt(door, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(door, (struct sockaddr *)&name, sizeof name)) return perror(words[1]), 1;

    char line[4096];
    size_t size = 0;
    for (int word = 2; word < count; word++)
        size += snprintf(line + size, size < sizeof line ? sizeof line - size : 0, "%s%c",
                         words[word], word + 1 < count ? ' ' : '\n');
    if (size >= sizeof line) return fprintf(stderr, "ask: a line that long\n"), 2;
    if (write(door, line, size) != (ssize_t)size) return perror("ask: write"), 1;
    for (;;) {
        ssize_t got = read(door, line, sizeof line);
        if (got < 0) return perror("ask: no answer"), 1;
        if (got == 0) return fprintf(stderr, "ask: closed without an answer\n"), 1;
        char *end = memchr(line, '\n', got);
        fwrite(line, 1, end ? (size_t)(end - line + 1) : (size_t)got, stdout);
        if (end) return 0;
    }
}
