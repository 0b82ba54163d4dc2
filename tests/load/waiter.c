// SPDX-License-Identifier: Apache-2.0
// waiter SECONDS [--cpu N]: one runnable thread that gets no CPU for SECONDS, without a gap.
//
// The victim is SCHED_FIFO at the lowest priority, behind a SCHED_FIFO spinner of a higher one, both on one CPU.
// Starving an ordinary or SCHED_IDLE task would not do: RT throttling (sched_rt_runtime_us), and since 6.12 the fair
// server, grant ordinary tasks 5 % of every second. Neither helps an RT task: throttling stops the victim with the
// spinner, and it stays runnable all the while. Needs CAP_SYS_NICE and two CPUs: the main thread runs on another one.
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>

enum { VICTIM_PRIORITY = 1, SPINNER_PRIORITY = 50 };

static int cpu;
static uint64_t duration_ns;
static atomic_int spinning, released;
static atomic_ullong release_ns;
static pid_t victim_tid, spinner_tid;
static uint64_t ran_ns, spinner_end_ns;
static struct account spent;
static pthread_barrier_t created;

static void become_fifo(int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	pin_self(cpu);
	if (sched_setscheduler(0, SCHED_FIFO, &param))
		fail("cannot become SCHED_FIFO (%s): run as root, outside cgroups without real-time budget",
		     strerror(errno));
}

static void *victim(void *argument)
{
	struct account before, after;

	victim_tid = tid_self();
	become_fifo(VICTIM_PRIORITY);
	account_self(&before);
	pthread_barrier_wait(&created);
	while (!released)
		syscall(SYS_futex, &released, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	ran_ns = now_ns();
	account_self(&after);
	spent = account_between(&before, &after);
	return argument;
}

static void *spinner(void *argument)
{
	spinner_tid = tid_self();
	become_fifo(SPINNER_PRIORITY);
	spinning = 1;
	// Until the victim was woken, and from then on for the whole duration.
	while (!release_ns)
		;
	spin_until(release_ns + duration_ns);
	spinner_end_ns = now_ns();
	return argument;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "cpu", required_argument, NULL, 'c' }, {} };
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t victim_thread, spinner_thread;
	char more[160];
	int option;

	cpu = (int)cpus - 1;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'c')
			return 1;
		cpu = (int)parse_long("--cpu", optarg, 0, cpus - 1);
	}
	if (optind + 1 != argc)
		fail("usage: waiter SECONDS [--cpu N]");
	duration_ns = parse_seconds(argv[optind]);
	if (cpus < 2)
		fail("needs two CPUs: one to starve on, one to wake and report from");
	pin_self(cpu == 0 ? 1 : 0);

	pthread_barrier_init(&created, NULL, 2);
	if (pthread_create(&victim_thread, NULL, victim, NULL))
		fail("cannot create a thread");
	pthread_barrier_wait(&created);
	// Let it reach the futex before the spinner takes its CPU.
	nanosleep(&pause, NULL);
	if (pthread_create(&spinner_thread, NULL, spinner, NULL))
		fail("cannot create a thread");
	while (!spinning)
		nanosleep(&pause, NULL);

	released = 1;
	release_ns = now_ns();
	syscall(SYS_futex, &released, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	snprintf(more, sizeof(more), "\"tid\":%d,\"spinner\":%d,\"cpu\":%d,\"waiting_since_ns\":%llu", victim_tid,
		 spinner_tid, cpu, (unsigned long long)release_ns);
	print_ready(more);
	pthread_join(spinner_thread, NULL);
	pthread_join(victim_thread, NULL);
	printf("{\"program\":\"waiter\",\"tid\":%d,\"spinner\":%d,\"start_ns\":%llu,\"end_ns\":%" PRIu64
	       ",\"waited_ns\":%" PRIu64 ",\"spinner_end_ns\":%" PRIu64 ",",
	       victim_tid, spinner_tid, (unsigned long long)release_ns, ran_ns, ran_ns - (uint64_t)release_ns,
	       spinner_end_ns);
	account_print(&spent);
	printf("}\n");
	return 0;
}
