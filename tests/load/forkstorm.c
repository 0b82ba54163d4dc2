// SPDX-License-Identifier: Apache-2.0
// forkstorm SECONDS [--cpu N]: creates and ends processes and threads in turn, as fast as one parent can.
// Exact counts; the CPU time of all children is the kernel's (getrusage), read after the last one was reaped.
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <sys/wait.h>

static void *end_at_once(void *argument)
{
	return argument;
}

static uint64_t timeval_ns(struct timeval t)
{
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_usec * NS_PER_US;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "cpu", required_argument, NULL, 'c' }, {} };
	uint64_t start, end, processes = 0, threads = 0;
	struct account before, after, spent;
	struct rusage children;
	pid_t highest = 0;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'c')
			return 1;
		pin_self((int)parse_long("--cpu", optarg, 0, CPU_SETSIZE - 1));
	}
	if (optind + 1 != argc)
		fail("usage: forkstorm SECONDS [--cpu N]");
	end = parse_seconds(argv[optind]);
	print_ready(NULL);
	account_self(&before);
	start = now_ns();
	end += start;
	while (now_ns() < end) {
		pthread_t thread;
		pid_t child = fork();

		if (child < 0)
			fail("cannot fork after %" PRIu64 " processes: %s", processes, strerror(errno));
		if (child == 0)
			_exit(0);
		if (waitpid(child, NULL, 0) != child)
			fail("lost child %d", child);
		highest = child > highest ? child : highest;
		processes++;
		if (pthread_create(&thread, NULL, end_at_once, NULL))
			fail("cannot create a thread after %" PRIu64, threads);
		pthread_join(thread, NULL);
		threads++;
	}
	end = now_ns();
	account_self(&after);
	spent = account_between(&before, &after);
	getrusage(RUSAGE_CHILDREN, &children);
	printf("{\"program\":\"forkstorm\",\"tid\":%d,\"start_ns\":%" PRIu64 ",\"end_ns\":%" PRIu64
	       ",\"processes\":%" PRIu64 ",\"threads\":%" PRIu64 ",\"highest_pid\":%d,\"children_cpu_ns\":%" PRIu64 ",",
	       tid_self(), start, end, processes, threads, highest,
	       timeval_ns(children.ru_utime) + timeval_ns(children.ru_stime));
	account_print(&spent);
	printf("}\n");
	return 0;
}
