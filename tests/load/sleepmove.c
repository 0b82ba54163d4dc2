// SPDX-License-Identifier: Apache-2.0
// sleepmove SECONDS [--threads N]: threads that work 4 ms and sleep 200 ms, over and over; each is given another CPU just
// after it went to sleep. Reports how long they waited at least (while they worked) and at most (all of their lives that they
// neither ran nor asked to sleep), beside what the kernel says that they waited.
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>

#define MOST_THREADS 64
#define WORK_NS	     (4000 * NS_PER_US)
#define SLEEP_NS     (200000 * NS_PER_US)

enum phase { WORKING, ASLEEP, MOVED };

struct sleeper {
	pthread_t thread;
	_Atomic pid_t tid;
	_Atomic enum phase phase;
	uint64_t work_wait_ns;
	uint64_t created_ns;
	uint64_t idle_ns; /* of its life, neither running nor sleeping as asked */
	uint64_t sleeps;
	uint64_t run_delay_ns;
};

static uint64_t end_ns;

static void *work_and_sleep(void *argument)
{
	const struct timespec rest = { .tv_nsec = SLEEP_NS };
	struct sleeper *self = argument;
	struct account account;

	self->tid = tid_self();
	while (now_ns() < end_ns) {
		const uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID), start = now_ns();

		spin_until(start + WORK_NS);
		self->work_wait_ns += now_ns() - start - (clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu);
		self->phase = ASLEEP;
		clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, NULL);
		self->phase = WORKING;
		self->sleeps++;
	}
	account_self(&account);
	self->run_delay_ns = account.wait_ns;
	self->idle_ns = now_ns() - self->created_ns - self->sleeps * SLEEP_NS - clock_ns(CLOCK_THREAD_CPUTIME_ID);
	return NULL;
}

/* Moves each thread once in each of its sleeps. */
static uint64_t move_sleepers(struct sleeper *sleepers, long count)
{
	const struct timespec pause = { .tv_nsec = 500 * NS_PER_US };
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t moves = 0;

	while (now_ns() < end_ns) {
		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		for (long i = 0; i < count; i++) {
			enum phase expected = ASLEEP;
			cpu_set_t cpu;

			CPU_ZERO(&cpu);
			CPU_SET(moves % (uint64_t)cpus, &cpu);
			if (!atomic_compare_exchange_strong(&sleepers[i].phase, &expected, MOVED))
				continue;
			if (sched_setaffinity(sleepers[i].tid, sizeof(cpu), &cpu))
				fail("cannot move a thread: %s", strerror(errno));
			moves++;
		}
	}
	return moves;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "threads", required_argument, NULL, 't' }, {} };
	static struct sleeper sleepers[MOST_THREADS];
	uint64_t moves, sleeps = 0, least = 0, most, idle = 0, run_delay = 0;
	struct account own;
	long count = 8;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 't')
			return 1;
		count = parse_long("--threads", optarg, 1, MOST_THREADS);
	}
	if (optind + 1 != argc)
		fail("usage: sleepmove SECONDS [--threads N]");

	end_ns = now_ns() + parse_seconds(argv[optind]);
	for (long i = 0; i < count; i++) {
		sleepers[i].created_ns = now_ns();
		if (pthread_create(&sleepers[i].thread, NULL, work_and_sleep, &sleepers[i]))
			fail("cannot start a thread");
	}
	print_ready(NULL);
	moves = move_sleepers(sleepers, count);
	for (long i = 0; i < count; i++) {
		pthread_join(sleepers[i].thread, NULL);
		sleeps += sleepers[i].sleeps;
		least += sleepers[i].work_wait_ns;
		idle += sleepers[i].idle_ns;
		run_delay += sleepers[i].run_delay_ns;
	}
	account_self(&own);
	most = idle + own.wait_ns;
	printf("{\"program\":\"sleepmove\",\"threads\":%ld,\"moves\":%" PRIu64 ",\"sleeps\":%" PRIu64
	       ",\"waited_least_ns\":%" PRIu64 ",\"waited_most_ns\":%" PRIu64 ",\"run_delay_ns\":%" PRIu64 "}\n",
	       count, moves, sleeps, least, most, run_delay);
	return 0;
}
