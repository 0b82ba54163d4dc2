// SPDX-License-Identifier: Apache-2.0
// dstate SECONDS: one thread sits in uninterruptible sleep (D): vfork() suspends it until its child exits.
// Needs no device, no file system and no privilege. A second thread samples /proc to bear witness of the state.
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <sys/wait.h>

#define SAMPLE_NS (20 * 1000 * 1000)

static struct timespec duration;
static uint64_t before_ns, after_ns;
static struct account spent;
static pid_t blocked_tid;
static volatile int entering, left;

static void *block(void *argument)
{
	struct account before, after;
	pid_t child;

	blocked_tid = tid_self();
	account_self(&before);
	before_ns = now_ns();
	entering = 1;
	child = vfork();
	if (child == 0) {
		// In the parent's memory and on its stack: nothing but system calls here.
		syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &duration, NULL);
		_exit(0);
	}
	after_ns = now_ns();
	left = 1;
	if (child < 0)
		fail("cannot vfork: %s", strerror(errno));
	waitpid(child, NULL, 0);
	account_self(&after);
	spent = account_between(&before, &after);
	return argument;
}

/* The one-letter state of a thread of this process, or 0. */
static char state_of(pid_t tid)
{
	char path[64], line[256], *name_end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	name_end = strrchr(line, ')');
	return name_end && name_end[1] == ' ' ? name_end[2] : 0;
}

int main(int argc, char **argv)
{
	const struct timespec pause = { .tv_nsec = SAMPLE_NS };
	uint64_t samples = 0, seen = 0, duration_ns;
	pthread_t thread;
	char more[32];

	if (argc != 2)
		fail("usage: dstate SECONDS");
	duration_ns = parse_seconds(argv[1]);
	duration.tv_sec = (time_t)(duration_ns / NS_PER_S);
	duration.tv_nsec = (long)(duration_ns % NS_PER_S);
	if (pthread_create(&thread, NULL, block, NULL))
		fail("cannot create a thread");
	while (!entering)
		nanosleep(&pause, NULL);
	snprintf(more, sizeof(more), "\"tid\":%d", blocked_tid);
	print_ready(more);
	while (!left) {
		nanosleep(&pause, NULL);
		if (left)
			break;
		samples++;
		seen += state_of(blocked_tid) == 'D';
	}
	pthread_join(thread, NULL);
	printf("{\"program\":\"dstate\",\"tid\":%d,\"start_ns\":%" PRIu64 ",\"end_ns\":%" PRIu64
	       ",\"blocked_ns\":%" PRIu64 ",\"samples\":%" PRIu64 ",\"samples_blocked\":%" PRIu64 ",",
	       blocked_tid, before_ns, after_ns, after_ns - before_ns, samples, seen);
	account_print(&spent);
	printf("}\n");
	return 0;
}
