// SPDX-License-Identifier: Apache-2.0
// mkcgroups N [--with-task]: creates and removes a cgroup N times, as fast as the kernel lets one caller; with
// --with-task each of them holds one short-lived process first.
#include "cgroup.h"
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <sys/wait.h>

int main(int argc, char **argv)
{
	static const struct option options[] = { { "with-task", no_argument, NULL, 't' }, {} };
	uint64_t start, end, retries = 0;
	bool with_task = false;
	struct account before, after, spent;
	long count;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 't')
			return 1;
		with_task = true;
	}
	if (optind + 1 != argc)
		fail("usage: mkcgroups N [--with-task]");
	count = parse_long("N", argv[optind], 1, 10000000);
	cgroup_find();
	print_ready(NULL);
	account_self(&before);
	start = now_ns();
	for (long i = 0; i < count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "observe-test-mk-%d-%ld", getpid(), i);
		if (!cgroup_create(name))
			fail("cannot create cgroup %s: %s", name, strerror(errno));
		if (with_task) {
			pid_t child = fork();

			if (child < 0)
				fail("cannot fork: %s", strerror(errno));
			if (child == 0)
				_exit(!cgroup_join(name, 0));
			int status;

			if (waitpid(child, &status, 0) != child || status)
				fail("the task of cgroup %s could not join it", name);
		}
		// Busy for a moment after its task was reaped.
		while (!cgroup_remove(name)) {
			if (errno != EBUSY)
				fail("cannot remove cgroup %s: %s", name, strerror(errno));
			retries++;
		}
	}
	end = now_ns();
	account_self(&after);
	spent = account_between(&before, &after);
	printf("{\"program\":\"mkcgroups\",\"start_ns\":%" PRIu64 ",\"end_ns\":%" PRIu64
	       ",\"created\":%ld,\"removed\":%ld,"
	       "\"remove_retries\":%" PRIu64 ",\"with_task\":%s,",
	       start, end, count, count, retries, with_task ? "true" : "false");
	account_print(&spent);
	printf("}\n");
	return 0;
}
