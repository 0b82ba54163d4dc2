/* SPDX-License-Identifier: GPL-2.0-only */
/* Each difference between kernels in one place, with the change that made it. */
#ifndef OBSERVE_COMPAT_BPF_H
#define OBSERVE_COMPAT_BPF_H

#include "kernel.bpf.h"
#include <bpf/bpf_core_read.h>

#define FLAVOUR __attribute__((preserve_access_index))

/* 2f064a59a11f ("sched: Change task_struct::state"), 5.14: `volatile long state` became `unsigned int __state`. */
struct task_struct___state {
	volatile long state;
} FLAVOUR;

struct task_struct___new_state {
	unsigned int __state;
} FLAVOUR;

static __always_inline u32 task_state(struct task_struct *task)
{
	struct task_struct___state *old = (void *)task;

	if (bpf_core_field_exists(old->state))
		return old->state;
	return ((struct task_struct___new_state *)task)->__state;
}

/* e1fad12dcb66 ("sched/fair: Switch to task based throttle model"), 6.18: a throttled task is marked. */
struct task_struct___throttled {
	bool throttled;
} FLAVOUR;

static __always_inline bool task_is_throttled(struct task_struct *task)
{
	struct task_struct___throttled *new = (void *)task;

	return bpf_core_field_exists(new->throttled) && new->throttled;
}

/* 152e11f6df29 ("sched/fair: Implement delayed dequeue"), 6.12: a thread that went to sleep may stay queued for a while. */
struct sched_entity___delayed {
	unsigned char sched_delayed;
} FLAVOUR;

static __always_inline bool sleeps_in_queue(struct task_struct *task)
{
	struct sched_entity___delayed *entity = (void *)&task->se;

	return bpf_core_field_exists(entity->sched_delayed) && entity->sched_delayed;
}

/* 677ea015f231 ("sched: add throttled time stat for throttled children"), 6.6: the time a group's own tasks stood still. */
struct cfs_rq___self {
	u64 throttled_clock_self;
	u64 throttled_clock_self_time;
} FLAVOUR;

static __always_inline u64 throttle_clock_of(struct cfs_rq *cfs_rq, u64 now)
{
	struct cfs_rq___self *self = (void *)cfs_rq;
	u64 since;

	if (!bpf_core_field_exists(self->throttled_clock_self))
		return 0;
	since = self->throttled_clock_self;
	return self->throttled_clock_self_time + (since && now > since ? now - since : 0);
}

/* The same by copies: some ten times as long to run, and next to nothing to verify. */
static __always_inline u64 throttle_clock_copied(struct cfs_rq *cfs_rq, u64 now)
{
	struct cfs_rq___self *self = (void *)cfs_rq;
	u64 since;

	if (!bpf_core_field_exists(self->throttled_clock_self))
		return 0;
	since = BPF_CORE_READ(self, throttled_clock_self);
	return BPF_CORE_READ(self, throttled_clock_self_time) + (since && now > since ? now - since : 0);
}

/* Only kernels with CONFIG_IRQ_TIME_ACCOUNTING have the first, with CONFIG_PARAVIRT_TIME_ACCOUNTING the second. */
struct rq___irq {
	u64 prev_irq_time;
} FLAVOUR;

struct rq___steal {
	u64 prev_steal_time_rq;
} FLAVOUR;

static __always_inline u64 rq_irq_time(struct rq *rq)
{
	struct rq___irq *irq = (void *)rq;

	return bpf_core_field_exists(irq->prev_irq_time) ? irq->prev_irq_time : 0;
}

static __always_inline u64 rq_steal_time(struct rq *rq)
{
	struct rq___steal *steal = (void *)rq;

	return bpf_core_field_exists(steal->prev_steal_time_rq) ? steal->prev_steal_time_rq : 0;
}

/* The same for a run queue known by its address only. */
static __always_inline u64 rq_irq_time_probed(struct rq *rq)
{
	struct rq___irq *irq = (void *)rq;

	return bpf_core_field_exists(irq->prev_irq_time) ? BPF_CORE_READ(irq, prev_irq_time) : 0;
}

static __always_inline u64 rq_steal_time_probed(struct rq *rq)
{
	struct rq___steal *steal = (void *)rq;

	return bpf_core_field_exists(steal->prev_steal_time_rq) ? BPF_CORE_READ(steal, prev_steal_time_rq) : 0;
}

/* 633488947ef6 ("kernfs: Use RCU to access kernfs_node::parent"), 6.15: parent became __parent. */
struct kernfs_node___parent {
	struct kernfs_node *parent;
} FLAVOUR;

struct kernfs_node___rcu_parent {
	struct kernfs_node *__parent;
} FLAVOUR;

static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *kn)
{
	struct kernfs_node___parent *old = (void *)kn;
	struct kernfs_node___rcu_parent *new = (void *)kn;

	if (bpf_core_field_exists(old->parent))
		return BPF_CORE_READ(old, parent);
	return BPF_CORE_READ(new, __parent);
}

/* 512-CPU array of run queues per group until tg->cfs_rq became per-CPU memory (7.x); only used where hooks are (before 6.6). */
struct task_group___cfs_rqs {
	struct cfs_rq **cfs_rq;
} FLAVOUR;

#endif
