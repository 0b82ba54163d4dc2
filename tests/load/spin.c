// SPDX-License-Identifier: Apache-2.0
// spin SECONDS [--cpu N] [--threads N]: threads that are always runnable: busy, never sleeping.
#include "load.h"

#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>

#define MAX_THREADS 64

struct spinner {
	pthread_t thread;
	pid_t tid;
	uint64_t start_ns, end_ns;
	struct account before, after;
};

static pthread_barrier_t begun;
static uint64_t duration_ns;
static int cpu = -1;

static void *spin(void *argument)
{
	struct spinner *self = argument;

	self->tid = tid_self();
	if (cpu >= 0)
		pin_self(cpu);
	pthread_barrier_wait(&begun);
	account_self(&self->before);
	self->start_ns = now_ns();
	spin_until(self->start_ns + duration_ns);
	self->end_ns = now_ns();
	account_self(&self->after);
	return NULL;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "cpu", required_argument, NULL, 'c' },
						 { "threads", required_argument, NULL, 't' },
						 {} };
	static struct spinner spinners[MAX_THREADS];
	char tids[MAX_THREADS * 12] = "\"tids\":[";
	long threads = 1;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			cpu = (int)parse_long("--cpu", optarg, 0, CPU_SETSIZE - 1);
		else if (option == 't')
			threads = parse_long("--threads", optarg, 1, MAX_THREADS);
		else
			return 1;
	}
	if (optind + 1 != argc)
		fail("usage: spin SECONDS [--cpu N] [--threads N]");
	duration_ns = parse_seconds(argv[optind]);

	// The main thread takes part in the barrier and then only waits: it is asleep while they spin.
	pthread_barrier_init(&begun, NULL, (unsigned int)threads + 1);
	for (long i = 0; i < threads; i++)
		if (pthread_create(&spinners[i].thread, NULL, spin, &spinners[i]))
			fail("cannot create thread %ld", i);
	pthread_barrier_wait(&begun);
	for (long i = 0; i < threads; i++)
		snprintf(tids + strlen(tids), sizeof(tids) - strlen(tids), "%s%d", i ? "," : "", spinners[i].tid);
	strcat(tids, "]");
	print_ready(tids);

	for (long i = 0; i < threads; i++)
		pthread_join(spinners[i].thread, NULL);
	printf("{\"program\":\"spin\",\"threads\":[");
	for (long i = 0; i < threads; i++) {
		const struct spinner *s = &spinners[i];
		const struct account spent = account_between(&s->before, &s->after);

		printf("%s{\"tid\":%d,\"start_ns\":%" PRIu64 ",\"end_ns\":%" PRIu64 ",", i ? "," : "", s->tid,
		       s->start_ns, s->end_ns);
		account_print(&spent);
		printf("}");
	}
	printf("]}\n");
	return 0;
}
