/* SPDX-License-Identifier: Apache-2.0
 *
 * Preloaded into a JVM (LD_PRELOAD), stands between it and the C library for all files below one
 * directory: records what is written and synchronised, makes the n-th call fail, or kills the
 * process there.
 *
 *   FAULTS_DIR    the directory, absolute, without links
 *   FAULTS_TRACE  file to append records to; unset: nothing is recorded
 *   FAULTS_RULE   call[@suffix]:n[-m]:action   or empty
 *                 call    write, fsync, truncate, read; suffix: only files that end so
 *                 n-m     which calls, from 1; "n-" is n and all after it
 *                 action  EIO, ENOSPC, EDQUOT, EROFS, short (half is written, and said so),
 *                         kill-before, kill-after
 *
 * faults_rule() sets another rule in the running process and counts from 0 again, faults_count()
 * tells how many calls matched. Files whose names begin with "ack" are recorded, never failed.
 *
 * A record: type W, T(runcate), S(ync), U(nlink) or R(ename) (1 byte), length of the path (2), offset or
 * new length (8), length of the data (4), all little-endian; the path below the directory (empty: the
 * directory itself); the data (R: the new path). One mutex is held from the system call to its record, so
 * records are in the order of the calls.
 *
 * Not seen: writes through mmap, fallocate, O_SYNC.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LONGEST = 4096 };
enum action { NONE, FAIL, SHORT, KILL_BEFORE, KILL_AFTER };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static char directory[LONGEST];
static size_t directory_length;
static int trace = -1;

static char rule_call[96];
static char rule_suffix[64];
static long rule_from, rule_to, counted;
static enum action rule_action;
static int rule_errno;

static void die(const char *what) {
    dprintf(2, "faults: %s\n", what);
    _exit(99);
}

static void parse(const char *rule) {
    char range[64], action[32];
    rule_action = NONE;
    rule_call[0] = rule_suffix[0] = 0;
    counted = 0;
    if (rule == NULL || *rule == 0) return;
    if (sscanf(rule, "%95[^:]:%63[^:]:%31s", rule_call, range, action) != 3) die("bad FAULTS_RULE");
    char *at = strchr(rule_call, '@');
    if (at != NULL) {
        strcpy(rule_suffix, at + 1);
        *at = 0;
    }
    char *dash = strchr(range, '-');
    rule_from = atol(range);
    rule_to = dash == NULL ? rule_from : dash[1] == 0 ? INT64_MAX : atol(dash + 1);
    if (!strcmp(action, "short")) rule_action = SHORT;
    else if (!strcmp(action, "kill-before")) rule_action = KILL_BEFORE;
    else if (!strcmp(action, "kill-after")) rule_action = KILL_AFTER;
    else {
        rule_action = FAIL;
        if (!strcmp(action, "EIO")) rule_errno = EIO;
        else if (!strcmp(action, "ENOSPC")) rule_errno = ENOSPC;
        else if (!strcmp(action, "EDQUOT")) rule_errno = EDQUOT;
        else if (!strcmp(action, "EROFS")) rule_errno = EROFS;
        else die("unknown action");
    }
}

static void begin(void) {
    const char *dir = getenv("FAULTS_DIR");
    const char *file = getenv("FAULTS_TRACE");
    if (dir == NULL) return;
    strncpy(directory, dir, LONGEST - 1);
    directory_length = strlen(directory);
    parse(getenv("FAULTS_RULE"));
    if (file != NULL) {
        trace = syscall(SYS_openat, AT_FDCWD, file, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
        if (trace < 0) die("cannot open the trace");
    }
}

/* What comes after the directory in a path; NULL: it is not below it. */
static const char *below(const char *path) {
    pthread_once(&once, begin);
    if (directory_length == 0 || strncmp(path, directory, directory_length)) return NULL;
    if (path[directory_length] == 0) return path + directory_length;
    return path[directory_length] == '/' ? path + directory_length + 1 : NULL;
}

static const char *file_of(int fd, char *buffer) {
    char link[32];
    pthread_once(&once, begin);
    if (directory_length == 0 || fd == trace) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, buffer, LONGEST - 1);
    if (n <= 0) return NULL;
    buffer[n] = 0;
    return below(buffer);
}

static int ends(const char *text, const char *suffix) {
    size_t a = strlen(text), b = strlen(suffix);
    return a >= b && !strcmp(text + a - b, suffix);
}

/* Counts a call and says what is to happen to it. Called with the mutex held. */
static enum action judge(const char *call, const char *path) {
    if (rule_action == NONE || strcmp(call, rule_call) || !strncmp(path, "ack", 3)) return NONE;
    if (!ends(path, rule_suffix)) return NONE;
    counted++;
    if (counted < rule_from || counted > rule_to) return NONE;
    if (rule_action == KILL_BEFORE) kill(getpid(), SIGKILL);
    return rule_action;
}

static void after(enum action action) {
    if (action == KILL_AFTER) kill(getpid(), SIGKILL);
}

static void record(char type, const char *path, int64_t offset, const void *data, uint32_t length) {
    unsigned char head[15];
    uint16_t path_length = strlen(path);
    if (trace < 0) return;
    head[0] = type;
    memcpy(head + 1, &path_length, 2);
    memcpy(head + 3, &offset, 8);
    memcpy(head + 11, &length, 4);
    struct iovec parts[3] = {{head, 15}, {(void *)path, path_length}, {(void *)data, length}};
    if (syscall(SYS_writev, trace, parts, 3) != (long)(15 + path_length + length)) die("cannot write the trace");
}

int faults_rule(const char *rule) {
    pthread_once(&once, begin);
    pthread_mutex_lock(&order);
    parse(rule);
    pthread_mutex_unlock(&order);
    return 0;
}

long faults_count(void) {
    pthread_mutex_lock(&order);
    long n = counted;
    pthread_mutex_unlock(&order);
    return n;
}

static ssize_t write_at(int fd, const char *path, const void *data, size_t n, off_t at, int positioned) {
    pthread_mutex_lock(&order);
    enum action action = judge("write", path);
    ssize_t r;
    if (action == FAIL) {
        errno = rule_errno;
        r = -1;
    } else {
        if (action == SHORT && n > 1) n /= 2;
        off_t before = positioned ? at : lseek(fd, 0, SEEK_CUR);
        r = positioned ? syscall(SYS_pwrite64, fd, data, n, at) : syscall(SYS_write, fd, data, n);
        if (r > 0) {
            int appends = !positioned && (fcntl(fd, F_GETFL) & O_APPEND);
            record('W', path, appends ? lseek(fd, 0, SEEK_CUR) - r : before, data, r);
        }
        after(action);
    }
    pthread_mutex_unlock(&order);
    return r;
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) {
    char b[LONGEST];
    const char *path = file_of(fd, b);
    return path == NULL ? syscall(SYS_pwrite64, fd, data, n, at) : write_at(fd, path, data, n, at, 1);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at) { return pwrite64(fd, data, n, at); }

ssize_t write(int fd, const void *data, size_t n) {
    char b[LONGEST];
    const char *path = file_of(fd, b);
    return path == NULL ? syscall(SYS_write, fd, data, n) : write_at(fd, path, data, n, 0, 0);
}

static ssize_t vector(int fd, const struct iovec *parts, int count, off_t at, int positioned) {
    char b[LONGEST];
    const char *path = file_of(fd, b);
    if (path == NULL) {
        return positioned ? syscall(SYS_pwritev, fd, parts, count, at, 0) : syscall(SYS_writev, fd, parts, count);
    }
    ssize_t sum = 0;
    for (int i = 0; i < count; i++) {
        ssize_t r = write_at(fd, path, parts[i].iov_base, parts[i].iov_len, at + sum, positioned);
        if (r < 0) return sum > 0 ? sum : r;
        sum += r;
        if ((size_t)r < parts[i].iov_len) break;
    }
    return sum;
}

ssize_t pwritev64(int fd, const struct iovec *v, int n, off64_t at) { return vector(fd, v, n, at, 1); }
ssize_t pwritev(int fd, const struct iovec *v, int n, off_t at) { return vector(fd, v, n, at, 1); }
ssize_t writev(int fd, const struct iovec *v, int n) { return vector(fd, v, n, 0, 0); }

static ssize_t read_from(int fd, void *data, size_t n, off_t at, int positioned) {
    char b[LONGEST];
    const char *path = rule_action == NONE ? NULL : file_of(fd, b);
    if (path != NULL) {
        pthread_mutex_lock(&order);
        enum action action = judge("read", path);
        pthread_mutex_unlock(&order);
        if (action == FAIL) {
            errno = rule_errno;
            return -1;
        }
        if (action == SHORT) n /= 2;
    }
    return positioned ? syscall(SYS_pread64, fd, data, n, at) : syscall(SYS_read, fd, data, n);
}

ssize_t pread64(int fd, void *data, size_t n, off64_t at) { return read_from(fd, data, n, at, 1); }
ssize_t pread(int fd, void *data, size_t n, off_t at) { return read_from(fd, data, n, at, 1); }
ssize_t read(int fd, void *data, size_t n) { return read_from(fd, data, n, 0, 0); }

static int on_file(int fd, long call, const char *name, char type, off_t length) {
    char b[LONGEST];
    const char *path = file_of(fd, b);
    if (path == NULL) return syscall(call, fd, length);
    pthread_mutex_lock(&order);
    enum action action = judge(name, path);
    int r;
    if (action == FAIL) {
        errno = rule_errno;
        r = -1;
    } else {
        r = syscall(call, fd, length);
        if (r == 0) record(type, path, length, NULL, 0);
        after(action);
    }
    pthread_mutex_unlock(&order);
    return r;
}

int ftruncate64(int fd, off64_t length) { return on_file(fd, SYS_ftruncate, "truncate", 'T', length); }
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }
int fsync(int fd) { return on_file(fd, SYS_fsync, "fsync", 'S', 0); }
int fdatasync(int fd) { return on_file(fd, SYS_fdatasync, "fsync", 'S', 0); }

int unlink(const char *name) {
    const char *path = below(name);
    pthread_mutex_lock(&order);
    int r = syscall(SYS_unlinkat, AT_FDCWD, name, 0);
    if (r == 0 && path != NULL) record('U', path, 0, NULL, 0);
    pthread_mutex_unlock(&order);
    return r;
}

int rename(const char *from, const char *to) {
    const char *a = below(from), *b = below(to);
    pthread_mutex_lock(&order);
    int r = syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
    if (r == 0 && a != NULL && b != NULL) record('R', a, 0, b, strlen(b));
    pthread_mutex_unlock(&order);
    return r;
}

static int open_file(int folder, const char *name, int flags, mode_t mode) {
    const char *path = (flags & O_TRUNC) ? below(name) : NULL;
    if (path == NULL) return syscall(SYS_openat, folder, name, flags, mode);
    pthread_mutex_lock(&order);
    int fd = syscall(SYS_openat, folder, name, flags, mode);
    if (fd >= 0) record('T', path, 0, NULL, 0);
    pthread_mutex_unlock(&order);
    return fd;
}

#define OPEN(folder)                                         \
    mode_t mode = 0;                                         \
    if (flags & (O_CREAT | O_TMPFILE)) {                     \
        va_list rest;                                        \
        va_start(rest, flags);                               \
        mode = va_arg(rest, mode_t);                         \
        va_end(rest);                                        \
    }                                                        \
    return open_file(folder, name, flags, mode);

int open(const char *name, int flags, ...) { OPEN(AT_FDCWD) }
int open64(const char *name, int flags, ...) { OPEN(AT_FDCWD) }
int openat(int folder, const char *name, int flags, ...) { OPEN(folder) }
int openat64(int folder, const char *name, int flags, ...) { OPEN(folder) }
