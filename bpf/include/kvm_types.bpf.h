/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few types of KVM and its two x86 halves that tell why a vCPU came out, relocated against the modules' BTF. Before
 * 5.16 (0a62a0319a8f, "KVM: x86: Get exit_reason as part of kvm_x86_ops.get_exit_info") the tracepoint's first argument is the
 * reason itself; since then it is the vCPU, and the reason is where get_exit_info takes it from.
 */
#ifndef OBSERVE_KVM_TYPES_BPF_H
#define OBSERVE_KVM_TYPES_BPF_H

#define KVM_TYPE __attribute__((preserve_access_index))

enum kvm_isa {
	KVM_ISA_VMX = 1,
	KVM_ISA_SVM = 2,
};

struct kvm;

struct kvm_vcpu {
	struct kvm *kvm;
	int vcpu_id;
} KVM_TYPE;

/* SVM: svm->vmcb->control.exit_code, of which the low half is the code. */
struct vmcb_control_area {
	u32 exit_code;
} KVM_TYPE;

struct vmcb {
	struct vmcb_control_area control;
} KVM_TYPE;

struct vcpu_svm {
	struct vmcb *vmcb;
} KVM_TYPE;

/* VMX: vmx->exit_reason.full; with TDX (6.16) in the part both share, vmx->vt. Both begin with the vCPU. */
union vmx_exit_reason {
	u32 full;
};

struct vcpu_vmx {
	union vmx_exit_reason exit_reason;
} KVM_TYPE;

struct vcpu_vt {
	union vmx_exit_reason exit_reason;
} KVM_TYPE;

struct vcpu_vmx___vt {
	struct vcpu_vt vt;
} KVM_TYPE;

static __always_inline u32 svm_exit_reason(void *vcpu)
{
	struct vcpu_svm *svm = vcpu;
	struct vmcb *vmcb = 0;
	u32 reason = 0;

	if (!bpf_core_field_exists(svm->vmcb) || !bpf_core_type_exists(struct vmcb_control_area))
		return ~0u;
	bpf_core_read(&vmcb, sizeof(vmcb), &svm->vmcb);
	bpf_core_read(&reason, sizeof(reason), &vmcb->control.exit_code);
	return reason;
}

static __always_inline u32 vmx_exit_reason(void *vcpu)
{
	struct vcpu_vmx *vmx = vcpu;
	struct vcpu_vmx___vt *shared = vcpu;
	u32 reason = ~0u;

	if (bpf_core_field_exists(vmx->exit_reason))
		bpf_core_read(&reason, sizeof(reason), &vmx->exit_reason);
	else if (bpf_core_field_exists(shared->vt))
		bpf_core_read(&reason, sizeof(reason), &shared->vt.exit_reason);
	return reason;
}

#endif
