// A wall clock that a test moves, preloaded into a real server: it is ahead by as many seconds as
// the 8 bytes of the file say that CLOCK_AHEAD_FILE names. Steady clocks stay as they are.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t* ahead_s;

__attribute__((constructor)) static void open_file(void) {
  const char* name = getenv("CLOCK_AHEAD_FILE");
  const int file = name == NULL ? -1 : open(name, O_RDONLY);
  if (file < 0) abort();
  void* page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (page == MAP_FAILED) abort();
  ahead_s = page;
  close(file);
}

int clock_gettime(clockid_t id, struct timespec* to) {
  const int failed = (int)syscall(SYS_clock_gettime, id, to);
  const int wall = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
  if (failed == 0 && wall && ahead_s != NULL) to->tv_sec += *ahead_s;
  return failed;
}

int gettimeofday(struct timeval* to, void* zone) {
  (void)zone;
  struct timespec now;
  const int failed = clock_gettime(CLOCK_REALTIME, &now);
  to->tv_sec = now.tv_sec;
  to->tv_usec = now.tv_nsec / 1000;
  return failed;
}

time_t time(time_t* to) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (to != NULL) *to = now.tv_sec;
  return now.tv_sec;
}
