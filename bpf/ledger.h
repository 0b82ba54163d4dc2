/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ledger shares with user space: the only truth about these layouts. The C# twins in
 * src/Collectors/Sched/LedgerWire.cs are checked against this object's BTF in a test and by size at load.
 */
#ifndef OBSERVE_LEDGER_H
#define OBSERVE_LEDGER_H

/* Slots with a fixed meaning; cgroups get the rest. */
enum ledger_fixed_slot {
	LEDGER_SLOT_UNATTRIBUTED = 0, /* threads that found no slot or are not known yet: counted, never silent */
	LEDGER_SLOT_IDLE = 1,	      /* idle tasks */
	LEDGER_SLOT_KERNEL = 2,	      /* kernel threads in the root cgroup */
	LEDGER_SLOT_FIRST = 3,
};

/* Every thread is in exactly one of these at any moment. */
enum ledger_state {
	LEDGER_RUNNING = 0,   /* on a CPU */
	LEDGER_WAITING = 1,   /* runnable, not running, not throttled */
	LEDGER_THROTTLED = 2, /* runnable, kept off by a CPU quota */
	LEDGER_BLOCKED = 3,   /* uninterruptible sleep (D) */
	LEDGER_SLEEPING = 4,  /* any other sleep, stopped and traced included */
	LEDGER_STATES = 5,
	/* Marks in struct ledger_task only: nothing in a cell stands for these. */
	LEDGER_UNSEEN = 5, /* older than the ledger and not switched since */
	LEDGER_BORN = 6,   /* forked, not run yet */
	LEDGER_DEAD = 7,
	/* Flag beside a state: the scheduler's note of when the thread was queued is not that of its next wait. */
	LEDGER_MISSTAMPED = 8,
	/* Flag beside a sleep: the thread was stopped, by a signal or a debugger. */
	LEDGER_STOPPED = 16,
	LEDGER_STATE_MASK = 7,
};

/*
 * The account of one slot on one CPU, written by that CPU only, inside sched_switch.
 *
 * time[s] is the sum, in ns of the run queue clock, of (exit - entry) over threads that left state s, and of -entry
 * over those still in it; threads[s] is how many are in it, counted here. Summed over CPUs, time + threads * now is
 * the whole time in the state up to now, open intervals included, and no thread has to be visited for it.
 */
struct ledger_cell_head {
	__u32 version; /* odd while being written */
	__s32 threads[LEDGER_STATES];
	__s64 time[LEDGER_STATES]; /* ns */
	__u64 irq;		   /* ns of running that interrupts took, where the kernel tracks it */
	__u64 steal;		   /* ns of running that the hypervisor took, where the kernel tracks it */
	__u64 wait_sum;		   /* ns, sum of what is in waits[] */
	__u64 voluntary;	   /* switches */
	__u64 involuntary;	   /* switches */
	__u64 migrations;
};

struct ledger_cell {
	struct ledger_cell_head head;
	__u32 waits[138];  /* histogram of waits (histogram.bpf.h); wraps are carried into wait_carries */
	__u32 padding[10]; /* to 704 bytes: the counters share as few cache lines as they can */
};

#define LEDGER_SLICES 128 /* a power of two; waits that began before so many switches are known in part */

/* One turn of a slot on a CPU, whichever of its threads ran. It began where the one before it ended. */
struct ledger_slice {
	__u64 end; /* run queue clock; 0 = none yet */
	__u64 who; /* slot; with LEDGER_TAKEN if something of the turn was not the slot's */
};

#define LEDGER_TAKEN (1ULL << 32)

/* What was taken of a turn, where the kernel tracks that. */
struct ledger_taken {
	__u64 irq;   /* ns, by interrupts */
	__u64 steal; /* ns, by the hypervisor */
};

#define LEDGER_TALLY 8 /* a power of two */

/* Who ran during the wait that was looked at last, found by the low bits of the slot. */
struct ledger_tally {
	__u64 ns;
	__u32 slot; /* 0 = none */
	__u32 padding;
};

/* The absence that has just ended, if there is something to tell of it. */
struct ledger_ending {
	__u64 waited; /* ns, without what was throttled */
	__u64 queued; /* ns of waited that it stood in this CPU's queue; may be more */
	__u64 throttled;
	__u64 held; /* ns blocked; stopped, if that is set */
	/* How far the walk back has come: in memory, where any number is possible, ways through the loop are one to verifiers. */
	__u64 until;
	__u64 named; /* ns of waited that are put down to somebody or something */
	__u64 irq;
	__u64 steal;
	__u64 idle;
	__u64 rest; /* ns of others than those in tally */
	__u32 pid;
	__u32 tgid;
	__u8 comm[16];
	__u32 stopped;
	__u32 padding[5]; /* to two cache lines */
	struct ledger_tally tally[LEDGER_TALLY];
};

/* One CPU. Written by that CPU only, inside sched_switch. */
struct ledger_cpu {
	__u64 first;	    /* run queue clock of the first switch seen; 0 = none yet */
	__u64 first_mono;   /* CLOCK_MONOTONIC at that moment */
	__u64 last;	    /* run queue clock of the last switch */
	__u64 irq;	    /* rq->prev_irq_time at the last switch */
	__u64 steal;	    /* rq->prev_steal_time_rq at the last switch */
	__u64 sync_clock;   /* a moment on the run queue clock ... */
	__u64 sync_mono;    /* ... and, read just after it, CLOCK_MONOTONIC */
	__u32 sync_version; /* odd while the pair is being written */
	__u32 slot;	    /* whom the time since last is charged to */
	__u64 open_irq;	    /* what the iterator found of irq and steal since last; written by it alone */
	__u64 open_steal;
	__u32 turns; /* slices so far */
	__u32 padding;
	__u64 more_padding[5]; /* to two cache lines */
	struct ledger_ending ending;
	struct ledger_slice slices[LEDGER_SLICES]; /* the next one is at turns */
	struct ledger_taken taken[LEDGER_SLICES];  /* of those slices that say so */
};

#define LEDGER_PATH 512 /* bytes of path kept; longer ones are cut at the root end and flagged */
#define LEDGER_NAME 256 /* a cgroup's name has at most 255 */

/* Who has a slot. Written once by the kernel side when it hands the slot out, cleared by user space when it takes it back. */
struct ledger_slot {
	__u64 cgroup;			      /* key; written last, 0 = free */
	__u64 died;			      /* CLOCK_MONOTONIC ns of the rmdir; 0 = alive */
	__u64 born;			      /* CLOCK_MONOTONIC ns at which the slot was handed out */
	__u32 length;			      /* bytes of path */
	__u32 cut;			      /* 1 if the path did not fit */
	__u8 path[LEDGER_PATH + LEDGER_NAME]; /* names from the leaf to the root, a NUL after each */
};

/* Set in a cgroup key if the id is of the v1 cpu hierarchy: each hierarchy numbers its own. */
#define LEDGER_KEY_V1 (1ULL << 63)

/* What happens to a slot rarely enough for one shared cell and atomic additions: throttled spells, kills. */
struct ledger_spells {
	__u64 sum; /* ns */
	__u64 cells[138];
	__u64 oom_kills; /* processes that the kernel killed for want of memory, and that are dead */
};

/* Corrections for one thread, from the task iterator: see ledger_open in ledger.bpf.c. */
struct ledger_open {
	__u32 slot;
	__u32 state;	 /* the state whose account the thread's open interval stands in, or would */
	__s64 extra;	 /* ns to add to state: the thread is in no cell yet (its count too, if counted is 1) */
	__s64 waiting;	 /* ns to move from state to waiting */
	__s64 throttled; /* ns to move from state to throttled */
	__s32 counted;	 /* threads to add to state */
	__u32 padding;
};

/* What could not be accounted for, each a reason of observe_lost_total. */
enum ledger_lost {
	LEDGER_LOST_OVERFLOW = 0, /* switches to a thread whose cgroup found no free slot */
	LEDGER_LOST_UNKNOWN = 1,  /* switches to a thread without a record */
	LEDGER_LOST_MISSED = 2,	  /* threads whose last coming or going was not seen: the hook was not run for it */
	LEDGER_LOST_CLAMPED = 3,  /* absences that came out negative: two CPUs' clocks a hair apart */
	LEDGER_LOST_REBASED = 4,  /* throttled spells that ended on another run queue: counted whole as throttled */
	LEDGER_LOST_RECORDS = 5,  /* threads that got no record: out of memory or table full */
	LEDGER_LOST_CARRIES = 6,  /* wraps of a wait counter that found no room: each is 2^32 waits */
	LEDGER_LOST_WAITS = 7,	  /* waits of unknown length: the scheduler's note of their beginning was wrong */
	LEDGER_LOST_DELAYS = 8,	  /* waits blamed on a cgroup for which there was no room: in the victim's other */
	LEDGER_LOST_REASONS = 9,
};

/* How time kept off by a quota is told from waiting; chosen at load (docs/kernels.md). */
enum ledger_throttle {
	LEDGER_THROTTLE_UNKNOWN = 0, /* cannot be told: all is in waiting, and user space says so */
	LEDGER_THROTTLE_TASK = 1,    /* task_struct.throttled and the group's own clock: 6.18 and later */
	LEDGER_THROTTLE_CLOCK = 2,   /* the group's own clock, snapshots at wakeup: 6.6 to 6.17 */
	LEDGER_THROTTLE_HOOKS = 3,   /* hooks on throttling itself, snapshots at wakeup: before 6.6 */
};

/* Where a thread's cgroup is read. */
enum ledger_hierarchy {
	LEDGER_HIERARCHY_V2 = 0,
	LEDGER_HIERARCHY_HYBRID = 1, /* the default hierarchy unless the thread is in its root, then v1 cpu */
	LEDGER_HIERARCHY_V1 = 2,
};

#endif
