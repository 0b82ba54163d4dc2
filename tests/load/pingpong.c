// SPDX-License-Identifier: Apache-2.0
// pingpong SECONDS [--cpu N]: a byte goes round between two processes over two pipes: each hop is a sleep and a
// wake-up. With --cpu both share one CPU, so that each hop is one context switch.
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/wait.h>

static void send_byte(int fd, char byte)
{
	if (write(fd, &byte, 1) != 1)
		fail("cannot write to the pipe: %s", strerror(errno));
}

/* Answers until the pipe closes, then reports its own account through 'result'. */
static void answer(int in, int out, int result)
{
	struct account before, after, spent;
	char byte;

	account_self(&before);
	while (read(in, &byte, 1) == 1)
		send_byte(out, byte);
	account_self(&after);
	spent = account_between(&before, &after);
	if (write(result, &spent, sizeof(spent)) != sizeof(spent))
		_exit(1);
	_exit(0);
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "cpu", required_argument, NULL, 'c' }, {} };
	int there[2], back[2], result[2], option;
	struct account before, after, mine, theirs;
	uint64_t start, end, rounds = 0;
	char more[32], byte;
	pid_t peer;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'c')
			return 1;
		pin_self((int)parse_long("--cpu", optarg, 0, CPU_SETSIZE - 1));
	}
	if (optind + 1 != argc)
		fail("usage: pingpong SECONDS [--cpu N]");
	end = parse_seconds(argv[optind]);
	if (pipe(there) || pipe(back) || pipe(result))
		fail("cannot make pipes: %s", strerror(errno));
	peer = fork();
	if (peer < 0)
		fail("cannot fork: %s", strerror(errno));
	if (peer == 0) {
		close(there[1]);
		answer(there[0], back[1], result[1]);
	}
	close(back[1]);
	snprintf(more, sizeof(more), "\"peer\":%d", peer);
	print_ready(more);

	account_self(&before);
	start = now_ns();
	end += start;
	while (now_ns() < end) {
		send_byte(there[1], 'x');
		if (read(back[0], &byte, 1) != 1)
			fail("the peer ended early");
		rounds++;
	}
	end = now_ns();
	account_self(&after);
	mine = account_between(&before, &after);
	close(there[1]);
	if (read(result[0], &theirs, sizeof(theirs)) != sizeof(theirs))
		fail("the peer left no account");
	waitpid(peer, NULL, 0);

	printf("{\"program\":\"pingpong\",\"tid\":%d,\"start_ns\":%" PRIu64 ",\"end_ns\":%" PRIu64
	       ",\"rounds\":%" PRIu64 ",",
	       tid_self(), start, end, rounds);
	account_print(&mine);
	printf(",\"peer\":{\"tid\":%d,", peer);
	account_print(&theirs);
	printf("}}\n");
	return 0;
}
