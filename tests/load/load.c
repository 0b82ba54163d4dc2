// SPDX-License-Identifier: Apache-2.0
#include "load.h"

#include <inttypes.h>
#include <stdarg.h>

void fail(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

int account_schedstat(pid_t pid, pid_t tid, struct account *account)
{
	char path[64];
	FILE *file;
	int fields;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", pid, tid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	fields = fscanf(file, "%" SCNu64 " %" SCNu64 " %" SCNu64, &account->run_ns, &account->wait_ns,
			&account->timeslices);
	fclose(file);
	return fields == 3 ? 0 : -1;
}

void account_self(struct account *account)
{
	struct rusage usage;

	memset(account, 0, sizeof(*account));
	account->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	account_schedstat(getpid(), tid_self(), account);
	if (!getrusage(RUSAGE_THREAD, &usage)) {
		account->voluntary = (uint64_t)usage.ru_nvcsw;
		account->involuntary = (uint64_t)usage.ru_nivcsw;
	}
}

struct account account_between(const struct account *before, const struct account *after)
{
	return (struct account){ .cpu_ns = after->cpu_ns - before->cpu_ns,
				 .run_ns = after->run_ns - before->run_ns,
				 .wait_ns = after->wait_ns - before->wait_ns,
				 .timeslices = after->timeslices - before->timeslices,
				 .voluntary = after->voluntary - before->voluntary,
				 .involuntary = after->involuntary - before->involuntary };
}

void account_print(const struct account *account)
{
	printf("\"cpu_ns\":%" PRIu64 ",\"run_ns\":%" PRIu64 ",\"wait_ns\":%" PRIu64 ",\"timeslices\":%" PRIu64
	       ",\"voluntary\":%" PRIu64 ",\"involuntary\":%" PRIu64,
	       account->cpu_ns, account->run_ns, account->wait_ns, account->timeslices, account->voluntary,
	       account->involuntary);
}

uint64_t parse_seconds(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds > 0) || seconds > MAX_SECONDS)
		fail("'%s' is no number of seconds in (0, %.0f]", text, MAX_SECONDS);
	return (uint64_t)(seconds * (double)NS_PER_S);
}

long parse_long(const char *name, const char *text, long least, long most)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < least || value > most)
		fail("%s: '%s' is no whole number from %ld to %ld", name, text, least, most);
	return value;
}

void pin_self(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("cannot run on CPU %d only: %s", cpu, strerror(errno));
}

void print_ready(const char *more)
{
	printf("{\"ready\":\"%s\",\"pid\":%d%s%s}\n", program_invocation_short_name, getpid(), more ? "," : "",
	       more ? more : "");
	fflush(stdout);
}
