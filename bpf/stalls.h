/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is told of single stalls, and who caused waits: the only truth about these layouts. The C# twins in
 * src/Collectors/Stalls/StallWire.cs are checked against the objects' BTF in a test and by size at load.
 */
#ifndef OBSERVE_STALLS_H
#define OBSERVE_STALLS_H

enum stall_kind {
	STALL_WAIT = 0,	    /* runnable, not running, not throttled */
	STALL_THROTTLE = 1, /* kept off by a CPU quota */
	STALL_BLOCKED = 2,  /* uninterruptible sleep (D) */
	STALL_EXIT = 3,	    /* a vCPU's exit: CPU time of its handling */
	STALL_STOPPED = 4,  /* stopped by a signal or a debugger */
	STALL_KINDS = 5,
};

/* What became of a stall over the configured threshold. Each has one outcome: they add up to all there were. */
enum stall_outcome {
	STALL_TOLD = 0,	    /* in the ring */
	STALL_RAISED = 1,   /* below the threshold as it stands now */
	STALL_WORKLOAD = 2, /* over the rate of its cgroup */
	STALL_ALL = 3,	    /* over the rate of all together */
	STALL_FULL = 4,	    /* the ring had no room */
	STALL_OUTCOMES = 5,
};

/*
 * Tokens: user space grants them, four times a second, and a stall that is told takes one. Taking is an addition, so that none
 * is taken twice; of CPUs that look at the last one at the same moment each takes one, and that is a debt.
 */

/* One for all, shared by the objects that tell of stalls. By cache lines: what all read, what all write, what is counted. */
struct stall_limits {
	__u64 threshold[STALL_KINDS]; /* ns; written by user space, never below the configured one */
	__u64 granted;		      /* tokens so far; written by user space */
	__u64 padding[2];
	__u64 taken; /* tokens so far */
	__u64 more_padding[7];
	__u64 total[STALL_KINDS];		   /* ns, of all that are counted */
	__u64 count[STALL_KINDS * STALL_OUTCOMES]; /* index is kind * STALL_OUTCOMES + outcome */
};

/* A slot as a victim. What it was made to wait by other slots is in delays. All ns, of waits over the threshold for blame. */
struct stall_victim {
	__u64 charged; /* the waits: irq + steal + idle + unknown + other + what is in delays */
	__u64 irq;
	__u64 steal;
	__u64 idle;    /* nobody ran */
	__u64 unknown; /* before what is remembered, or on a CPU that the thread has left */
	__u64 other;   /* a cgroup for which there was no room in delays */
	__u64 waits;
	__u32 taken;   /* tokens of its own so far */
	__u32 granted; /* written by user space */
};

#define STALL_CULPRITS 8 /* a power of two */

struct stall_culprit {
	__u64 cgroup; /* key; 0 with one of the fixed slots */
	__u64 ns;
	__u32 slot; /* 0 = none */
	__u32 padding;
};

/* One stall, as it is written to the ring. */
struct stall {
	__u32 kind;
	__u32 cpu;
	__u32 pid;
	__u32 tgid;
	__u64 cgroup; /* key of the cgroup that it is charged to; 0 with one of the fixed slots */
	__u32 slot;
	__u32 reason; /* of an exit */
	__u32 isa;    /* of an exit */
	__u32 padding;
	__u64 end;    /* CLOCK_MONOTONIC ns */
	__u64 length; /* ns */
	/* Of a wait: who ran meanwhile, ns; all add up to length. */
	__u64 irq;
	__u64 steal;
	__u64 idle;
	__u64 unknown;
	__u64 other; /* cgroups that are not among culprits */
	struct stall_culprit culprits[STALL_CULPRITS];
	__u8 comm[16];
};

#endif
