// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ledger: where the time of every thread goes, per cgroup and CPU, from one hook.
 *
 * At each context switch the thread that leaves enters an off-CPU state and the one that comes leaves its own. How long
 * the comer waited is read from the scheduler's own bookkeeping: inside the tracepoint, sched_info.last_queued still
 * holds the time of the enqueue, so no wakeup has to be watched. Time is the local run queue's clock, which __schedule()
 * has just updated. docs/ledger.md explains the arithmetic; docs/adr/ says why it is so.
 */
#include "include/kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "include/compat.bpf.h"
#include "include/histogram.bpf.h"
#include "include/order.bpf.h"
#include "ledger.h"
#include "include/records.bpf.h"
#include "include/stalls.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Chosen by user space before load; what is off is removed by the verifier. */
const volatile u32 slot_count = 1024;
const volatile u32 throttle_mode = LEDGER_THROTTLE_UNKNOWN;
const volatile u32 hierarchy = LEDGER_HIERARCHY_V2;
const volatile u32 cpu_controller = 0;		/* cpu_cgrp_id of the running kernel */
const volatile bool creates_under_lock = false; /* 6.4: task storage may be made with a run queue locked */
const volatile bool has_prev_state_arg = false; /* fa2c3254d7cf, 9c2136be0878, 5.18: state as the 4th argument */
/* ns. A wait is blamed from blame_threshold on, which is not above that of waits. */
const volatile u64 least_threshold = ~0ULL; /* of all of these: what is shorter needs no closer look */
const volatile u64 blame_threshold = ~0ULL;
const volatile u64 wait_threshold = ~0ULL;
const volatile u64 throttle_threshold = ~0ULL;
const volatile u64 blocked_threshold = ~0ULL;
const volatile u64 stopped_threshold = ~0ULL;

/* Added to CLOCK_MONOTONIC gives the run queue clock; kept by the hook. */
s64 clock_offset;
/* Slots handed out and cgroups removed, ever: user space looks closer when they change. */
u64 slots_given;
u64 slots_orphaned;
u64 lost[LEDGER_LOST_REASONS];
/* Moves of threads between cgroups so far, and when the last one was, on the run queue clock. */
u32 cgroup_moves;
u64 moved_at;
/* Set at the first throttling ever seen by the hooks: until then nobody pays for looking. */
u32 throttling_seen;
/* Iterator: the moment user space reads the cells for, and when it had read them, on the run queue clock. */
u64 open_at;
u64 open_until;

/* Keep the layouts of what the iterator and stalls write in the object's BTF, where user space's twin is checked against it. */
const struct ledger_open *ledger_open_layout __attribute__((unused));
const struct stall *stall_layout __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* set at load: CPUs * slots; index is cpu * slot_count + slot */
	__type(key, u32);
	__type(value, struct ledger_cell);
} cells SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* set at load: CPUs */
	__type(key, u32);
	__type(value, struct ledger_cpu);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* set at load: CPUs. Not mapped: kernel addresses stay in the kernel. */
	__type(key, u32);
	__type(value, u64);
} run_queues SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* set at load: slots */
	__type(key, u32);
	__type(value, struct ledger_slot);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* set at load: slots */
	__type(key, u32);
	__type(value, struct ledger_spells);
} spells SEC(".maps");

/* How often a waits[] counter has wrapped at 2^32, all CPUs together; key is slot * HISTOGRAM_CELLS + cell. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096); /* wraps take hours at 100,000 waits a second in one cell: few cells ever have any */
	__type(key, u32);
	__type(value, u64);
} wait_carries SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set at load: slots */
	__type(key, u64);
	__type(value, u32);
} slot_by_cgroup SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 1); /* set at load: slots */
	__type(value, u32);
} free_slots SEC(".maps");

/* Throttling of one group on one CPU, by the hooks; for kernels without a clock of it. */
struct throttle_clock {
	u64 total; /* ns, closed spells */
	u64 since; /* start of the open one; 0 = none */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1); /* set at load */
	__type(key, u64);	/* address of the cfs_rq: an identity, never followed */
	__type(value, struct throttle_clock);
} throttle_clocks SEC(".maps");

/* ns that a slot was made to wait by another, or by its own threads; key is victim << 32 | culprit. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set at load */
	__type(key, u64);
	__type(value, u64);
} delays SEC(".maps");

#define PF_KTHREAD 0x00200000
#define CSS_ONLINE 0x2 /* of a cgroup itself: taken away before its removal is traced */

#define STATE_UNINTERRUPTIBLE 0x0002
#define STATE_STOPPED	      0x000c /* by a signal, or traced and stopped */
#define STATE_DEAD	      0x0080
#define STATE_NOLOAD	      0x0400 /* with UNINTERRUPTIBLE: TASK_IDLE, a sleep that is nobody's wait */
#define STATE_RTLOCK_WAIT     0x1000 /* blocked on a sleeping spinlock (PREEMPT_RT); never set otherwise */

#define LEDGER_BORN_SLACK (1000 * 1000ULL) /* ns */

#define CGROUP_DEPTH  16
#define SYNC_INTERVAL (64ULL * 1024 * 1024) /* ns between two readings of CLOCK_MONOTONIC per CPU: about 15 a second */

static __always_inline void count_lost(enum ledger_lost reason)
{
	__sync_fetch_and_add(&lost[reason], 1);
}

static __always_inline struct ledger_cell *cell_of(u32 cpu, u32 slot)
{
	u32 index = cpu * slot_count + slot;

	return bpf_map_lookup_elem(&cells, &index);
}

/* ---- records of threads -------------------------------------------------------------------------------------------- */

/*
 * Takes the thread's place in the table, unless somebody has it. Who adds to claims and then sees 1 is alone; of two who
 * come together, one or none gets it. (No compare-and-exchange: it is not there before 5.12.)
 */
static __always_inline struct ledger_task *take_place(u32 pid, struct ledger_task *initial)
{
	struct ledger_task *place = place_of(pid);

	if (!place || place->pid)
		return 0;
	__sync_fetch_and_add(&place->claims, 1);
	if (*(volatile u32 *)&place->claims != 1) {
		__sync_fetch_and_add(&place->claims, -1);
		return 0;
	}
	place->css_set = 0;
	place->moves = 0;
	place->slot = 0;
	place->out = initial->out;
	place->run_delay = initial->run_delay;
	place->in = 0;
	place->waited = 0;
	place->cpu = 0;
	place->state = initial->state;
	place->from = initial->from;
	place->cgroup = 0;
	place->throttle = 0;
	place->cfs_rq = 0;
	place->vcpu = 0;
	barrier();
	*(volatile u32 *)&place->pid = pid;
	return place;
}

/*
 * Makes a thread's record. Not under a run queue's lock before 6.4 (08a7ce384e33, "bpf: Use bpf_mem_cache_alloc/free in
 * bpf_local_storage_elem"): task storage's allocation could wake kswapd, which takes such a lock.
 */
static __noinline struct ledger_task *remember(struct task_struct *task, u32 state, u32 from, u64 out)
{
	struct ledger_task initial = {
		.state = state,
		.from = from,
		.out = out,
		.run_delay = state == LEDGER_BORN ? 0 : task->sched_info.run_delay,
	};
	u32 pid = task->pid;
	struct ledger_task *made = take_place(pid, &initial);

	if (made)
		return made;
	if (has_task_storage) {
		made = bpf_task_storage_get(&spare_records, task, &initial, BPF_LOCAL_STORAGE_GET_F_CREATE);
	} else {
		bpf_map_update_elem(&spare_records_by_pid, &pid, &initial, BPF_NOEXIST);
		made = bpf_map_lookup_elem(&spare_records_by_pid, &pid);
	}
	if (!made)
		count_lost(LEDGER_LOST_RECORDS);
	return made;
}

/* The thread has left for good. Task storage goes with its task. */
static __always_inline void forget(struct task_struct *task, struct ledger_task *record)
{
	u32 pid = task->pid;

	if (record->pid) {
		*(volatile u32 *)&record->pid = 0;
		barrier();
		__sync_fetch_and_add(&record->claims, -1);
	} else if (!has_task_storage) {
		bpf_map_delete_elem(&spare_records_by_pid, &pid);
	}
}

/* ---- which slot --------------------------------------------------------------------------------------------------- */

static __always_inline struct cgroup *cgroup_of(struct task_struct *task, u64 *key)
{
	struct cgroup *cgroup;

	*key = 0;
	if (hierarchy != LEDGER_HIERARCHY_V1) {
		cgroup = task->cgroups->dfl_cgrp;
		u64 id = cgroup->kn->id;

		/* The root of any hierarchy has id 1. */
		if (hierarchy == LEDGER_HIERARCHY_V2 || id != 1) {
			*key = id;
			return cgroup;
		}
	}
	cgroup = task->sched_task_group->css.cgroup;
	*key = cgroup->kn->id | LEDGER_KEY_V1;
	return cgroup;
}

static __always_inline bool is_root(u64 key)
{
	return (key & ~LEDGER_KEY_V1) == 1;
}

static __always_inline void describe_slot(struct ledger_slot *slot, struct kernfs_node *kn)
{
	u32 used = 0;

	slot->cut = 1;
	for (int depth = 0; depth < CGROUP_DEPTH; depth++) {
		struct kernfs_node *parent = kernfs_parent(kn);

		if (!parent) {
			slot->cut = 0;
			break;
		}
		if (used >= LEDGER_PATH)
			break;
		long length = bpf_probe_read_kernel_str(&slot->path[used], LEDGER_NAME, BPF_CORE_READ(kn, name));

		if (length <= 0 || length > LEDGER_NAME)
			break;
		used += length;
		kn = parent;
	}
	slot->length = used;
}

static __always_inline void orphan_slot(struct ledger_slot *slot)
{
	slot->died = bpf_ktime_get_ns();
	__sync_fetch_and_add(&slots_orphaned, 1);
}

/*
 * Gives the cgroup a slot. Two CPUs may meet here for the same one: the first in the table wins. Takes the address of its
 * kernfs_node as a number, as functions that are verified on their own must.
 */
__noinline u32 give_slot(u64 key, u64 kn)
{
	u32 slot, *found;
	struct ledger_slot *info;
	struct cgroup *cgroup;

	if (bpf_map_pop_elem(&free_slots, &slot))
		return LEDGER_SLOT_UNATTRIBUTED;
	if (bpf_map_update_elem(&slot_by_cgroup, &key, &slot, BPF_NOEXIST)) {
		bpf_map_push_elem(&free_slots, &slot, BPF_ANY);
		found = bpf_map_lookup_elem(&slot_by_cgroup, &key);
		return found ? *found : LEDGER_SLOT_UNATTRIBUTED;
	}
	info = bpf_map_lookup_elem(&slots, &slot);
	if (!info)
		return LEDGER_SLOT_UNATTRIBUTED;
	describe_slot(info, (struct kernfs_node *)kn);
	info->died = 0;
	info->born = bpf_ktime_get_ns();
	barrier();
	*(volatile u64 *)&info->cgroup = key;
	__sync_fetch_and_add(&slots_given, 1);
	/* A thread may leave for good after its cgroup was removed: then nobody else will say so. */
	cgroup = BPF_CORE_READ((struct kernfs_node *)kn, priv);
	if (!(BPF_CORE_READ(cgroup, self.flags) & CSS_ONLINE))
		orphan_slot(info);
	return slot;
}

/* The slow path: the thread is new or has been moved. */
static __always_inline u32 find_slot(struct task_struct *task, struct cgroup *cgroup, u64 key)
{
	u32 *found;

	if (is_root(key) && task->flags & PF_KTHREAD)
		return LEDGER_SLOT_KERNEL;
	found = bpf_map_lookup_elem(&slot_by_cgroup, &key);
	return found ? *found : give_slot(key, (u64)BPF_CORE_READ(cgroup, kn));
}

/* Asks for the thread's cgroup again: it is new, or something has moved. */
static __noinline u32 look_up_slot(struct task_struct *task, struct ledger_task *record)
{
	u64 key;
	struct cgroup *cgroup = cgroup_of(task, &key);

	if (record->cgroup != key) {
		record->slot = find_slot(task, cgroup, key);
		/* Without a slot, ask again at the next switch: one may have come free. */
		record->cgroup = record->slot == LEDGER_SLOT_UNATTRIBUTED ? 0 : key;
	}
	record->css_set = record->cgroup ? (u64)task->cgroups : 0;
	record->moves = cgroup_moves;
	return record->slot;
}

/*
 * A thread is in the cgroup it was in if its css_set is the same object. That is so if the address is, unless threads
 * have been moved between cgroups since: then it may be another object at the old address.
 */
static __always_inline u32 slot_of(struct task_struct *task, struct ledger_task *record)
{
	if (record->css_set == (u64)task->cgroups && record->moves == cgroup_moves)
		return record->slot;
	return look_up_slot(task, record);
}

/* ---- throttling --------------------------------------------------------------------------------------------------- */

/* ns for which a quota has kept the tasks of this run queue off, up to now: only differences mean something. */
static __always_inline u64 throttle_clock(struct cfs_rq *cfs_rq, u64 now)
{
	if (throttle_mode == LEDGER_THROTTLE_HOOKS) {
		if (!throttling_seen)
			return 0;

		u64 key = (u64)cfs_rq;
		struct throttle_clock *clock = bpf_map_lookup_elem(&throttle_clocks, &key);

		if (!clock)
			return 0;

		u64 since = clock->since;

		/* A run queue freed while throttled leaves its start behind; its successor at that address is not throttled. */
		return clock->total + (since && now > since && cfs_rq->throttle_count ? now - since : 0);
	}
	if (throttle_mode == LEDGER_THROTTLE_TASK || throttle_mode == LEDGER_THROTTLE_CLOCK)
		return throttle_clock_of(cfs_rq, now);
	return 0;
}

static __always_inline bool is_throttled(struct task_struct *task, struct cfs_rq *cfs_rq)
{
	if (throttle_mode == LEDGER_THROTTLE_TASK)
		return task_is_throttled(task);
	if (throttle_mode == LEDGER_THROTTLE_UNKNOWN)
		return false;
	return cfs_rq->throttle_count > 0;
}

/*
 * The thread's run queue, where every wait is asked for what of it was throttled. Asked for early, before ways part: since 6.3
 * verifiers search all names of the kernel's types, four times, for each way in which they come by the load of a pointer.
 */
static __always_inline struct cfs_rq *queue_of(struct task_struct *task)
{
	struct cfs_rq *cfs_rq = 0;

	if (throttle_mode == LEDGER_THROTTLE_CLOCK || throttle_mode == LEDGER_THROTTLE_HOOKS)
		cfs_rq = task->se.cfs_rq;
	opaque(cfs_rq);
	return cfs_rq;
}

/* Of a wait that ends now, the part spent throttled. */
static __always_inline u64 throttled_part(struct task_struct *task, struct cfs_rq *cfs_rq, struct ledger_task *record,
					  u64 wait, u64 now)
{
	u64 part;

	if (throttle_mode == LEDGER_THROTTLE_UNKNOWN)
		return 0;
	if (throttle_mode == LEDGER_THROTTLE_TASK) {
		if (record->state != LEDGER_THROTTLED)
			return 0;
		cfs_rq = BPF_CORE_READ(task, se.cfs_rq);
	}
	if (record->cfs_rq != (u64)cfs_rq) {
		if (record->state != LEDGER_THROTTLED)
			return 0;
		count_lost(LEDGER_LOST_REBASED);
		return wait;
	}
	part = throttle_mode == LEDGER_THROTTLE_TASK ? throttle_clock_copied(cfs_rq, now) : throttle_clock(cfs_rq, now);
	part -= record->throttle;
	if ((s64)part < 0)
		return 0;
	return part < wait ? part : wait;
}

static __always_inline void note_throttle_clock(struct cfs_rq *cfs_rq, struct ledger_task *record, u64 now)
{
	record->cfs_rq = (u64)cfs_rq;
	record->throttle = throttle_clock(cfs_rq, now);
}

static __always_inline void count_spell(u32 slot, u64 ns)
{
	struct ledger_spells *spell = bpf_map_lookup_elem(&spells, &slot);
	u32 cell = histogram_cell_called(ns);

	opaque(cell);
	if (!spell || cell >= HISTOGRAM_CELLS)
		return;
	__sync_fetch_and_add(&spell->sum, ns);
	__sync_fetch_and_add(&spell->cells[cell], 1);
}

/* Before 6.18 a woken thread may queue up behind a throttled group: its clock must be noted when its wait begins. */
static __always_inline int woken(struct task_struct *task)
{
	struct cfs_rq *cfs_rq = task->se.cfs_rq;
	u64 now = cfs_rq->rq->clock, clock = throttle_clock(cfs_rq, now);
	struct ledger_task *record;

	if (!clock) /* never throttled: what is noted is 0 as well */
		return 0;
	record = record_of(task);
	if (record) {
		record->cfs_rq = (u64)cfs_rq;
		record->throttle = clock;
	}
	return 0;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(ledger_wakeup, struct task_struct *task)
{
	return woken(task);
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(ledger_wakeup_new, struct task_struct *task)
{
	return woken(task);
}

static __always_inline struct throttle_clock *hooked_clock(struct task_group *group, struct rq *rq, bool create)
{
	struct task_group___cfs_rqs *groups = (void *)group;
	struct cfs_rq **cfs_rqs = BPF_CORE_READ(groups, cfs_rq), *cfs_rq = 0;
	struct throttle_clock empty = {}, *clock;
	u64 key;

	bpf_probe_read_kernel(&cfs_rq, sizeof(cfs_rq), cfs_rqs + BPF_CORE_READ(rq, cpu));
	/* Nested throttling: only the first down and the last up count; each hook runs before the function changes it. */
	if (!cfs_rq || BPF_CORE_READ(cfs_rq, throttle_count) != (create ? 0 : 1))
		return 0;
	key = (u64)cfs_rq;
	clock = bpf_map_lookup_elem(&throttle_clocks, &key);
	if (clock || !create)
		return clock;
	bpf_map_update_elem(&throttle_clocks, &key, &empty, BPF_NOEXIST);
	return bpf_map_lookup_elem(&throttle_clocks, &key);
}

static __always_inline int throttle_down(struct task_group *group, struct rq *rq)
{
	struct throttle_clock *clock = hooked_clock(group, rq, true);

	if (clock)
		clock->since = BPF_CORE_READ(rq, clock);
	throttling_seen = 1;
	return 0;
}

static __always_inline int unthrottle_up(struct task_group *group, struct rq *rq)
{
	struct throttle_clock *clock = hooked_clock(group, rq, false);
	u64 now = BPF_CORE_READ(rq, clock), since;

	if (!clock)
		return 0;
	since = clock->since;
	clock->since = 0;
	if (since && now > since)
		clock->total += now - since;
	return 0;
}

SEC("fentry/tg_throttle_down")
int BPF_PROG(ledger_throttle_fentry, struct task_group *group, void *rq)
{
	return throttle_down(group, rq);
}

SEC("fentry/tg_unthrottle_up")
int BPF_PROG(ledger_unthrottle_fentry, struct task_group *group, void *rq)
{
	return unthrottle_up(group, rq);
}

SEC("kprobe/tg_throttle_down")
int BPF_KPROBE(ledger_throttle_kprobe, struct task_group *group, void *rq)
{
	return throttle_down(group, rq);
}

SEC("kprobe/tg_unthrottle_up")
int BPF_KPROBE(ledger_unthrottle_kprobe, struct task_group *group, void *rq)
{
	return unthrottle_up(group, rq);
}

/* ---- the switch --------------------------------------------------------------------------------------------------- */

static __always_inline u32 state_of_leaver(struct task_struct *task, struct cfs_rq *cfs_rq, bool preempt, u32 bits)
{
	if (preempt || !bits) /* a preempted thread is runnable, whatever it was about to do */
		return is_throttled(task, cfs_rq) ? LEDGER_THROTTLED : LEDGER_WAITING;
	if (bits & STATE_DEAD)
		return LEDGER_DEAD;
	if (bits & STATE_RTLOCK_WAIT || (bits & (STATE_UNINTERRUPTIBLE | STATE_NOLOAD)) == STATE_UNINTERRUPTIBLE)
		return LEDGER_BLOCKED;
	return LEDGER_SLEEPING;
}

static __always_inline void enter(struct ledger_cell *cell, u64 state, u64 now)
{
	cell->head.threads[state]++;
	cell->head.time[state] -= now;
}

static __always_inline void leave(struct ledger_cell *cell, u32 state, u64 now)
{
	cell->head.threads[state]--;
	cell->head.time[state] += now;
}

static __noinline int carry_wait(u32 slot, u32 cell)
{
	u32 key = slot * HISTOGRAM_CELLS + cell;
	u64 none = 0, *carry;

	bpf_map_update_elem(&wait_carries, &key, &none, BPF_NOEXIST);
	carry = bpf_map_lookup_elem(&wait_carries, &key);
	if (carry)
		__sync_fetch_and_add(carry, 1);
	else
		count_lost(LEDGER_LOST_CARRIES);
	return 0;
}

static __always_inline void count_wait(struct ledger_cell *cell, u32 slot, u64 wait, bool rare)
{
	u32 bucket = rare ? histogram_cell_called(wait) : histogram_cell(wait);

	cell->head.wait_sum += wait;
	opaque(bucket);
	if (bucket < HISTOGRAM_CELLS && !++cell->waits[bucket])
		carry_wait(slot, bucket);
}

/*
 * Ends the absence of a thread: what of it was waiting, what was throttled, and the rest in the state it left in.
 * Everything is charged to the slot it left from.
 */
static __always_inline bool end_absence(struct task_struct *task, struct ledger_task *record, struct ledger_cell *cell,
					u32 slot, u32 cpu, u64 now, struct ledger_cpu *local)
{
	struct cfs_rq *cfs_rq = queue_of(task);
	bool rare = !local, slow = false;
	u32 from = record->state, in = from;
	u64 queued = task->sched_info.last_queued;
	u64 here = queued && now > queued ? now - queued : 0;
	u64 wait = here + task->sched_info.run_delay - record->run_delay;
	u64 away = now - record->out, throttled;
	bool unknown = record->from & LEDGER_MISSTAMPED;

	if (from == LEDGER_UNSEEN) {
		in = record->from & LEDGER_STATE_MASK;
	} else if (from == LEDGER_BORN) {
		in = LEDGER_WAITING;
		away = wait;
	}
	opaque(in);
	if (in == LEDGER_RUNNING || in >= LEDGER_STATES) {
		count_lost(LEDGER_LOST_MISSED);
		return false;
	}
	if ((s64)away < 0) {
		away = 0; /* two CPUs' clocks may be a hair apart, or it came before it was found */
		if (from != LEDGER_UNSEEN)
			count_lost(LEDGER_LOST_CLAMPED);
	}
	if (in == LEDGER_WAITING || in == LEDGER_THROTTLED) {
		wait = away;
	} else if (unknown) {
		wait = 0; /* rather than all of its sleep */
		count_lost(LEDGER_LOST_WAITS);
	} else if (wait > away) {
		wait = away;
	}
	throttled = throttled_part(task, cfs_rq, record, wait, now);

	if (from < LEDGER_STATES) {
		leave(cell, in, now);
	} else {
		cell->head.time[in] += away;
	}
	cell->head.time[in] -= wait;
	cell->head.time[LEDGER_WAITING] += wait - throttled;
	cell->head.time[LEDGER_THROTTLED] += throttled;
	if (!unknown)
		count_wait(cell, slot, wait - throttled, rare);
	if (throttled)
		count_spell(slot, throttled);
	if (watches_stalls && local && unlikely(away >= least_threshold)) {
		bool stopped = record->from & LEDGER_STOPPED;
		u64 held = in == LEDGER_BLOCKED || stopped ? away - wait : 0;

		slow = wait - throttled >= blame_threshold || throttled >= throttle_threshold;
		slow |= held >= (stopped ? stopped_threshold : blocked_threshold);
		if (slow) {
			local->ending.waited = wait - throttled;
			/* Preempted on its way to sleep, it is in the queue without a note of it. */
			local->ending.queued = here || record->cpu != cpu ? here : wait;
			local->ending.throttled = throttled;
			local->ending.held = held;
			local->ending.stopped = stopped;
		}
	}
	if (record->cpu != cpu && from < LEDGER_STATES)
		cell->head.migrations++;
	record->from = in;
	record->waited = wait;
	if (record->vcpu) {
		record->waiting += wait - throttled;
		record->throttled_time += throttled;
		if (in == LEDGER_BLOCKED)
			record->blocked += away - wait;
	}
	return slow;
}

static __always_inline void note_clocks(struct ledger_cpu *local, u64 now)
{
	if (now - local->sync_clock < SYNC_INTERVAL)
		return;

	u64 mono = bpf_ktime_get_ns();
	u32 version;

	version = begin_writing(&local->sync_version);
	local->sync_clock = now;
	local->sync_mono = mono;
	end_writing(&local->sync_version, version);
	clock_offset = now - mono;
}

/* The CPU's first switch: its account begins. */
static __noinline int begin_cpu(u32 cpu, struct ledger_cpu *local, struct rq *rq, u64 now)
{
	u64 address = (u64)rq;

	bpf_map_update_elem(&run_queues, &cpu, &address, BPF_ANY);
	local->slot = LEDGER_SLOT_UNATTRIBUTED;
	local->irq = rq_irq_time(rq);
	local->steal = rq_steal_time(rq);
	local->first_mono = bpf_ktime_get_ns();
	local->first = now;
	return 0;
}

/*
 * Takes down who ran until now. Turns of one slot that follow each other are one. Without a branch, which verifiers would follow
 * both ways to the end of the hook.
 */
static __always_inline void note_slice(struct ledger_cpu *local, u64 slot, u64 end)
{
	u32 turns = local->turns;
	u64 before = local->slices[(turns - 1) & (LEDGER_SLICES - 1)].who;
	u64 other = (u32)before ^ slot, negative = -other;
	struct ledger_slice *slice;

	opaque(negative);
	other = (other | negative) >> 63; /* 1 if it is another's turn */
	turns += other;
	slice = &local->slices[(turns - 1) & (LEDGER_SLICES - 1)];
	slice->end = end;
	slice->who = slot | (before & (other - 1));
	local->turns = turns;
}

/* What of it was not the slot's. */
static __always_inline void note_taken(struct ledger_cpu *local, u64 irq, u64 steal)
{
	u32 turn = (local->turns - 1) & (LEDGER_SLICES - 1);
	struct ledger_slice *slice = &local->slices[turn];
	struct ledger_taken *taken = &local->taken[turn];

	if (!(slice->who & LEDGER_TAKEN)) {
		taken->irq = 0;
		taken->steal = 0;
	}
	slice->who |= LEDGER_TAKEN;
	taken->irq += irq;
	taken->steal += steal;
}

/* What interrupts and the hypervisor took since the last switch, from whoever was running. */
static __always_inline void carve(struct ledger_cell *cell, struct ledger_cpu *local, struct rq *rq)
{
	u64 irq = rq_irq_time(rq), steal = rq_steal_time(rq);

	if (likely(irq == local->irq && steal == local->steal)) /* as in most turns */
		return;
	if (watches_stalls)
		note_taken(local, irq - local->irq, steal - local->steal);
	cell->head.irq += irq - local->irq;
	cell->head.steal += steal - local->steal;
	local->irq = irq;
	local->steal = steal;
}

/* The leaver's switch, and its entry into the state it leaves in. */
static __always_inline void count_leaving(struct ledger_cell *cell, struct task_struct *task, bool preempt, u32 bits,
					  u32 state, u64 now)
{
	u64 which = state; /* compared and used at full width: what verifiers before 5.13 can follow */

	if (!task->pid)
		return;
	if (preempt || !bits)
		cell->head.involuntary++;
	else
		cell->head.voluntary++;
	opaque(which);
	if (which < LEDGER_STATES)
		enter(cell, which, now);
}

static __always_inline u64 between(u64 least, u64 moment, u64 most)
{
	return moment < least ? least : moment > most ? most : moment;
}

/*
 * The leaver's coming was not seen: the hook is not run for every switch (a kernel may exempt a process), or its record is
 * younger than its turn. The scheduler knows when it came; its absence ends then, and so does the turn of whoever it
 * came after. Returns that moment. (A function of BPF takes five arguments: two are in one.)
 */
static __noinline u64 come_unseen(struct task_struct *task, struct ledger_task *record, u64 cpu_and_slot, u64 least,
				  u64 now)
{
	u32 cpu = cpu_and_slot >> 32, slot = cpu_and_slot;
	u64 came = between(least, task->sched_info.last_arrival, now);
	struct ledger_cell *cell = cell_of(cpu, slot);
	u32 version;

	if (record->state < LEDGER_STATES)
		count_lost(LEDGER_LOST_MISSED);
	if (cell) {
		version = begin_writing(&cell->head.version);
		end_absence(task, record, cell, slot, cpu, came, 0);
		end_writing(&cell->head.version, version);
	}
	record->in = came;
	return came;
}

/* The last switch of a thread: of a process's first one, which is one a process, when all that is left of it is its end. */
static __noinline int count_killed(struct task_struct *task, u32 slot)
{
	struct ledger_spells *rare;

	if (task->pid != task->tgid || !task->signal->oom_mm)
		return 0;
	rare = bpf_map_lookup_elem(&spells, &slot);
	if (rare)
		__sync_fetch_and_add(&rare->oom_kills, 1);
	return 0;
}

static __always_inline void switch_out(struct ledger_cpu *local, struct rq *rq, struct cfs_rq *cfs_rq, u32 cpu,
				       bool first, struct task_struct *prev, bool preempt, u32 bits, u64 now)
{
	struct ledger_cell *cell = cell_of(cpu, local->slot), *other;
	struct ledger_task *record = 0;
	u32 state = LEDGER_DEAD, slot = local->slot, version;
	u64 left = now; /* until when the time is local->slot's; then it is slot's */

	if (!cell)
		return;
	if (prev->pid) {
		record = record_of(prev);
	} else if (!first && slot != LEDGER_SLOT_IDLE) {
		/* Nobody knows when the CPU went idle: at once, rather than charge a thread with it. */
		count_lost(LEDGER_LOST_MISSED);
		slot = LEDGER_SLOT_IDLE;
		left = local->last;
	}
	if (record) {
		u32 stood = record->slot;

		state = state_of_leaver(prev, cfs_rq, preempt, bits);
		slot = slot_of(prev, record);
		if (record->state != LEDGER_RUNNING)
			left = come_unseen(prev, record,
					   (u64)cpu << 32 | (record->state < LEDGER_STATES ? stood : slot),
					   first ? now : local->last, now);
		else if (slot != local->slot) /* moved on its CPU, by the last move there was */
			left = between(record->in, moved_at, now);
		if (record->vcpu)
			record->ran += now - record->in;
		record->state = state;
		/* Read back, it is any number to the verifier: ways that differ in nothing else are one from here on. */
		state = *(volatile u8 *)&record->state;
		if (watches_stalls && bits & STATE_STOPPED && state == LEDGER_SLEEPING)
			record->from |= LEDGER_STOPPED;
		record->out = now;
		record->run_delay = prev->sched_info.run_delay;
		if (throttle_mode != LEDGER_THROTTLE_TASK || state == LEDGER_THROTTLED)
			note_throttle_clock(cfs_rq, record, now);
		if (state == LEDGER_DEAD) {
			count_killed(prev, slot);
			forget(prev, record);
		}
	}

	if (watches_stalls) {
		if (unlikely(left != now))
			note_slice(local, local->slot, left);
		note_slice(local, slot, now);
	}
	version = begin_writing(&cell->head.version);
	if (!first) {
		leave(cell, LEDGER_RUNNING, left);
		carve(cell, local, rq); /* of a turn in two parts, from the second */
	}
	if (slot == local->slot) {
		cell->head.time[LEDGER_RUNNING] += now - left;
		count_leaving(cell, prev, preempt, bits, state, now);
	}
	end_writing(&cell->head.version, version);

	if (slot != local->slot) {
		other = cell_of(cpu, slot);
		if (!other)
			return;
		version = begin_writing(&other->head.version);
		other->head.time[LEDGER_RUNNING] += now - left;
		count_leaving(other, prev, preempt, bits, state, now);
		end_writing(&other->head.version, version);
	}
}

/* A thread that neither fork nor the iterator showed us, such as one of another pid namespace: known from now on. */
static __noinline struct ledger_task *adopt(struct task_struct *task, u64 now)
{
	if (creates_under_lock || !has_task_storage)
		return remember(task, LEDGER_UNSEEN, LEDGER_SLEEPING, now);

	struct ledger_task initial = { .state = LEDGER_UNSEEN, .from = LEDGER_SLEEPING, .out = now };
	struct ledger_task *made = take_place(task->pid, &initial);

	if (!made)
		count_lost(LEDGER_LOST_UNKNOWN);
	return made;
}

/* ---- stalls --------------------------------------------------------------------------------------------------------- */

/* The lesser of two durations, without a branch for verifiers to follow. */
static __always_inline u64 lesser(u64 one, u64 other)
{
	u64 over = one - other, none = (s64)over >> 63;

	opaque(none);
	return one - (over & ~none);
}

/* Puts down a part of a wait to a slot. */
__noinline int charge_delay(u64 victim_and_culprit, u64 ns)
{
	u64 none = 0, *sum = bpf_map_lookup_elem(&delays, &victim_and_culprit);
	u32 victim = victim_and_culprit >> 32;
	struct stall_victim *account;

	if (!sum) {
		bpf_map_update_elem(&delays, &victim_and_culprit, &none, BPF_NOEXIST);
		sum = bpf_map_lookup_elem(&delays, &victim_and_culprit);
	}
	if (sum) {
		__sync_fetch_and_add(sum, ns);
		return 0;
	}
	count_lost(LEDGER_LOST_DELAYS);
	account = bpf_map_lookup_elem(&victims, &victim);
	if (account)
		__sync_fetch_and_add(&account->other, ns);
	return 0;
}

/* Whether the slot is whose it was then: turns are remembered for longer than some cgroups live. */
static __always_inline bool is_of(u32 slot, u64 then)
{
	struct ledger_slot *info;

	if (slot < LEDGER_SLOT_FIRST)
		return slot != LEDGER_SLOT_UNATTRIBUTED;
	info = bpf_map_lookup_elem(&slots, &slot);
	/* The slot may have been handed out in the switch that noted the turn. */
	return info && info->cgroup && then + LEDGER_BORN_SLACK > info->born + clock_offset;
}

/*
 * Part of a wait during which a slot ran. The sums of those that ran most are kept together and put down at the end; two that
 * share a place are put down in turn, the lesser first.
 */
__noinline int tally_slice(u64 cpu_and_victim, u64 culprit, u64 end, u64 ns)
{
	u32 cpu = cpu_and_victim >> 32, slot = culprit, resident;
	struct ledger_cpu *local = bpf_map_lookup_elem(&cpus, &cpu);
	struct ledger_tally *place;

	if (!local || !ns)
		return 0;
	if (slot == LEDGER_SLOT_IDLE) {
		local->ending.idle += ns;
		local->ending.named += ns;
		return 0;
	}
	if (!is_of(slot, end))
		return 0;
	local->ending.named += ns;
	place = &local->ending.tally[slot & (LEDGER_TALLY - 1)];
	resident = place->slot;
	if (resident == slot) {
		place->ns += ns;
		return 0;
	}
	if (place->ns < ns) {
		u64 less = place->ns;

		place->slot = slot;
		place->ns = ns;
		slot = resident;
		ns = less;
	}
	if (ns) {
		local->ending.rest += ns;
		charge_delay(cpu_and_victim << 32 | slot, ns);
	}
	return 0;
}

/* Of what a turn took, the share of a part of it. */
static __always_inline u64 share(u64 taken, u64 part, u64 whole)
{
	return lesser(taken * (part >> 10) / (whole >> 10), part);
}

/*
 * Walks back over who ran on this CPU since the wait began, and puts all of it down to somebody: what is not known to have
 * been anybody's is unknown.
 */
__noinline int blame_wait(u64 cpu_and_victim, u64 now)
{
	u32 cpu = cpu_and_victim >> 32, victim = cpu_and_victim, turns;
	struct ledger_cpu *local = bpf_map_lookup_elem(&cpus, &cpu);
	struct stall_victim *account = bpf_map_lookup_elem(&victims, &victim);
	struct ledger_ending *ending;
	u64 since, waited;

	if (!local || !account)
		return 0;
	ending = &local->ending;
	waited = ending->waited;
	since = now - lesser(ending->queued, waited);
	for (u32 i = 0; i < LEDGER_TALLY; i++) {
		ending->tally[i].slot = 0;
		ending->tally[i].ns = 0;
	}
	turns = local->turns;
	/* What is after the end of the last turn went into looking for work. */
	ending->idle = lesser(now - local->slices[(turns - 1) & (LEDGER_SLICES - 1)].end, now - since);
	ending->named = ending->idle;
	ending->until = now - ending->idle;
	ending->irq = 0;
	ending->steal = 0;
	ending->rest = 0;
	for (u32 back = 1; back < LEDGER_SLICES; back++) {
		u32 turn = (turns - back) & (LEDGER_SLICES - 1);
		struct ledger_slice *slice = &local->slices[turn];
		struct ledger_taken *taken = &local->taken[turn];
		u64 begin = local->slices[(turns - back - 1) & (LEDGER_SLICES - 1)].end;
		u64 left = ending->until - since, whole = slice->end - begin, part, irq, steal;

		if (!left || !begin || begin > ending->until)
			break;
		part = lesser(ending->until - begin, left);
		ending->until -= part;
		irq = slice->who & LEDGER_TAKEN ? share(taken->irq, part, whole) : 0;
		steal = slice->who & LEDGER_TAKEN ? lesser(share(taken->steal, part, whole), part - irq) : 0;
		ending->irq += irq;
		ending->steal += steal;
		ending->named += irq + steal;
		tally_slice(cpu_and_victim, slice->who, slice->end, part - irq - steal);
	}
	for (u32 i = 0; i < LEDGER_TALLY; i++) {
		u64 ns = ending->tally[i].ns;

		if (ns)
			charge_delay(cpu_and_victim << 32 | ending->tally[i].slot, ns);
	}
	__sync_fetch_and_add(&account->charged, waited);
	__sync_fetch_and_add(&account->irq, ending->irq);
	__sync_fetch_and_add(&account->steal, ending->steal);
	__sync_fetch_and_add(&account->idle, ending->idle);
	__sync_fetch_and_add(&account->unknown, waited - ending->named);
	__sync_fetch_and_add(&account->waits, 1);
	return 0;
}

/* Who ran during the wait, for one that is told. */
static __always_inline void add_culprits(struct stall *stall, struct ledger_ending *ending)
{
	stall->irq = ending->irq;
	stall->steal = ending->steal;
	stall->idle = ending->idle;
	stall->unknown = ending->waited - ending->named;
	stall->other = ending->rest;
	for (u32 i = 0; i < STALL_CULPRITS; i++) {
		u32 slot = ending->tally[i].slot;
		struct ledger_slot *info = bpf_map_lookup_elem(&slots, &slot);

		stall->culprits[i].slot = slot;
		stall->culprits[i].ns = ending->tally[i].ns;
		stall->culprits[i].cgroup = info ? info->cgroup : 0;
		stall->culprits[i].padding = 0;
	}
}

/* Tells of one stall of a thread that has just come to a CPU: as much of its absence, ending at that CLOCK_MONOTONIC time. */
__noinline int tell_stall(u64 kind, u64 cpu_and_slot, u64 length, u64 end)
{
	u32 cpu = cpu_and_slot >> 32, slot = cpu_and_slot;
	struct ledger_cpu *local = bpf_map_lookup_elem(&cpus, &cpu);
	struct ledger_slot *info = bpf_map_lookup_elem(&slots, &slot);
	struct stall *stall;

	if (!watches_stalls || !local || !info)
		return 0;
	stall = begin_stall(kind, slot, length, end);
	if (!stall)
		return 0;
	stall->cpu = cpu;
	stall->pid = local->ending.pid;
	stall->tgid = local->ending.tgid;
	stall->cgroup = info->cgroup;
	stall->reason = 0;
	stall->isa = 0;
	if (kind == STALL_WAIT)
		add_culprits(stall, &local->ending);
	else
		add_no_culprits(stall);
	__builtin_memcpy(stall->comm, local->ending.comm, sizeof(stall->comm));
	bpf_ringbuf_submit(stall, BPF_RB_NO_WAKEUP);
	return 0;
}

/*
 * Something of an absence was over its threshold: see local->ending. A thread is taken to have been blocked or stopped
 * first, then throttled, then waiting.
 */
__noinline int end_stall(u64 cpu_and_slot, u64 now)
{
	u32 cpu = cpu_and_slot >> 32;
	struct ledger_cpu *local = bpf_map_lookup_elem(&cpus, &cpu);
	u64 end = bpf_ktime_get_ns(), waited, throttled, held;
	u32 stopped;

	if (!watches_stalls || !local)
		return 0;
	waited = local->ending.waited;
	throttled = local->ending.throttled;
	held = local->ending.held;
	stopped = local->ending.stopped;
	if (waited >= blame_threshold)
		blame_wait(cpu_and_slot, now);
	if (held >= (stopped ? stopped_threshold : blocked_threshold))
		tell_stall(stopped ? STALL_STOPPED : STALL_BLOCKED, cpu_and_slot, held, end - waited - throttled);
	if (throttled >= throttle_threshold)
		tell_stall(STALL_THROTTLE, cpu_and_slot, throttled, end - waited);
	if (waited >= wait_threshold)
		tell_stall(STALL_WAIT, cpu_and_slot, waited, end);
	return 0;
}

static __noinline int stalled(struct ledger_cpu *local, struct task_struct *task, u64 cpu_and_slot, u64 now)
{
	local->ending.pid = task->pid;
	local->ending.tgid = task->tgid;
	bpf_probe_read_kernel(local->ending.comm, sizeof(local->ending.comm), task->comm);
	return end_stall(cpu_and_slot, now);
}

/* Returns the slot to charge from now on. */
static __always_inline u32 switch_in(struct ledger_cpu *local, u32 cpu, struct task_struct *next, u64 now)
{
	struct ledger_task *record = 0;
	struct ledger_cell *cell;
	u32 slot = LEDGER_SLOT_IDLE, version;
	bool slow;

	if (next->pid) {
		slot = LEDGER_SLOT_UNATTRIBUTED;
		record = record_of(next);
		if (!record)
			record = adopt(next, now);
	}
	if (record) {
		u32 before = record->slot;

		slot = slot_of(next, record);
		if (record->state >= LEDGER_STATES)
			before = slot; /* its absence stands in no cell yet */
		if (slot == LEDGER_SLOT_UNATTRIBUTED)
			count_lost(LEDGER_LOST_OVERFLOW);
		cell = cell_of(cpu, before);
		if (!cell)
			return slot;
		version = begin_writing(&cell->head.version);
		slow = end_absence(next, record, cell, before, cpu, now, local);
		record->state = LEDGER_RUNNING;
		record->in = now;
		record->cpu = cpu;
		if (before == slot) {
			enter(cell, LEDGER_RUNNING, now);
			end_writing(&cell->head.version, version);
			if (unlikely(slow))
				stalled(local, next, (u64)cpu << 32 | slot, now);
			return slot;
		}
		end_writing(&cell->head.version, version);
		if (slow)
			stalled(local, next, (u64)cpu << 32 | before, now);
	}
	cell = cell_of(cpu, slot);
	if (!cell)
		return slot;
	version = begin_writing(&cell->head.version);
	enter(cell, LEDGER_RUNNING, now);
	end_writing(&cell->head.version, version);
	return slot;
}

/*
 * Between the end of the leaver's time, by the kernel's own account of it, and now, the CPU looked for work elsewhere
 * (newidle balancing): nobody's time but the CPU's. Returns how long.
 */
static __always_inline u64 search_for_work(struct rq *rq, struct ledger_cpu *local, struct task_struct *prev, u32 cpu,
					   u64 now)
{
	u64 gap = rq->clock_task - prev->se.exec_start;
	struct ledger_cell *cell;
	u32 version;

	if (!gap || !prev->pid || gap >= now - local->last)
		return 0;
	cell = cell_of(cpu, LEDGER_SLOT_IDLE);
	if (!cell)
		return 0;
	version = begin_writing(&cell->head.version);
	cell->head.time[LEDGER_RUNNING] += gap;
	end_writing(&cell->head.version, version);
	return gap;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(ledger_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	struct cfs_rq *cfs_rq = prev->se.cfs_rq;
	struct rq *rq = cfs_rq->rq;
	u64 now = rq->clock, gap = 0;
	u32 cpu = rq->cpu;
	struct ledger_cpu *local = bpf_map_lookup_elem(&cpus, &cpu);
	bool first;

	if (!local)
		return 0;
	first = !local->first;
	if (first)
		begin_cpu(cpu, local, rq, now);
	else
		gap = search_for_work(rq, local, prev, cpu, now);
	switch_out(local, rq, cfs_rq, cpu, first, prev, preempt, has_prev_state_arg ? (u32)ctx[3] : task_state(prev),
		   now - gap);
	local->slot = switch_in(local, cpu, next, now);
	local->last = now;
	note_clocks(local, now);
	return 0;
}

/* ---- birth, seeding, death ---------------------------------------------------------------------------------------- */

SEC("tp_btf/sched_process_fork")
int BPF_PROG(ledger_fork, struct task_struct *parent, struct task_struct *child)
{
	remember(child, LEDGER_BORN, LEDGER_WAITING, 0);
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(ledger_move, struct cgroup *cgroup, const char *path, struct task_struct *task, bool threadgroup)
{
	moved_at = bpf_ktime_get_ns() + clock_offset;
	__sync_fetch_and_add(&cgroup_moves, 1);
	return 0;
}

/*
 * From 6.12 a thread that went to sleep may stay queued for a while. When a new affinity or the balancer moves it to another
 * run queue then, sched_info_enqueue() notes the move as the beginning of a wait, and nothing clears that until the thread
 * has slept, waited and come to a CPU: run_delay gets all of its sleep. Nobody but a watcher of wakeups knows how long it
 * really waits.
 */
SEC("tp_btf/sched_migrate_task")
int BPF_PROG(ledger_migrate, struct task_struct *task, int destination)
{
	struct ledger_task *record;

	if (!sleeps_in_queue(task))
		return 0;
	record = record_of(task);
	if (record && record->state != LEDGER_RUNNING)
		record->from |= LEDGER_MISSTAMPED;
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(ledger_rmdir, struct cgroup *cgroup, const char *path)
{
	u64 key = cgroup->kn->id;
	struct ledger_slot *info;
	u32 *slot;

	if (cgroup->root->hierarchy_id) {
		if (!(cgroup->root->subsys_mask & 1 << cpu_controller))
			return 0;
		key |= LEDGER_KEY_V1;
	}
	slot = bpf_map_lookup_elem(&slot_by_cgroup, &key);
	if (!slot)
		return 0;
	info = bpf_map_lookup_elem(&slots, slot);
	if (!info)
		return 0;
	orphan_slot(info);
	return 0;
}

/* Once, after attaching: threads older than the ledger get a record, and their cgroups their slots. */
SEC("iter/task")
int ledger_seed(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct ledger_task *record;
	u32 bits, from = LEDGER_SLEEPING;
	bool queued;

	if (!task || !task->pid || task->exit_state)
		return 0;
	bits = task_state(task);
	queued = task->on_rq && !sleeps_in_queue(task);
	if (!bits || (queued && task->sched_info.last_queued))
		from = LEDGER_WAITING;
	else if ((bits & (STATE_UNINTERRUPTIBLE | STATE_NOLOAD)) == STATE_UNINTERRUPTIBLE)
		from = LEDGER_BLOCKED;
	if (!queued && task->sched_info.last_queued) /* moved in its sleep: see ledger_migrate */
		from |= LEDGER_MISSTAMPED;
	if (from == LEDGER_SLEEPING && bits & STATE_STOPPED)
		from |= LEDGER_STOPPED;
	record = record_of(task);
	if (!record)
		record = remember(task, LEDGER_UNSEEN, from, bpf_ktime_get_ns() + clock_offset);
	if (record)
		slot_of(task, record);
	return 0;
}

/* ---- what is still open ------------------------------------------------------------------------------------------- */

/* As of then, how long the thread has been queued, and since it left the CPU. */
static __always_inline u64 queued_for(struct task_struct *task, struct ledger_task *record, u64 then)
{
	u64 queued = task->sched_info.last_queued;

	if (!queued || queued >= then || record->from & LEDGER_MISSTAMPED)
		return 0;
	if (queued < record->out)
		queued = record->out;
	return then - queued + task->sched_info.run_delay - record->run_delay;
}

/* As of then, how much of an open wait was throttled. */
static __always_inline u64 open_throttled_part(struct task_struct *task, struct ledger_task *record, u64 wait, u64 then)
{
	if (throttle_mode == LEDGER_THROTTLE_TASK && record->state == LEDGER_THROTTLED && task_is_throttled(task))
		return wait;
	return throttled_part(task, queue_of(task), record, wait, then);
}

/*
 * Interrupts and steal since the CPU's last switch: its thread has not left yet. One CPU a visited thread (there are
 * always more threads), for want of a loop that old verifiers follow.
 */
static __always_inline void open_cpu(u32 cpu)
{
	struct ledger_cpu *local = bpf_map_lookup_elem(&cpus, &cpu);
	u64 *address = bpf_map_lookup_elem(&run_queues, &cpu);
	struct rq *rq;

	if (!local || !address || !*address)
		return;
	rq = (struct rq *)*address;
	local->open_irq = rq_irq_time_probed(rq) - local->irq;
	local->open_steal = rq_steal_time_probed(rq) - local->steal;
}

/* A thread that was moved while on its CPU still stands in the slot it came in: its time since the move is the other's. */
static __noinline int move_open_run(struct seq_file *seq, struct task_struct *task, struct ledger_task *record,
				    u64 then)
{
	u32 cpu = record->cpu;
	struct ledger_cpu *local = bpf_map_lookup_elem(&cpus, &cpu);
	struct ledger_open open = { .state = LEDGER_RUNNING, .counted = -1 };
	u32 slot = slot_of(task, record);
	u64 moved = between(record->in, moved_at, then);

	if (!local || local->slot == slot || record->state != LEDGER_RUNNING || record->in >= then)
		return 0;
	open.slot = local->slot;
	open.extra = moved - then;
	bpf_seq_write(seq, &open, sizeof(open));
	open.slot = slot;
	open.extra = then - moved;
	open.counted = 1;
	bpf_seq_write(seq, &open, sizeof(open));
	return 0;
}

/*
 * The account of a thread that was woken but has not run stands in the state it slept in: only the thread itself knows
 * that it waits. Visits every thread and tells user space what to move from state to state, as of open_at. The cells were
 * read between open_at and open_until; a thread that came to a CPU after that is corrected as it was before.
 */
SEC("iter/task")
int ledger_open_intervals(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct ledger_open open = {};
	struct ledger_task *record;
	u64 then = open_at, wait = 0, throttled = 0;
	u32 state;

	if (!task)
		return 0;
	open_cpu(ctx->meta->seq_num);
	record = record_of(task);
	if (!record)
		return 0;
	state = record->state;
	if (state == LEDGER_RUNNING) {
		if (record->moves != cgroup_moves)
			move_open_run(ctx->meta->seq, task, record, then);
		if (record->in <= open_until || record->in - record->waited >= then)
			return 0;
		state = record->from;
		wait = then - (record->in - record->waited);
		if (state != LEDGER_SLEEPING && state != LEDGER_BLOCKED)
			return 0;
	} else if (state == LEDGER_BORN) {
		wait = queued_for(task, record, then);
		if (!wait)
			return 0;
		open.extra = wait;
		open.counted = 1;
		state = LEDGER_WAITING;
		slot_of(task, record);
	} else if (state == LEDGER_DEAD || record->out > then) {
		return 0;
	} else {
		if (state == LEDGER_UNSEEN) {
			state = record->from & LEDGER_STATE_MASK;
			open.extra = then - record->out;
			open.counted = 1;
			slot_of(task, record);
		}
		if (state == LEDGER_WAITING || state == LEDGER_THROTTLED)
			wait = then - record->out;
		else
			wait = queued_for(task, record, then);
		if (wait)
			throttled = open_throttled_part(task, record, wait, then);
	}
	open.slot = record->slot;
	open.state = state;
	open.throttled = throttled;
	open.waiting = wait - throttled;
	if (state == LEDGER_WAITING)
		open.waiting = 0;
	if (state == LEDGER_THROTTLED)
		open.throttled = 0;
	if (record->pid && record->pid != (u32)task->pid)
		return 0; /* the thread has died meanwhile, and its place is another's */
	if (open.extra || open.waiting || open.throttled)
		bpf_seq_write(ctx->meta->seq, &open, sizeof(open));
	return 0;
}
#ifdef BENCH_EMPTY
SEC("tp_btf/sched_switch") int ledger_zempty(void *ctx)
{
	return 0;
}
#endif
