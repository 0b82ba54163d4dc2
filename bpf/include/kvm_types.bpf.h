/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the few members of KVM and its two x86 halves lie that tell which vCPU it is and why it came out, in bytes. User space looks
 * them up in the modules' BTF: libbpf would ask the kernel for that, which takes CAP_SYS_ADMIN. Before 5.16 (0a62a0319a8f,
 * "KVM: x86: Get exit_reason as part of kvm_x86_ops.get_exit_info") the tracepoint's first argument is the reason itself; since then
 * it is the vCPU, and the reason is where get_exit_info takes it from.
 */
#ifndef OBSERVE_KVM_TYPES_BPF_H
#define OBSERVE_KVM_TYPES_BPF_H

enum kvm_isa {
	KVM_ISA_VMX = 1,
	KVM_ISA_SVM = 2,
};

#define KVM_NO_MEMBER (~0U)

const volatile u32 vcpu_kvm_offset = 0; /* kvm_vcpu.kvm, a pointer */
const volatile u32 vcpu_id_offset = 0;	/* kvm_vcpu.vcpu_id, an int */
/* SVM: svm->vmcb->control.exit_code, of which the low half is the code. */
const volatile u32 svm_vmcb_offset = KVM_NO_MEMBER;
const volatile u32 vmcb_exit_code_offset = KVM_NO_MEMBER;
/* VMX: vmx->exit_reason.full, or vmx->vt.exit_reason.full. */
const volatile u32 vmx_exit_reason_offset = KVM_NO_MEMBER;

static __always_inline void *kvm_of(void *vcpu)
{
	void *kvm = 0;

	bpf_probe_read_kernel(&kvm, sizeof(kvm), vcpu + vcpu_kvm_offset);
	return kvm;
}

static __always_inline u32 id_of(void *vcpu)
{
	u32 id = 0;

	bpf_probe_read_kernel(&id, sizeof(id), vcpu + vcpu_id_offset);
	return id;
}

/* Both begin with the vCPU. */
static __always_inline u32 svm_exit_reason(void *vcpu)
{
	void *vmcb = 0;
	u32 reason = 0;

	if (svm_vmcb_offset == KVM_NO_MEMBER || vmcb_exit_code_offset == KVM_NO_MEMBER)
		return ~0u;
	bpf_probe_read_kernel(&vmcb, sizeof(vmcb), vcpu + svm_vmcb_offset);
	bpf_probe_read_kernel(&reason, sizeof(reason), vmcb + vmcb_exit_code_offset);
	return reason;
}

static __always_inline u32 vmx_exit_reason(void *vcpu)
{
	u32 reason = ~0u;

	if (vmx_exit_reason_offset != KVM_NO_MEMBER)
		bpf_probe_read_kernel(&reason, sizeof(reason), vcpu + vmx_exit_reason_offset);
	return reason;
}

#endif
