# Observe: build, run, test, measure. 'make' lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help

CONFIGURATION := Release
RUNTIME_arm64 := linux-arm64
RUNTIME_x86_64 := linux-x64
BPF_ARCH_arm64 := arm64
BPF_ARCH_x86_64 := x86
MACHINE := $(patsubst aarch64,arm64,$(shell uname -m))
RUNTIME := $(or $(RUNTIME_$(MACHINE)),$(error no runtime is known for $(MACHINE)))

CLANG ?= clang
LLVM_STRIP ?= llvm-strip
CC := gcc
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

ARTIFACTS := artifacts
RESULTS := $(ARTIFACTS)/test-results
OBSERVE := $(ARTIFACTS)/observe/observe
KERNEL_TESTS := $(ARTIFACTS)/tests/kernel/Observe.Kernel.Tests
TESTS_BUILT := $(ARTIFACTS)/tests/.built
VCSIM := $(ARTIFACTS)/vcsim/vcsim
CHART_TEST := $(ARTIFACTS)/helm/chart-test

export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
# Build servers that outlive the build keep a CI job's output open.
export MSBUILDDISABLENODEREUSE := 1
DOTNET_FLAGS := -c $(CONFIGURATION) -v quiet $(if $(CI),-p:UseSharedCompilation=false)
PUBLISH_FLAGS := $(DOTNET_FLAGS) -r $(RUNTIME) --self-contained -p:PublishReadyToRun=true

# Directories count too: their time changes when a file is added or deleted.
sources = $(shell find $(1) \( -name bin -o -name obj -o -name TestResults \) -prune -o -print) \
	$(wildcard Directory.* global.json .editorconfig)
AGENT_SOURCES := $(call sources,src)
TEST_SOURCES := $(call sources,$(wildcard tests/*.Tests tests/Directory.Build.props))

BPF_OBJECTS := $(patsubst bpf/%.bpf.c,$(ARTIFACTS)/bpf/%.bpf.o,$(wildcard bpf/*.bpf.c))
NATIVE := $(ARTIFACTS)/native/libobserve_native.so
NATIVE_FLAGS := -std=gnu11 -O2 -fPIC -fvisibility=hidden -Wall -Wextra -Werror -Wl,-z,relro,-z,now -Wl,--build-id=sha1
BPF_FLAGS := -O2 -g -target bpf -mcpu=v3 -Wall -Werror -D__TARGET_ARCH_$(BPF_ARCH_$(MACHINE)) -Ibpf -Ibpf/include

LOAD_SHARED := load cgroup
LOAD := $(patsubst %,$(ARTIFACTS)/load/%,$(filter-out $(LOAD_SHARED),$(basename $(notdir $(wildcard tests/load/*.c)))))
BENCH := $(ARTIFACTS)/bench/attach $(patsubst tests/bench/%.bpf.c,$(ARTIFACTS)/bench/%.bpf.o,$(wildcard tests/bench/*.bpf.c))

.PHONY: help build run package test test-systemd test-helm test-image test-kernels chart chart-test image lint bench golden dashboards screenshot clean deps-build deps-test deps-image deps-lint deps-bench deps-systemd test-programs fetched vcsim

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

deps-build deps-test deps-image deps-lint deps-bench deps-systemd: deps-%:
	@scripts/install-deps $*

build: $(OBSERVE) ## Build the agent into artifacts/observe (installs the compilers that are missing)

run: build ## Build and run the agent here, with no configuration
	@echo "page: http://127.0.0.1:9464/   metrics: http://127.0.0.1:9464/metrics   readiness: http://127.0.0.1:9464/readyz   stop: Ctrl-C"
	@exec $(SUDO) env -u OBSERVE_CACHE $(OBSERVE) run

package: build ## Pack the agent for hosts without .NET: a Debian package and a tarball, into artifacts/package
	@scripts/package

test: deps-test fetched test-programs chart-test ## Run the unit, golden and (as root) kernel tests on this machine
	@scripts/run-tests $(RESULTS)/host

test-helm: chart-test ## Render the Helm chart for many sets of values and check what comes of it
	@mkdir -p $(RESULTS)/helm
	@status=0; tests/helm/run $(RESULTS)/helm || status=$$?; scripts/sum-results $(RESULTS)/helm; exit $$status

test-kernels: deps-test test-programs $(KERNEL_TESTS) ## Run the whole agent on stock kernels 5.10, 6.1, 6.12 and the newest, in VMs
	@kernels=$$(tests/vm/fetch-kernels); tests/vm/matrix $(RESULTS)/vm $$kernels
	@scripts/sum-results $(RESULTS)/vm

image: deps-image build ## Make the container image into artifacts/image, out of what was built and Debian packages; pulls nothing
	@scripts/image

test-image: deps-test image chart-test vcsim $(LOAD) ## Run the image under container engines with the documented flags, and with less (as root)
	@mkdir -p $(RESULTS)/image
	@status=0; tests/image/run $(RESULTS)/image || status=$$?; scripts/sum-results $(RESULTS)/image; exit $$status

test-systemd: deps-systemd package ## As root: install the package where systemd is the first process, in VMs, and look at its life
	@kernels=$$(tests/vm/fetch-kernels bookworm trixie); status=0; tests/systemd/run $(RESULTS)/systemd $$kernels || status=$$?; \
	scripts/sum-results $(RESULTS)/systemd; exit $$status

chart: ## Pack the Helm chart, with the rules for Prometheus, into artifacts/helm
	@deploy/helm/pack

lint: deps-lint ## Check formatting, scripts and metric names; changes nothing
	@scripts/lint $(RESULTS)/lint

golden: deps-build $(TESTS_BUILT) ## Accept the golden outputs as the tests now produce them (look at the diff)
	@OBSERVE_GOLDEN=accept PROJECTS=Telemetry.Tests scripts/run-tests $(RESULTS)/golden
	@OBSERVE_GOLDEN=accept PROJECTS=Agent.Tests scripts/run-tests $(RESULTS)/golden-files -method '*_IsTheOneOfThePackage'
	@git --no-pager diff --stat

screenshot: deps-test fetched test-programs ## Take the picture of the live page in docs anew (a minute and a half of a real host)
	@OBSERVE_SCREENSHOT=$(abspath docs/images/live-page.png) PROJECTS=Agent.Tests scripts/run-tests $(RESULTS)/screenshot -class '*LivePageOnThisHostTests'

dashboards: ## Write the Grafana dashboards and the rules of alerts from dashboards/source (look at the diff)
	@dashboards/source/generate.py $(if $(WAIT_THRESHOLD),--wait-threshold $(WAIT_THRESHOLD)) $(if $(WAIT_OBJECTIVE),--wait-objective $(WAIT_OBJECTIVE))

bench: deps-bench build $(LOAD) $(BENCH) ## Measure what the agent costs, beside its peers
	@tests/bench/run
	@tests/bench/kvm

clean: ## Remove everything that was built here (the cache of kernels stays)
	rm -rf $(ARTIFACTS)
	find src tests \( -name bin -o -name obj \) -type d -prune -exec rm -rf {} +

test-programs: $(OBSERVE) $(LOAD) $(TESTS_BUILT) vcsim

# Peers and schemas that Debian stable has not: cached, by package name. Tests of a peer that could not be had say so.
fetched:
	@scripts/fetch-protos >/dev/null
	@scripts/fetch-prometheus >/dev/null || echo "Prometheus 3.5 could not be fetched: its tests are skipped"
	@scripts/fetch-victoria-metrics >/dev/null || echo "VictoriaMetrics could not be fetched: its tests are skipped"

# --- BPF: compiled once here, never on a user's machine. DWARF goes, BTF stays. -----------------------------------

$(ARTIFACTS)/bpf/%.bpf.o: bpf/%.bpf.c Makefile | deps-build
	@mkdir -p $(@D)
	$(CLANG) $(BPF_FLAGS) -MMD -MP -MF $(@:.o=.d) -MT $@ -c $< -o $@
	@$(LLVM_STRIP) -g $@

-include $(BPF_OBJECTS:.o=.d)

# --- Native: what must not be done in the runtime's language. ------------------------------------------------------

$(NATIVE): $(wildcard src/Native/*.c) Makefile | deps-build
	@mkdir -p $(@D)
	$(CLANG) $(NATIVE_FLAGS) -shared -o $@ $(filter %.c,$^)
	@$(LLVM_STRIP) $@

# --- The agent and the test programs. Each depends on the step before it: they share obj directories. -------------

# Published aside and put in place by rename: a running agent's files are not written over.
$(OBSERVE): $(AGENT_SOURCES) $(BPF_OBJECTS) $(NATIVE) | deps-build
	dotnet publish src/Agent $(PUBLISH_FLAGS) -o $(ARTIFACTS)/observe.new
	@rm -rf $(ARTIFACTS)/observe && mv $(ARTIFACTS)/observe.new $(ARTIFACTS)/observe && touch $@

$(TESTS_BUILT): $(AGENT_SOURCES) $(TEST_SOURCES) $(BPF_OBJECTS) $(NATIVE) | deps-build fetched $(OBSERVE)
	dotnet build Observe.sln $(DOTNET_FLAGS)
	@mkdir -p $(@D) && touch $@

# Compiled ahead of time: under emulation most of a test run would be the JIT compiler.
$(KERNEL_TESTS): $(AGENT_SOURCES) $(call sources,tests/Kernel.Tests) $(BPF_OBJECTS) $(NATIVE) | deps-build $(TESTS_BUILT)
	dotnet publish tests/Kernel.Tests $(PUBLISH_FLAGS) -o $(@D).new
	@rm -rf $(@D) && mv $(@D).new $(@D) && touch $@

# --- A vCenter to talk to: Go, from Debian's packages alone. Tests that want it say so where it is not. -------------

vcsim:
	@if scripts/install-deps vcsim; then $(MAKE) -s --no-print-directory $(VCSIM); else echo "vcsim cannot be built: its tests are skipped"; fi

$(VCSIM): $(wildcard tests/vcsim/*.go)
	@mkdir -p $(@D)
	cd tests/vcsim && GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS= GOPROXY=off GOCACHE=$(abspath $(@D))/cache go build -o $(abspath $@) .

# --- What tests the Helm chart: Go, from Debian's packages alone, as above but of sid. ------------------------------

chart-test:
	@if types=$$(scripts/fetch-kubernetes-types); then $(MAKE) -s --no-print-directory TYPES="$$types" $(CHART_TEST); else echo "the test of the Helm chart cannot be built: it is skipped"; fi

$(CHART_TEST): $(wildcard tests/helm/*.go)
	@mkdir -p $(@D)
	cd tests/helm && GOROOT=$(TYPES)/go GOPATH=$(TYPES)/path GO111MODULE=off GOFLAGS= GOPROXY=off GOTOOLCHAIN=local CGO_ENABLED=0 GOCACHE=$(TYPES)/cache $(TYPES)/go/bin/go build -o $(abspath $@) .

# --- Load generators and benchmarks: small C programs. -------------------------------------------------------------

$(ARTIFACTS)/load/%: tests/load/%.c $(LOAD_SHARED:%=tests/load/%.c) $(LOAD_SHARED:%=tests/load/%.h) | deps-test
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -static -pthread -D_GNU_SOURCE -Wall -Wextra -Werror -o $@ $(filter %.c,$^)

$(ARTIFACTS)/bench/%.bpf.o: tests/bench/%.bpf.c $(wildcard tests/bench/*.h) | deps-build
	@mkdir -p $(@D)
	$(CLANG) $(BPF_FLAGS) -c $< -o $@
	@$(LLVM_STRIP) -g $@

$(ARTIFACTS)/bench/attach: tests/bench/attach.c | deps-bench
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -Werror -o $@ $< -lbpf
