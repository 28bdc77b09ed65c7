"""A machine's clock that is wrong for one process: a few lines of C, loaded before the C library."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

COMPILER = shutil.which("cc")
FILE = "ETHICSDESK_DRILL_CLOCK"
SOURCE = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static double off(void) {
    const char *path = getenv("ETHICSDESK_DRILL_CLOCK");
    FILE *file = path ? fopen(path, "r") : NULL;
    double seconds = 0;
    if (file) {
        if (fscanf(file, "%lf", &seconds) != 1) seconds = 0;
        fclose(file);
    }
    return seconds;
}

int clock_gettime(clockid_t which, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(which, at);
    if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) at->tv_sec += (time_t)off();
    return failed;
}

time_t time(time_t *into) {
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    if (into) *into = at.tv_sec;
    return at.tv_sec;
}

int gettimeofday(struct timeval *into, void *zone) {
    struct timespec at;
    int failed = clock_gettime(CLOCK_REALTIME, &at);
    into->tv_sec = at.tv_sec;
    into->tv_usec = at.tv_nsec / 1000;
    return failed;
}
"""


class WrongClock:
    """The clock of whoever runs under `environment`; `set` moves it while they run."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        library, source = folder / "clock.so", folder / "clock.c"
        source.write_text(SOURCE)
        self.set(0)
        subprocess.run([COMPILER or "cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        self.environment = {"LD_PRELOAD": str(library), FILE: str(self._file)}

    def set(self, seconds: float) -> None:
        """Have the clock go before the machine's by so many seconds, or after it."""
        beside = self._file.with_suffix(".part")
        beside.write_text(str(int(seconds)))
        beside.replace(self._file)
