// SPDX-License-Identifier: Apache-2.0
// lives N --ms M [--rounds R]: N threads are born, live for M ms (running, asleep, running) and die; R times over.
// Waits for a line on stdin before the first is born and for its end after the last has died, so that an observer can
// look before and after with nothing but the main thread there. Reports bounds of the threads' lifetimes added up:
// from the first instruction to the last (inner), and from before their creation until the kernel had let them go (outer).
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>

#define MAX_THREADS 64

struct life {
	pthread_t thread;
	pid_t tid;
	uint64_t before_ns, start_ns, end_ns;
};

static uint64_t life_ns;

static void *live(void *argument)
{
	struct life *self = argument;
	const uint64_t part = life_ns / 3;
	struct timespec pause;

	self->start_ns = now_ns();
	self->tid = tid_self();
	pause = (struct timespec){ .tv_sec = (time_t)(part / NS_PER_S), .tv_nsec = (long)(part % NS_PER_S) };
	spin_until(self->start_ns + part);
	nanosleep(&pause, NULL);
	spin_until(self->start_ns + life_ns);
	self->end_ns = now_ns();
	return NULL;
}

/* Joining only says that the thread has let go of its stack; its time ends when the kernel lets go of it. */
static uint64_t wait_until_gone(const struct life *life)
{
	pthread_join(life->thread, NULL);
	while (!syscall(SYS_tgkill, getpid(), life->tid, 0))
		;
	return now_ns();
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "ms", required_argument, NULL, 'm' },
						 { "rounds", required_argument, NULL, 'r' },
						 {} };
	static struct life lives[MAX_THREADS];
	uint64_t inner_ns = 0, outer_ns = 0;
	long threads, rounds = 1;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'm')
			life_ns = (uint64_t)parse_long("--ms", optarg, 1, 600000) * 1000 * NS_PER_US;
		else if (option == 'r')
			rounds = parse_long("--rounds", optarg, 1, 1000000);
		else
			return 1;
	}
	if (optind + 1 != argc || !life_ns)
		fail("usage: lives N --ms M [--rounds R]");
	threads = parse_long("N", argv[optind], 1, MAX_THREADS);
	print_ready(NULL);
	if (getchar() != '\n')
		fail("no line on stdin: that is the sign to begin");
	for (long round = 0; round < rounds; round++) {
		for (long i = 0; i < threads; i++) {
			lives[i].before_ns = now_ns();
			if (pthread_create(&lives[i].thread, NULL, live, &lives[i]))
				fail("cannot create thread %ld", i);
		}
		for (long i = 0; i < threads; i++) {
			outer_ns += wait_until_gone(&lives[i]) - lives[i].before_ns;
			inner_ns += lives[i].end_ns - lives[i].start_ns;
		}
	}
	printf("{\"program\":\"lives\",\"threads\":%ld,\"inner_ns\":%" PRIu64 ",\"outer_ns\":%" PRIu64 "}\n",
	       threads * rounds, inner_ns, outer_ns);
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
