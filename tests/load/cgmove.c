// SPDX-License-Identifier: Apache-2.0
// cgmove SECONDS [--every-ms M] [--cpu N]: spins, and moves itself to and fro between two cgroups every M ms.
// Reports the CPU time and wall time between moves for each, as its own clocks saw it; a move's own cost counts to
// where it came from.
#include "cgroup.h"
#include "load.h"

#include <getopt.h>
#include <inttypes.h>

int main(int argc, char **argv)
{
	static const struct option options[] = { { "every-ms", required_argument, NULL, 'e' },
						 { "cpu", required_argument, NULL, 'c' },
						 {} };
	uint64_t start, end, every_ns = 100000 * NS_PER_US, moves = 0, cpu_ns[2] = {}, wall_ns[2] = {}, cpu_mark,
			     wall_mark;
	struct account before, after, spent;
	char names[2][64], more[192];
	int option, where = 0;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'e')
			every_ns = (uint64_t)parse_long("--every-ms", optarg, 1, 60000) * 1000 * NS_PER_US;
		else if (option == 'c')
			pin_self((int)parse_long("--cpu", optarg, 0, CPU_SETSIZE - 1));
		else
			return 1;
	}
	if (optind + 1 != argc)
		fail("usage: cgmove SECONDS [--every-ms M] [--cpu N]");
	end = parse_seconds(argv[optind]);
	cgroup_find();
	for (int i = 0; i < 2; i++) {
		snprintf(names[i], sizeof(names[i]), "observe-test-move-%d-%c", getpid(), 'a' + i);
		if (!cgroup_create(names[i]))
			fail("cannot create cgroup %s: %s", names[i], strerror(errno));
	}
	if (!cgroup_join(names[0], 0))
		fail("cannot join cgroup %s: %s", names[0], strerror(errno));
	snprintf(more, sizeof(more), "\"cgroups\":[\"%s\",\"%s\"]", names[0], names[1]);
	print_ready(more);

	account_self(&before);
	start = wall_mark = now_ns();
	cpu_mark = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	end += start;
	while (wall_mark < end) {
		uint64_t cpu, wall;

		spin_until(wall_mark + every_ns < end ? wall_mark + every_ns : end);
		if (!cgroup_join(names[!where], 0))
			fail("cannot move to cgroup %s: %s", names[!where], strerror(errno));
		wall = now_ns();
		cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		wall_ns[where] += wall - wall_mark;
		cpu_ns[where] += cpu - cpu_mark;
		wall_mark = wall;
		cpu_mark = cpu;
		where = !where;
		moves++;
	}
	account_self(&after);
	spent = account_between(&before, &after);
	printf("{\"program\":\"cgmove\",\"tid\":%d,\"start_ns\":%" PRIu64 ",\"end_ns\":%" PRIu64 ",\"moves\":%" PRIu64
	       ",\"cgroups\":[",
	       tid_self(), start, wall_mark, moves);
	for (int i = 0; i < 2; i++)
		printf("%s{\"name\":\"%s\",\"cpu_ns\":%" PRIu64 ",\"wall_ns\":%" PRIu64 "}", i ? "," : "", names[i],
		       cpu_ns[i], wall_ns[i]);
	printf("],");
	account_print(&spent);
	printf("}\n");
	fflush(stdout);
	// Back to the roots, so that both can be removed.
	if (!cgroup_join(".", 0) || !cgroup_remove(names[0]) || !cgroup_remove(names[1]))
		fail("cannot remove the cgroups %s and %s: %s", names[0], names[1], strerror(errno));
	return 0;
}
