// SPDX-License-Identifier: Apache-2.0
// sleepwake SECONDS --period-us P --work-us W [--cpu N]: works W, sleeps the rest of P on a timer, over and over.
// Reports how often it asked to sleep, and the time around those sleeps (sleeping plus the wait for a CPU after it).
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <sys/prctl.h>

int main(int argc, char **argv)
{
	static const struct option options[] = { { "period-us", required_argument, NULL, 'p' },
						 { "work-us", required_argument, NULL, 'w' },
						 { "cpu", required_argument, NULL, 'c' },
						 {} };
	uint64_t period_ns = 1000 * NS_PER_US, work_ns = 100 * NS_PER_US;
	uint64_t start, end, slept_ns = 0, sleeps = 0;
	struct account before, after, spent;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'p')
			period_ns = (uint64_t)parse_long("--period-us", optarg, 1, 60000000) * NS_PER_US;
		else if (option == 'w')
			work_ns = (uint64_t)parse_long("--work-us", optarg, 0, 60000000) * NS_PER_US;
		else if (option == 'c')
			pin_self((int)parse_long("--cpu", optarg, 0, CPU_SETSIZE - 1));
		else
			return 1;
	}
	if (optind + 1 != argc || work_ns >= period_ns)
		fail("usage: sleepwake SECONDS --period-us P --work-us W [--cpu N], with W < P");
	end = parse_seconds(argv[optind]);

	// The default slack of 50 us would merge and move the wake-ups.
	prctl(PR_SET_TIMERSLACK, 1);
	print_ready(NULL);
	account_self(&before);
	start = now_ns();
	end += start;
	while (now_ns() < end) {
		const uint64_t rest_ns = period_ns - work_ns;
		const struct timespec rest = { .tv_sec = (time_t)(rest_ns / NS_PER_S),
					       .tv_nsec = (long)(rest_ns % NS_PER_S) };
		uint64_t asleep;

		spin_until(now_ns() + work_ns);
		asleep = now_ns();
		// Relative: it always sleeps; an absolute deadline already past would return at once and break the
		// count.
		clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, NULL);
		slept_ns += now_ns() - asleep;
		sleeps++;
	}
	end = now_ns();
	account_self(&after);
	spent = account_between(&before, &after);
	printf("{\"program\":\"sleepwake\",\"tid\":%d,\"start_ns\":%" PRIu64 ",\"end_ns\":%" PRIu64
	       ",\"sleeps\":%" PRIu64 ",\"slept_ns\":%" PRIu64 ",",
	       tid_self(), start, end, sleeps, slept_ns);
	account_print(&spent);
	printf("}\n");
	return 0;
}
