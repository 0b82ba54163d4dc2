// SPDX-License-Identifier: Apache-2.0
// sleepers N [--cgroups M] [--seconds S]: N processes asleep, spread evenly over M cgroups, until stdin closes, SIGTERM
// or S seconds (default 600); then everything is removed. With M = 0 they stay in the caller's cgroup.
#include "cgroup.h"
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define MAX_SLEEPERS 100000

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void cgroup_name(char *name, size_t size, long index)
{
	snprintf(name, size, "observe-test-sleepers-%d-%ld", getpid(), index);
}

static pid_t start_sleeper(void)
{
	const pid_t parent = getpid();
	pid_t child = fork();

	if (child == 0) {
		// No orphans if the parent is killed, even before this line.
		signal(SIGTERM, SIG_DFL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		for (;;)
			pause();
	}
	return child;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "cgroups", required_argument, NULL, 'c' },
						 { "seconds", required_argument, NULL, 's' },
						 {} };
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	uint64_t start, ready, end, duration_ns = 600 * NS_PER_S;
	long count, cgroups = 0;
	char name[64], more[96];
	int option, error = 0;
	pid_t *children;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			cgroups = parse_long("--cgroups", optarg, 0, MAX_SLEEPERS);
		else if (option == 's')
			duration_ns = parse_seconds(optarg);
		else
			return 1;
	}
	if (optind + 1 != argc)
		fail("usage: sleepers N [--cgroups M] [--seconds S]");
	count = parse_long("N", argv[optind], 1, MAX_SLEEPERS);
	children = calloc((size_t)count, sizeof(*children));
	if (!children)
		fail("no memory");
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	cgroup_find();
	start = now_ns();
	for (long i = 0; i < cgroups && !error; i++) {
		cgroup_name(name, sizeof(name), i);
		if (!cgroup_create(name))
			error = errno;
	}
	for (long i = 0; i < count && !error && !stopped; i++) {
		children[i] = start_sleeper();
		if (children[i] < 0) {
			children[i] = 0;
			error = errno;
		} else if (cgroups) {
			cgroup_name(name, sizeof(name), i % cgroups);
			if (!cgroup_join(name, children[i]))
				error = errno;
		}
	}
	ready = now_ns();
	end = start + duration_ns;
	if (!error) {
		snprintf(more, sizeof(more), "\"sleepers\":%ld,\"cgroups\":%ld", count, cgroups);
		print_ready(more);
	}
	while (!error && !stopped && now_ns() < end) {
		char byte;

		// Readable without a byte: the other end was closed.
		if (poll(&input, 1, 200) > 0 && read(STDIN_FILENO, &byte, 1) <= 0)
			break;
	}

	for (long i = 0; i < count && children[i] > 0; i++)
		kill(children[i], SIGKILL);
	for (long i = 0; i < count && children[i] > 0; i++)
		while (waitpid(children[i], NULL, 0) < 0 && errno == EINTR)
			;
	for (long i = 0; i < cgroups; i++) {
		cgroup_name(name, sizeof(name), i);
		for (int attempt = 0; attempt < 1000 && !cgroup_remove(name) && errno == EBUSY; attempt++)
			usleep(1000);
	}
	if (error)
		fail("cannot set up %ld sleepers in %ld cgroups: %s", count, cgroups, strerror(error));
	printf("{\"program\":\"sleepers\",\"sleepers\":%ld,\"cgroups\":%ld,\"start_ns\":%" PRIu64
	       ",\"ready_ns\":%" PRIu64 ",\"end_ns\":%" PRIu64 "}\n",
	       count, cgroups, start, ready, now_ns());
	return 0;
}
