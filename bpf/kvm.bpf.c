// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each vCPU's thread does with its time: in the guest, handling exits, polling while halted, in the VMM; and how long
 * the handling of each exit took, by reason.
 *
 * Time is CPU time: between two hooks of one vCPU its thread may have been switched out, and the ledger, whose records are
 * shared, knows for how long. So sleep and preemption are in no exit's handling, and all parts add up to the time passed.
 * There are two ways in, raw tracepoints and, where the kernel has no BTF of KVM, classic ones; user space loads one of them.
 */
#include "include/kernel.bpf.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "include/histogram.bpf.h"
#include "include/kvm_types.bpf.h"
#include "include/order.bpf.h"
#include "ledger.h"
#include "include/records.bpf.h"
#include "include/stalls.bpf.h"
#include "kvm.h"

char LICENSE[] SEC("license") = "GPL";

/* kvm_exit passes three arguments; the kernel refuses to attach what would read more than there are. */
const volatile bool exit_has_three_arguments = false;
/* Where the classic tracepoints' records have these, in bytes, from their format files; 0 = they have not. */
const volatile u32 entry_vcpu_offset = 0;
const volatile u32 exit_reason_offset = 0;
const volatile u32 exit_isa_offset = 0;
const volatile u32 wakeup_ns_offset = 0;
const volatile u64 exit_threshold = ~0ULL; /* ns */

u64 lost[KVM_LOSTS];

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* set at load */
	__type(key, u32);
	__type(value, struct kvm_vcpu_account);
} vcpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* set at load. The first is nobody's: 0 stands for none. */
	__type(key, u32);
	__type(value, struct kvm_reason);
} reasons SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 1); /* set at load */
	__type(value, u32);
} free_vcpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 1); /* set at load */
	__type(value, u32);
} free_reasons SEC(".maps");

static __always_inline void count_lost(enum kvm_lost reason)
{
	__sync_fetch_and_add(&lost[reason], 1);
}

/* The current thread's record: as in the ledger, but the thread is not at hand as a pointer that may be followed. */
static __always_inline struct ledger_task *current_record(void)
{
	u32 pid = bpf_get_current_pid_tgid();
	struct ledger_task *record = place_of(pid);

	if (record && record->pid == pid)
		return record;
	if (has_task_storage)
		return bpf_task_storage_get(&spare_records, bpf_get_current_task_btf(), 0, 0);
	return bpf_map_lookup_elem(&spare_records_by_pid, &pid);
}

/* Its account; not one that user space has taken back, and perhaps given to another, since. */
static __always_inline struct kvm_vcpu_account *account_of(struct ledger_task *record)
{
	u32 index = record->vcpu - 1;
	struct kvm_vcpu_account *account = record->vcpu ? bpf_map_lookup_elem(&vcpus, &index) : 0;

	return account && account->tid == (u32)bpf_get_current_pid_tgid() ? account : 0;
}

static __always_inline void take_over(struct kvm_vcpu_account *account, struct ledger_task *record)
{
	account->in = record->in;
	account->ran = record->ran;
	account->waiting = record->waiting;
	account->throttled = record->throttled_time;
	account->blocked = record->blocked;
	account->cgroup = record->cgroup;
}

static __always_inline u64 part(u64 *whole, u64 wanted)
{
	u64 taken = (s64)wanted < 0 ? 0 : wanted < *whole ? wanted : *whole;

	*whole -= taken;
	return taken;
}

/*
 * The thread has been switched out since the last hook. Both stints' ends are hooks on CLOCK_MONOTONIC, both beginnings
 * switches on the run queue clock: in the difference, what the clocks are apart cancels out. Returns the CPU time.
 */
static __noinline u64 advance_switched(struct kvm_vcpu_account *account, struct ledger_task *record, u64 now)
{
	u64 passed = now - account->at;
	u64 on = record->ran - account->ran + passed - (record->in - account->in);

	on = part(&passed, on);
	account->time[KVM_TIME_WAITING] += part(&passed, record->waiting - account->waiting);
	account->time[KVM_TIME_THROTTLED] += part(&passed, record->throttled_time - account->throttled);
	account->time[KVM_TIME_BLOCKED] += part(&passed, record->blocked - account->blocked);
	account->time[KVM_TIME_SLEEPING] += passed;
	take_over(account, record);
	return on;
}

/* Brings the account to now but for its CPU time since the last hook, which is returned. */
static __always_inline u64 advance(struct kvm_vcpu_account *account, struct ledger_task *record, u64 now)
{
	u64 on = record->in == account->in ? now - account->at : advance_switched(account, record, now);

	account->at = now;
	return on;
}

static __noinline int open_account(struct ledger_task *record, u32 vcpu, u32 vm, u64 now)
{
	struct kvm_vcpu_account *account;
	u32 index;

	if (record->state != LEDGER_RUNNING) /* not switched since the ledger began */
		return 0;
	if (bpf_map_pop_elem(&free_vcpus, &index)) {
		count_lost(KVM_LOST_VCPUS);
		return 0;
	}
	account = bpf_map_lookup_elem(&vcpus, &index);
	if (!account)
		return 0;

	u64 thread = bpf_get_current_pid_tgid();

	record->ran = 0;
	record->waiting = 0;
	record->throttled_time = 0;
	record->blocked = 0;
	take_over(account, record);
	account->tgid = thread >> 32;
	account->vcpu = vcpu;
	account->vm = vm;
	account->mode = KVM_TIME_GUEST;
	account->born = now;
	account->at = now;
	barrier();
	*(volatile u32 *)&account->tid = thread;
	record->vcpu = index + 1;
	return 0;
}

static __noinline u32 open_reason(struct kvm_vcpu_account *account, u32 place, u32 reason, u32 isa)
{
	struct kvm_reason *made;
	u32 index = 0;

	if (bpf_map_pop_elem(&free_reasons, &index)) {
		count_lost(KVM_LOST_REASONS);
		return 0;
	}
	made = bpf_map_lookup_elem(&reasons, &index);
	if (!made)
		return 0;
	made->reason = reason;
	made->isa = isa;
	barrier();
	account->places[place & (KVM_REASON_PLACES - 1)] = index;
	return index;
}

/* Where the reason is counted; 0 = nowhere. Numbers that share a place go to the next. */
static __always_inline u32 reason_of(struct kvm_vcpu_account *account, u32 reason, u32 isa)
{
	for (u32 try = 0; try < 8; try++) {
		u32 place = (reason + try) & (KVM_REASON_PLACES - 1);
		u32 index = account->places[place];
		struct kvm_reason *found;

		if (!index)
			return open_reason(account, place, reason, isa);
		found = bpf_map_lookup_elem(&reasons, &index);
		if (found && found->reason == reason && found->isa == isa)
			return index;
	}
	count_lost(KVM_LOST_REASONS);
	return 0;
}

/* Tells of an exit whose handling took that long. */
__noinline int tell_exit(u64 cgroup, u64 slot, u64 reason_and_isa, u64 handling, u64 now)
{
	struct stall *stall;
	u64 thread = bpf_get_current_pid_tgid();

	if (!watches_stalls)
		return 0;
	stall = begin_stall(STALL_EXIT, slot, handling, now);
	if (!stall)
		return 0;
	stall->cpu = bpf_get_smp_processor_id();
	stall->pid = thread;
	stall->tgid = thread >> 32;
	stall->cgroup = cgroup;
	stall->reason = reason_and_isa >> 32;
	stall->isa = reason_and_isa;
	add_no_culprits(stall);
	bpf_get_current_comm(stall->comm, sizeof(stall->comm));
	bpf_ringbuf_submit(stall, BPF_RB_NO_WAKEUP);
	return 0;
}

/* Ends the handling of the current exit. */
static __always_inline void end_handling(struct kvm_vcpu_account *account, struct ledger_task *record, u64 on, u64 now)
{
	u32 index = account->current, cell;
	u64 handling = account->handling + on;
	struct kvm_reason *reason = bpf_map_lookup_elem(&reasons, &index);

	account->time[KVM_TIME_EXIT] += on;
	account->current = 0;
	if (!reason || !index)
		return;
	cell = histogram_cell(handling);
	reason->handled++;
	reason->handling += handling;
	opaque(cell);
	if (cell < HISTOGRAM_CELLS)
		reason->cells[cell]++;
	if (watches_stalls && handling >= exit_threshold)
		tell_exit(record->cgroup, record->slot, (u64)reason->reason << 32 | reason->isa, handling, now);
}

/* CPU time in the mode the account is in, which thereby ends. */
static __always_inline void end_mode(struct kvm_vcpu_account *account, struct ledger_task *record, u64 now)
{
	u64 on = advance(account, record, now);

	if (account->mode == KVM_TIME_EXIT)
		end_handling(account, record, on, now);
	else if (account->mode == KVM_TIME_USERSPACE)
		account->time[KVM_TIME_USERSPACE] += on;
	else
		account->time[KVM_TIME_GUEST] += on;
}

static __always_inline int enter_guest(struct ledger_task *record, struct kvm_vcpu_account *account)
{
	u64 now = bpf_ktime_get_ns();
	u32 version = begin_writing(&account->version);

	end_mode(account, record, now);
	account->mode = KVM_TIME_GUEST;
	end_writing(&account->version, version);
	return 0;
}

/* An entry without an account: the first, as a rule. */
static __always_inline int enter_first(struct ledger_task *record, u32 vcpu, u32 vm)
{
	if (record)
		return open_account(record, vcpu, vm, bpf_ktime_get_ns());
	count_lost(KVM_LOST_UNKNOWN);
	return 0;
}

static __always_inline int leave_guest(u32 reason, u32 isa)
{
	struct ledger_task *record = current_record();
	u64 now = bpf_ktime_get_ns();
	struct kvm_vcpu_account *account = record ? account_of(record) : 0;
	struct kvm_reason *counted;
	u32 version, index;

	if (!account)
		return 0;
	if (isa == KVM_ISA_VMX && reason != ~0u) /* above the basic reason are flags */
		reason &= 0xffff;
	version = begin_writing(&account->version);
	end_mode(account, record, now);
	account->mode = KVM_TIME_EXIT;
	account->handling = 0;
	account->exits++;
	index = reason_of(account, reason, isa);
	account->current = index;
	counted = bpf_map_lookup_elem(&reasons, &index);
	if (counted && index)
		counted->exits++;
	end_writing(&account->version, version);
	return 0;
}

static __always_inline int return_to_vmm(void)
{
	struct ledger_task *record = current_record();
	u64 now = bpf_ktime_get_ns();
	struct kvm_vcpu_account *account = record ? account_of(record) : 0;
	u32 version;

	if (!account)
		return 0;
	version = begin_writing(&account->version);
	end_mode(account, record, now);
	account->mode = KVM_TIME_USERSPACE;
	end_writing(&account->version, version);
	return 0;
}

/* A halt has ended after so many ns, of which the CPU time was spent polling (and going to sleep, if it came to that). */
static __always_inline int wake_up(u64 halted)
{
	struct ledger_task *record = current_record();
	u64 now = bpf_ktime_get_ns(), on, polled;
	struct kvm_vcpu_account *account = record ? account_of(record) : 0;
	u32 version;

	if (!account || account->mode != KVM_TIME_EXIT)
		return 0;
	version = begin_writing(&account->version);
	on = advance(account, record, now);
	polled = part(&on, halted);
	account->time[KVM_TIME_HALT_POLL] += polled;
	account->time[KVM_TIME_EXIT] += on;
	account->handling += on;
	end_writing(&account->version, version);
	return 0;
}

/* ---- raw tracepoints: KVM's types are in BTF ----------------------------------------------------------------------- */

static __always_inline u32 mark_of(void *kvm)
{
	return (u64)kvm * 0x9e3779b97f4a7c15ULL >> 32;
}

SEC("raw_tp/kvm_entry")
int kvm_entry_raw(u64 *ctx)
{
	void *vcpu = (void *)ctx[0];
	struct ledger_task *record = current_record();
	struct kvm_vcpu_account *account = record ? account_of(record) : 0;

	if (account)
		return enter_guest(record, account);
	return enter_first(record, id_of(vcpu), mark_of(kvm_of(vcpu)));
}

SEC("raw_tp/kvm_exit")
int kvm_exit_raw(u64 *ctx)
{
#if defined(__TARGET_ARCH_x86)
	void *vcpu = (void *)ctx[0];
	u32 isa = ctx[1];

	if (exit_has_three_arguments && (s64)ctx[0] >= 0) /* no address of the kernel: (exit_reason, vcpu, isa) */
		return leave_guest(ctx[0], ctx[2]);
	return leave_guest(isa == KVM_ISA_SVM	? svm_exit_reason(vcpu)
			   : isa == KVM_ISA_VMX ? vmx_exit_reason(vcpu)
						: ~0u,
			   isa);
#else
	/* arm64: (ret, esr_ec, vcpu_pc); the exception class counts where ret says that there was one (ARM_EXCEPTION_TRAP). */
	u32 cause = ctx[0] & 0xff;

	return leave_guest(cause == 2 ? ctx[1] : 0x100 | cause, 0);
#endif
}

SEC("raw_tp/kvm_userspace_exit")
int kvm_userspace_exit_raw(u64 *ctx)
{
	return return_to_vmm();
}

SEC("raw_tp/kvm_vcpu_wakeup")
int kvm_vcpu_wakeup_raw(u64 *ctx)
{
	return wake_up(ctx[0]);
}

/* ---- classic tracepoints: what their records hold is in tracefs ---------------------------------------------------- */

static __always_inline u64 field(void *record, u32 offset, u32 size)
{
	u64 value = 0;

	if (offset)
		bpf_probe_read_kernel(&value, size, record + offset);
	return value;
}

SEC("tracepoint/kvm/kvm_entry")
int kvm_entry_classic(void *ctx)
{
	struct ledger_task *record = current_record();
	struct kvm_vcpu_account *account = record ? account_of(record) : 0;

	if (account)
		return enter_guest(record, account);
	return enter_first(record, entry_vcpu_offset ? field(ctx, entry_vcpu_offset, 4) : ~0u, 0);
}

SEC("tracepoint/kvm/kvm_exit")
int kvm_exit_classic(void *ctx)
{
	return leave_guest(field(ctx, exit_reason_offset, 4), field(ctx, exit_isa_offset, 4));
}

SEC("tracepoint/kvm/kvm_userspace_exit")
int kvm_userspace_exit_classic(void *ctx)
{
	return return_to_vmm();
}

SEC("tracepoint/kvm/kvm_vcpu_wakeup")
int kvm_vcpu_wakeup_classic(void *ctx)
{
	return wake_up(field(ctx, wakeup_ns_offset, 8));
}
