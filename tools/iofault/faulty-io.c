/*
 * A library to be loaded before libc (LD_PRELOAD): one of the calls that touch a directory fails.
 *
 * The environment says which; it is read at every call, so a program can arm it again and again by
 * changing FAULT_RUN.
 *
 *   FAULT_DIRECTORY  calls on it, and on what is in it, are counted from 1
 *   FAULT_AT         the call that fails
 *   FAULT_KIND       eio     it fails with EIO
 *                    eios    it fails with EIO, and so does every later one; locks are left alone
 *                    enospc  it fails with ENOSPC; only calls that take space are counted
 *                    short   half of it is written; only writes are counted
 *                    torn    half of it is written, and the process dies; only writes are counted
 *                    kill    the process dies before it
 *   FAULT_RUN        another value starts the counting anew
 *
 * Each fault is told on stdout, as "fault <call> <file>".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum ability { PLAIN = 0, TAKES_SPACE = 1, WRITES = 3, LOCKS = 4 };
enum outcome { AS_ALWAYS, FAIL, HALF, HALF_AND_DIE };

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static long calls;
static char run[64];

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static int is_counted(const char *path, const char *kind, enum ability ability) {
  const char *directory = setting("FAULT_DIRECTORY");
  size_t length = strlen(directory);
  if (length == 0 || strncmp(path, directory, length) != 0) return 0;
  if (path[length] != '\0' && path[length] != '/') return 0;
  if (strcmp(kind, "enospc") == 0) return ability & TAKES_SPACE;
  if (strcmp(kind, "short") == 0 || strcmp(kind, "torn") == 0) return ability == WRITES;
  if (strcmp(kind, "eios") == 0) return ability != LOCKS;
  return 1;
}

static void tell(const char *call, const char *path) {
  char line[4200];
  int length = snprintf(line, sizeof line, "fault %s %s\n", call, path);
  REAL(write)(1, line, length);
}

/* What is to become of a call; where it is to fail, errno is set. */
static enum outcome judge(const char *call, const char *path, enum ability ability) {
  const char *kind = setting("FAULT_KIND");
  if (!is_counted(path, kind, ability)) return AS_ALWAYS;
  if (strcmp(run, setting("FAULT_RUN")) != 0) {
    snprintf(run, sizeof run, "%s", setting("FAULT_RUN"));
    calls = 0;
  }
  calls += 1;
  long at = atol(setting("FAULT_AT"));
  if (calls < at || (calls > at && strcmp(kind, "eios") != 0)) return AS_ALWAYS;
  if (calls == at) tell(call, path);
  if (strcmp(kind, "kill") == 0) raise(SIGKILL);
  if (strcmp(kind, "short") == 0) return HALF;
  if (strcmp(kind, "torn") == 0) return HALF_AND_DIE;
  errno = strcmp(kind, "enospc") == 0 ? ENOSPC : EIO;
  return FAIL;
}

static enum outcome judge_descriptor(const char *call, int fd, enum ability ability) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return AS_ALWAYS;
  path[length] = '\0';
  return judge(call, path, ability);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
  enum outcome outcome = judge_descriptor("pwrite", fd, WRITES);
  if (outcome == FAIL) return -1;
  ssize_t written = REAL(pwrite64)(fd, bytes, outcome == AS_ALWAYS ? size : (size + 1) / 2, at);
  if (outcome == HALF_AND_DIE) raise(SIGKILL);
  return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
  return pwrite64(fd, bytes, size, at);
}

ssize_t write(int fd, const void *bytes, size_t size) {
  enum outcome outcome = judge_descriptor("write", fd, WRITES);
  if (outcome == FAIL) return -1;
  ssize_t written = REAL(write)(fd, bytes, outcome == AS_ALWAYS ? size : (size + 1) / 2);
  if (outcome == HALF_AND_DIE) raise(SIGKILL);
  return written;
}

int fsync(int fd) {
  return judge_descriptor("fsync", fd, PLAIN) == FAIL ? -1 : REAL(fsync)(fd);
}

int fdatasync(int fd) {
  return judge_descriptor("fdatasync", fd, PLAIN) == FAIL ? -1 : REAL(fdatasync)(fd);
}

int ftruncate64(int fd, off64_t size) {
  return judge_descriptor("ftruncate", fd, TAKES_SPACE) == FAIL ? -1 : REAL(ftruncate64)(fd, size);
}

int ftruncate(int fd, off_t size) {
  return ftruncate64(fd, size);
}

int unlink(const char *path) {
  return judge("unlink", path, PLAIN) == FAIL ? -1 : REAL(unlink)(path);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  enum ability ability = flags & O_CREAT ? TAKES_SPACE : PLAIN;
  return judge("open", path, ability) == FAIL ? -1 : REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open64(path, flags, mode);
}

int fcntl64(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  int takes = command == F_SETLK && ((struct flock *)argument)->l_type != F_UNLCK;
  if (takes && judge_descriptor("lock", fd, LOCKS) == FAIL) return -1;
  return REAL(fcntl64)(fd, command, argument);
}

int fcntl(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  return fcntl64(fd, command, argument);
}
