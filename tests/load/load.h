/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the load generators share: time, their own measurements, and options.
 *
 * Each program is bounded in time and prints JSON lines: first {"ready": ...} with its ids, once its load is in place,
 * then one line with what it measured itself, independently of any tracer. All times are nanoseconds of
 * CLOCK_MONOTONIC or of a CPU clock. Errors go to stderr, with exit status 1.
 */
#ifndef OBSERVE_LOAD_H
#define OBSERVE_LOAD_H

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S  1000000000ull
#define NS_PER_US 1000ull
/* Nothing here may run away: the longest run any test asks for is minutes. */
#define MAX_SECONDS 3600.0

__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

/* Reads a clock; CLOCK_MONOTONIC is what the kernel's tracers stamp with. */
static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static inline uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static inline pid_t tid_self(void)
{
	return (pid_t)syscall(SYS_gettid);
}

/* Burns CPU until CLOCK_MONOTONIC reaches a moment; never sleeps, never yields. */
static inline void spin_until(uint64_t end_ns)
{
	while (now_ns() < end_ns)
		;
}

/* The kernel's own account of one thread: /proc/self/task/TID/schedstat and its rusage. */
struct account {
	uint64_t cpu_ns;      /* CLOCK_THREAD_CPUTIME_ID */
	uint64_t run_ns;      /* schedstat: time on a CPU */
	uint64_t wait_ns;     /* schedstat: time runnable and not running (throttling included) */
	uint64_t timeslices;  /* schedstat: times it was given a CPU */
	uint64_t voluntary;   /* switches away because it slept */
	uint64_t involuntary; /* switches away because it had to */
};

/* Fills an account of the calling thread; zero where the kernel keeps no schedstat. */
void account_self(struct account *account);
/* Reads run_ns, wait_ns and timeslices of any thread; 0 or -1. */
int account_schedstat(pid_t pid, pid_t tid, struct account *account);
/* What was spent between two readings of one thread's account. */
struct account account_between(const struct account *before, const struct account *after);
/* Prints an account as JSON members, without braces. */
void account_print(const struct account *account);

/* Parses a positive number of seconds, at most MAX_SECONDS; fails the program otherwise. */
uint64_t parse_seconds(const char *text);
/* Parses a whole number within bounds; fails the program otherwise. */
long parse_long(const char *name, const char *text, long least, long most);
/* Confines the calling thread to one CPU; fails the program if it cannot. */
void pin_self(int cpu);

/* Prints the ready line: pid, and the JSON members in 'more' (may be NULL), and flushes it. */
void print_ready(const char *more);

#endif
