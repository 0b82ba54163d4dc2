// SPDX-License-Identifier: Apache-2.0
/*
 * Gives up capabilities in every thread of the process, for good.
 *
 * Linux keeps capabilities by thread, and a thread can change only its own. So each is sent a signal, whose handler does it:
 * what the C library does in setuid(2), and for the same reason. It cannot be done in the runtime's own language: a handler
 * runs in the middle of anything, and may call nothing that takes a lock or allocates.
 *
 * A thread inherits what its creator has. Threads that are made meanwhile by one that has not been reached yet are found by
 * looking again: it is done when two looks in a row find nobody, and signals are under way to nobody.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NANOS_PER_MILLI	  1000000LL
#define FIRST_PAUSE_NANOS 200000LL
#define LAST_PAUSE_NANOS  50000000LL

/* The caller's counterpart: src/Bpf/Interop/LibObserve.cs. */
struct observe_threads {
	uint32_t seen; /* in the last look */
	uint32_t left; /* of those, with something that was to be given up */
};

static _Atomic uint64_t kept;
static int signal_used;

static long own_or_other(pid_t thread, struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3, .pid = thread };

	return syscall(SYS_capget, &header, data);
}

/* All that is done is about the calling thread; system calls alone. */
static void give_up(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint64_t keep = atomic_load(&kept);

	if (own_or_other(0, data) != 0)
		return;
	/* Or user 0 would regain them with the next program it runs. */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (data[CAP_SETPCAP / 32].effective & (1u << (CAP_SETPCAP % 32))) {
		for (int i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
			if (!(keep >> i & 1))
				prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	}
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		uint32_t word = (uint32_t)(keep >> (32 * i));

		data[i].permitted &= word;
		data[i].effective &= word;
		data[i].inheritable = 0; /* and with it the ambient ones */
	}
	syscall(SYS_capset, &header, data);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)number;
	(void)context;
	if (info->si_code == SI_TKILL && info->si_pid == getpid())
		give_up();
	errno = saved;
}

/* A real-time signal that nobody uses: from the last one down, because libraries begin at the first. */
static int take_signal(void)
{
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK };

	if (signal_used != 0)
		return 0;
	sigfillset(&action.sa_mask);
	for (int number = SIGRTMAX; number > SIGRTMIN; number--) {
		struct sigaction old;

		if (sigaction(number, NULL, &old) != 0 || (old.sa_flags & SA_SIGINFO) || old.sa_handler != SIG_DFL)
			continue;
		if (sigaction(number, &action, NULL) != 0)
			return -errno;
		/* It stays: a signal that comes late must not end the process. */
		signal_used = number;
		return 0;
	}
	return -EBUSY;
}

/* 0 for a thread that is gone. */
static int has_excess(pid_t thread, uint64_t keep)
{
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint64_t excess = 0;

	if (own_or_other(thread, data) != 0)
		return errno == ESRCH ? 0 : -errno;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		uint32_t word = (uint32_t)(keep >> (32 * i));

		excess |= ((data[i].permitted | data[i].effective) & ~word) | data[i].inheritable;
	}
	return excess != 0;
}

/* Signals every thread that has something to give up. */
static int look(int tasks, uint64_t keep, struct observe_threads *threads)
{
	_Alignas(struct dirent64) char buffer[4096];

	*threads = (struct observe_threads){ 0 };
	if (lseek(tasks, 0, SEEK_SET) < 0)
		return -errno;
	for (;;) {
		long length = syscall(SYS_getdents64, tasks, buffer, sizeof(buffer));

		if (length <= 0)
			return length < 0 ? -errno : 0;
		for (long at = 0; at < length;) {
			struct dirent64 *entry = (struct dirent64 *)(buffer + at);
			pid_t thread = (pid_t)atoi(entry->d_name);
			int excess;

			at += entry->d_reclen;
			if (thread <= 0)
				continue; /* . and .. */
			excess = has_excess(thread, keep);
			if (excess < 0)
				return excess;
			threads->seen++;
			if (excess == 0)
				continue;
			threads->left++;
			/* It may be gone by now, or its queue be full: the next look tells. */
			syscall(SYS_tgkill, getpid(), thread, signal_used);
		}
	}
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 * NANOS_PER_MILLI + time.tv_nsec;
}

/*
 * Leaves every thread no capability but those of a mask. One call at a time.
 * Returns 0, -ETIMEDOUT if threads are left that had not done it in time (they will when they next run), or another negative error.
 */
__attribute__((visibility("default"))) int observe_keep_capabilities(uint64_t keep, uint32_t timeout_ms,
								     struct observe_threads *threads)
{
	long long deadline = now() + timeout_ms * NANOS_PER_MILLI;
	long long pause = FIRST_PAUSE_NANOS;
	int tasks, error, clean = 0;

	*threads = (struct observe_threads){ 0 };
	error = take_signal();
	if (error != 0)
		return error;
	tasks = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (tasks < 0)
		return -errno;
	atomic_store(&kept, keep);
	for (;;) {
		error = look(tasks, keep, threads);
		clean = error == 0 && threads->left == 0 ? clean + 1 : 0;
		if (error != 0 || clean == 2)
			break;
		if (now() >= deadline) {
			error = -ETIMEDOUT;
			break;
		}
		if (clean == 0) {
			struct timespec time = { .tv_nsec = pause };

			nanosleep(&time, NULL);
			pause = pause * 2 < LAST_PAUSE_NANOS ? pause * 2 : LAST_PAUSE_NANOS;
		}
	}
	close(tasks);
	return error;
}
