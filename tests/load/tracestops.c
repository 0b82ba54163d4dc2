// SPDX-License-Identifier: Apache-2.0
// tracestops SECONDS [--cpu N] [--hold-us US]: a process that its parent stops again and again, as a debugger does, at every
// system call's beginning and end, each time for US by the parent's clock; and how often.
//
// The kernel has a parent wait until its child has left its CPU, before it holds it and before it lets go of it: so each stop is one
// absence of at least US, and their number is exact.
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static volatile int *over;

__attribute__((noreturn)) static void be_traced(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) || raise(SIGSTOP))
		_exit(1);
	while (!*over)
		syscall(SYS_getppid);
	_exit(0);
}

/* Waits for the child's next stop, and until it has left its CPU: any request does that. */
static void await_stop(pid_t child)
{
	unsigned long message;
	int status;

	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		fail("the child did not stop: %s", strerror(errno));
	if (ptrace(PTRACE_GETEVENTMSG, child, NULL, &message))
		fail("the child is not stopped: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "cpu", required_argument, NULL, 'c' },
						 { "hold-us", required_argument, NULL, 'h' },
						 {} };
	uint64_t hold_ns = 2 * NS_PER_US, end_ns, stops = 1;
	int option, status;
	pid_t child;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			pin_self((int)parse_long("--cpu", optarg, 0, CPU_SETSIZE - 1));
		else if (option == 'h')
			hold_ns = (uint64_t)parse_long("--hold-us", optarg, 1, 1000000) * NS_PER_US;
		else
			return 1;
	}
	if (optind + 1 != argc)
		fail("usage: tracestops SECONDS [--cpu N] [--hold-us US]");
	end_ns = parse_seconds(argv[optind]);
	over = mmap(NULL, sizeof(*over), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (over == MAP_FAILED)
		fail("no memory: %s", strerror(errno));
	child = fork();
	if (child == 0)
		be_traced();
	if (child < 0)
		fail("cannot fork: %s", strerror(errno));
	await_stop(child);
	print_ready(NULL);

	end_ns += now_ns();
	for (;;) {
		uint64_t now = now_ns();

		spin_until(now + hold_ns);
		if (now >= end_ns)
			break;
		if (ptrace(PTRACE_SYSCALL, child, NULL, NULL))
			fail("cannot let the child go on: %s", strerror(errno));
		await_stop(child);
		stops++;
	}
	*over = 1;
	if (ptrace(PTRACE_DETACH, child, NULL, NULL) || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
	    WEXITSTATUS(status))
		fail("the child did not end well: %s", strerror(errno));
	printf("{\"program\":\"tracestops\",\"stops\":%" PRIu64 "}\n", stops);
	return 0;
}
