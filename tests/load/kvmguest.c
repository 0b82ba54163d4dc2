// SPDX-License-Identifier: Apache-2.0
// kvmguest ITERATIONS [--halts N --halt-ms MS] [--cpu N] [--vcpus N] [--move] [--name NAME] [--stats] [--hold SECONDS] [--forks N]:
// a virtual machine with a known number of exits.
//
// Each vCPU runs one page of code in 64-bit mode: ITERATIONS times { CPUID; OUT 0x3f8 }, then N times HLT, each of which
// a signal to its thread ends after MS ms, then OUT 0x3f9, after which it is not run again. So: ITERATIONS exits for CPUID, ITERATIONS + 1 for I/O, N for
// HLT. The vCPU threads are named as QEMU names them. --move sends them from CPU to CPU all the while. --name is for those who
// read command lines. --stats keeps the statistics of the virtual machine and of its vCPUs open, as QEMU does. --hold keeps all of it
// for so long after the result was printed, for those who read what KVM counted. --forks has each vCPU's thread fork about so
// often, evenly, from between two entries.
#include "load.h"

#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum {
	MEMORY = 2 << 20,
	PML4 = 0x1000,
	PDPT = 0x2000,
	DIRECTORY = 0x3000,
	CODE = 0x10000,
	STACKS = 0x20000, /* 4 KiB each, growing down to here */
	MAX_VCPUS = 16,
	PORT = 0x3f8,
	MAX_SECONDS_ALIVE = 60,
	MAX_SECONDS_HELD = 30,
};

static const unsigned char CODE_BYTES[] = {
	0x4d, 0x85, 0xff,		    /* test r15, r15 */
	0x74, 0x11,			    /* jz halts */
	0x31, 0xc0, 0x31, 0xc9, 0x0f, 0xa2, /* xor eax, eax; xor ecx, ecx; cpuid */
	0xba, 0xf8, 0x03, 0x00, 0x00, 0xee, /* mov edx, 0x3f8; out dx, al */
	0x49, 0xff, 0xcf, 0x75, 0xef,	    /* dec r15; jnz the first xor */
	0x4d, 0x85, 0xf6, 0x74, 0x06,	    /* halts: test r14, r14; jz done */
	0xf4, 0x49, 0xff, 0xce, 0x75, 0xfa, /* hlt; dec r14; jnz hlt */
	0xba, 0xf9, 0x03, 0x00, 0x00, 0xee, /* done: mov edx, 0x3f9; out dx, al */
	0xeb, 0xfe,			    /* jmp to itself */
};
struct vcpu {
	int number, fd;
	pid_t tid;
	uint64_t io, start_ns, end_ns;
	struct account spent;
	pthread_t thread;
};

static int kvm, vm, cpu = -1;
static long iterations, halts, forks;
static size_t run_size;
static unsigned char *memory;
static struct vcpu vcpus[MAX_VCPUS];
static atomic_int left;
static pthread_barrier_t created, over;

static struct kvm_segment segment(int selector, int type, int is_code)
{
	return (struct kvm_segment){ .limit = 0xfffff,
				     .selector = (uint16_t)selector,
				     .type = (uint8_t)type,
				     .present = 1,
				     .s = 1,
				     .l = (uint8_t)is_code,
				     .db = !is_code,
				     .g = 1 };
}

static void lay_out_memory(void)
{
	const uint64_t present = 3, large = 0x83;

	*(uint64_t *)(memory + PML4) = PDPT | present;
	*(uint64_t *)(memory + PDPT) = DIRECTORY | present;
	*(uint64_t *)(memory + DIRECTORY) = large; /* the first 2 MiB onto themselves */
	memcpy(memory + CODE, CODE_BYTES, sizeof(CODE_BYTES));
}

static void set_up(struct vcpu *vcpu)
{
	struct {
		struct kvm_cpuid2 head;
		struct kvm_cpuid_entry2 entries[100];
	} cpuid = { .head.nent = 100 };
	struct kvm_regs regs = { .rip = CODE,
				 .rsp = STACKS + 0x1000ull * (uint64_t)(vcpu->number + 1),
				 .rflags = 2,
				 .r14 = (uint64_t)halts,
				 .r15 = (uint64_t)iterations };
	struct kvm_mp_state runnable = { .mp_state = KVM_MP_STATE_RUNNABLE };
	struct kvm_sregs sregs;

	vcpu->fd = ioctl(vm, KVM_CREATE_VCPU, vcpu->number);
	if (vcpu->fd < 0)
		fail("cannot make a vCPU: %s", strerror(errno));
	ioctl(kvm, KVM_GET_SUPPORTED_CPUID, &cpuid);
	ioctl(vcpu->fd, KVM_SET_CPUID2, &cpuid);
	ioctl(vcpu->fd, KVM_GET_SREGS, &sregs);
	sregs.cr0 = 0x80050033;
	sregs.cr3 = PML4;
	sregs.cr4 = 1 << 5;
	sregs.efer = 0xd01;
	sregs.cs = segment(0x10, 0xb, 1);
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = segment(0x18, 3, 0);
	sregs.ldt = (struct kvm_segment){ .unusable = 1 };
	sregs.tr = (struct kvm_segment){ .limit = 0xfffff, .selector = 0x20, .type = 0xb, .present = 1 };
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs) || ioctl(vcpu->fd, KVM_SET_REGS, &regs))
		fail("cannot set a vCPU up: %s", strerror(errno));
	/* With an interrupt controller all but the first wait to be started. */
	ioctl(vcpu->fd, KVM_SET_MP_STATE, &runnable);
}

static void on_signal(int number)
{
	(void)number; /* it only has to end KVM_RUN */
}

/* A halted vCPU whose thread was sent a signal goes on behind its HLT. */
static void end_halt(const struct vcpu *vcpu)
{
	struct kvm_mp_state state = { .mp_state = KVM_MP_STATE_RUNNABLE };

	if (halts && !ioctl(vcpu->fd, KVM_GET_MP_STATE, &state) && state.mp_state == KVM_MP_STATE_HALTED) {
		state.mp_state = KVM_MP_STATE_RUNNABLE;
		ioctl(vcpu->fd, KVM_SET_MP_STATE, &state);
	}
}

/* The child has the virtual machine's descriptors and memory for as long as it lives. */
static void fork_once(void)
{
	const pid_t child = fork();

	if (child < 0)
		fail("cannot fork: %s", strerror(errno));
	if (!child)
		_exit(0);
	if (waitpid(child, NULL, 0) != child)
		fail("lost a child: %s", strerror(errno));
}

static void *run(void *argument)
{
	struct vcpu *vcpu = argument;
	struct account before, after;
	struct kvm_run *run;
	char name[16];

	snprintf(name, sizeof(name), "CPU %d/KVM", vcpu->number);
	prctl(PR_SET_NAME, name);
	vcpu->tid = tid_self();
	if (cpu >= 0)
		pin_self(cpu);
	run = mmap(NULL, run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (run == MAP_FAILED)
		fail("cannot map a vCPU: %s", strerror(errno));
	pthread_barrier_wait(&created);
	account_self(&before);
	vcpu->start_ns = now_ns();
	for (;;) {
		if (ioctl(vcpu->fd, KVM_RUN, 0) < 0) {
			if (errno == EINTR || errno == EAGAIN) {
				end_halt(vcpu);
				continue;
			}
			fail("cannot run a vCPU: %s", strerror(errno));
		}
		if (run->exit_reason != KVM_EXIT_IO)
			fail("the guest stopped for reason %u after %" PRIu64 " I/O exits", run->exit_reason, vcpu->io);
		vcpu->io++;
		if (run->io.port != PORT)
			break;
		if (forks && !(vcpu->io % (uint64_t)(iterations / forks + 1)))
			fork_once();
	}
	vcpu->end_ns = now_ns();
	account_self(&after);
	vcpu->spent = account_between(&before, &after);
	left--;
	pthread_barrier_wait(&over);
	return NULL;
}

/* The descriptor is never used here: it is there for others to borrow. It is closed with the program. */
static void open_stats(int fd)
{
	if (ioctl(fd, KVM_GET_STATS_FD, NULL) < 0)
		fail("cannot open statistics (Linux 5.14): %s", strerror(errno));
}

static void move(int count, int turn)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(turn % cpus, &one);
	for (int i = 0; i < count; i++)
		sched_setaffinity(vcpus[i].tid, sizeof(one), &one);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "halts", required_argument, NULL, 'h' }, { "halt-ms", required_argument, NULL, 'm' },
		{ "cpu", required_argument, NULL, 'c' },   { "vcpus", required_argument, NULL, 'v' },
		{ "move", no_argument, NULL, 'o' },	   { "name", required_argument, NULL, 'n' },
		{ "stats", no_argument, NULL, 's' },	   { "forks", required_argument, NULL, 'f' },
		{ "hold", required_argument, NULL, 'd' },  {}
	};
	struct kvm_userspace_memory_region region = { .memory_size = MEMORY };
	int option, count = 1, moves = 0, stats = 0, turn = 0;
	long halt_ms = 10, held = 0;
	struct timespec pause;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h')
			halts = parse_long("--halts", optarg, 0, 10000);
		else if (option == 'm')
			halt_ms = parse_long("--halt-ms", optarg, 1, 1000);
		else if (option == 'c')
			cpu = (int)parse_long("--cpu", optarg, 0, CPU_SETSIZE - 1);
		else if (option == 'v')
			count = (int)parse_long("--vcpus", optarg, 1, MAX_VCPUS);
		else if (option == 'o')
			moves = 1;
		else if (option == 's')
			stats = 1;
		else if (option == 'f')
			forks = parse_long("--forks", optarg, 0, 10000);
		else if (option == 'd')
			held = parse_long("--hold", optarg, 0, MAX_SECONDS_HELD);
		else if (option != 'n')
			return 1;
	}
	if (optind + 1 != argc)
		fail("usage: kvmguest ITERATIONS [--halts N --halt-ms MS] [--cpu N] [--vcpus N] [--move] [--name "
		     "NAME] [--stats] [--hold SECONDS] [--forks N]");
	iterations = parse_long("ITERATIONS", argv[optind], 0, 1000000000);
	alarm(MAX_SECONDS_ALIVE);
	sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = on_signal }, NULL);

	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	vm = kvm < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		fail("cannot make a virtual machine: %s", strerror(errno));
	if (halts && ioctl(vm, KVM_CREATE_IRQCHIP, 0))
		fail("cannot make an interrupt controller: %s", strerror(errno));
	memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	region.userspace_addr = (uintptr_t)memory;
	if (memory == MAP_FAILED || ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		fail("cannot give the virtual machine memory: %s", strerror(errno));
	if (stats)
		open_stats(vm);
	run_size = (size_t)ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	lay_out_memory();

	left = count;
	pthread_barrier_init(&created, NULL, (unsigned)count + 1);
	pthread_barrier_init(&over, NULL, (unsigned)count + 1);
	for (int i = 0; i < count; i++) {
		vcpus[i].number = i;
		set_up(&vcpus[i]);
		if (stats)
			open_stats(vcpus[i].fd);
		if (pthread_create(&vcpus[i].thread, NULL, run, &vcpus[i]))
			fail("cannot make a thread");
	}
	pthread_barrier_wait(&created);
	print_ready(NULL);
	pause = (struct timespec){ .tv_sec = halt_ms / 1000, .tv_nsec = halt_ms % 1000 * 1000000 };
	while (left) {
		nanosleep(&pause, NULL);
		for (int i = 0; halts && i < count; i++)
			pthread_kill(vcpus[i].thread, SIGUSR1);
		if (moves)
			move(count, turn++);
	}
	printf("{\"program\":\"kvmguest\",\"vcpus\":[");
	for (int i = 0; i < count; i++) {
		printf("%s{\"tid\":%d,\"io\":%" PRIu64 ",\"start_ns\":%" PRIu64 ",\"end_ns\":%" PRIu64 ",",
		       i ? "," : "", vcpus[i].tid, vcpus[i].io, vcpus[i].start_ns, vcpus[i].end_ns);
		account_print(&vcpus[i].spent);
		printf("}");
	}
	printf("]}\n");
	fflush(stdout);
	sleep((unsigned)held);
	pthread_barrier_wait(&over);
	for (int i = 0; i < count; i++)
		pthread_join(vcpus[i].thread, NULL);
	return 0;
}
