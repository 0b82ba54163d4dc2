// SPDX-License-Identifier: Apache-2.0
// incgroup NAME [--quota-us Q] [--period-us P] [--keep] -- COMMAND [ARG]...
// Creates the cgroup NAME (observe-test-...; may be nested: a/b), optionally with a CPU quota, runs COMMAND in it, and
// removes it and every parent that is then empty, unless told to keep them. The exit status is the command's.
#include "cgroup.h"
#include "load.h"

#include <getopt.h>
#include <signal.h>
#include <sys/wait.h>

static volatile pid_t child;

static void pass_on(int signal)
{
	if (child > 0)
		kill(child, signal);
}

/* A cgroup stays busy for a moment after its last task was reaped. */
static void remove_patiently(const char *name)
{
	const struct timespec pause = { .tv_nsec = 1000 * 1000 };

	for (int attempt = 0; attempt < 1000; attempt++) {
		if (cgroup_remove(name))
			return;
		nanosleep(&pause, NULL);
	}
	fail("cannot remove cgroup %s: %s; it still has tasks or children", name, strerror(errno));
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "quota-us", required_argument, NULL, 'q' },
						 { "period-us", required_argument, NULL, 'p' },
						 { "keep", no_argument, NULL, 'k' },
						 {} };
	long quota_us = -1, period_us = 100000;
	bool keep = false;
	char *name;
	int option, status;

	if (argc < 2 || argv[1][0] == '-')
		fail("usage: incgroup NAME [--quota-us Q] [--period-us P] [--keep] -- COMMAND [ARG]...");
	name = argv[1];
	optind = 2;
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'q')
			quota_us = parse_long("--quota-us", optarg, 1000, 1000000000);
		else if (option == 'p')
			period_us = parse_long("--period-us", optarg, 1000, 1000000);
		else if (option == 'k')
			keep = true;
		else
			return 1;
	}
	if (optind >= argc)
		fail("no command after --");
	cgroup_find();
	if (!cgroup_create(name))
		fail("cannot create cgroup %s: %s", name, strerror(errno));
	if (quota_us > 0 && !cgroup_set_quota(name, quota_us, period_us))
		fail("cannot set a quota of %ld/%ld us on %s: %s", quota_us, period_us, name, strerror(errno));
	signal(SIGTERM, pass_on);
	signal(SIGINT, pass_on);
	child = fork();
	if (child < 0)
		fail("cannot fork: %s", strerror(errno));
	if (child == 0) {
		if (!cgroup_join(name, 0))
			fail("cannot join cgroup %s: %s", name, strerror(errno));
		execvp(argv[optind], argv + optind);
		fail("cannot run %s: %s", argv[optind], strerror(errno));
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!keep)
		remove_patiently(name);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
