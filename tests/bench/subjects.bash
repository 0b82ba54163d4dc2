# Sourced by the benchmarks: starting and ending what is measured, and reading what the kernel counts about it.
# shellcheck shell=bash disable=SC2034 # why_not is read by those who source this

PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C
readonly OBSERVE=$PWD/artifacts/observe/observe
# Not the default port: an agent of the machine's own may be running.
readonly LISTEN=127.0.0.1:19464
readonly START_TIMEOUT_SECONDS=20

scratch=$(mktemp -d "${TMPDIR:-/tmp}/observe-bench.XXXXXX")
subject_pid=''
subject_input=''
why_not=''

require_root() {
  [ "$(id -u)" -eq 0 ] || { echo "bench: BPF programs and their statistics are root's: run as root" >&2; exit 1; }
}

median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
smallest() { sort -g | head -n 1; }
largest() { sort -g | tail -n 1; }

alive() { kill -0 "$1" 2>/dev/null; }

# Waits until COMMAND succeeds, as long as the subject lives.
await() { # COMMAND...
  local deadline=$((SECONDS + START_TIMEOUT_SECONDS))
  until "$@"; do
    alive "$subject_pid" || { why_not="it ended while starting: $(tail -n 1 "$scratch/subject.log" 2>/dev/null)"; return 1; }
    [ "$SECONDS" -lt "$deadline" ] || { why_not="not ready after $START_TIMEOUT_SECONDS s"; return 1; }
    sleep 0.02
  done
}

answers() { curl -sf -o /dev/null "http://$LISTEN/metrics"; }
has_programs() { [ "$(programs "$subject_pid" | wc -l)" -ge "$1" ]; }
has_events() { find /proc/"$subject_pid"/fd -lname '*perf_event*' 2>/dev/null | grep -q .; }
said_attached() { grep -q attached "$scratch/subject.log"; }

# Starts base, empty, object:PATH, observe, no-stalls (observe without them), runqlat or perf and returns once it is at work; on failure says why in $why_not.
start_subject() { # NAME
  why_not=''
  : >"$scratch/subject.log"
  case $1 in
    base) return 0 ;;
    empty) start_subject object:artifacts/bench/empty.bpf.o ;;
    object:*)
      # Its stdin stays open until this shell closes it.
      exec {subject_input}<> <(:)
      artifacts/bench/attach "${1#object:}" <&"$subject_input" >"$scratch/subject.log" 2>&1 &
      subject_pid=$!
      await said_attached
      ;;
    runqlat)
      # One interval longer than any run: it only counts, and prints when it is ended.
      runqlat 3600 >"$scratch/subject.log" 2>&1 &
      subject_pid=$!
      # sched_switch, sched_wakeup and sched_wakeup_new; then the moment it takes to attach them.
      await has_programs 3 && sleep 0.3
      ;;
    perf)
      perf kvm stat record -a -o "$scratch/perf.data" </dev/null >"$scratch/subject.log" 2>&1 &
      subject_pid=$!
      # It says nothing when it begins: its events' descriptors are there, and then the moment it takes to enable them.
      await has_events && sleep 1
      ;;
    observe | no-stalls)
      [ -x "$OBSERVE" ] || { why_not="$OBSERVE is not built"; return 1; }
      # The agent takes every OBSERVE_* variable for configuration; the cache is this repository's.
      local settings=()
      [ "$1" = observe ] || settings=(--set traces.stalls=false)
      env -u OBSERVE_CACHE -u OBSERVE_VM OBSERVE_LISTEN=$LISTEN "$OBSERVE" run "${settings[@]}" </dev/null >"$scratch/subject.log" 2>&1 &
      subject_pid=$!
      await answers
      ;;
  esac
}

stop_subject() {
  if [ -n "$subject_pid" ]; then
    kill "$subject_pid" 2>/dev/null
    wait "$subject_pid" 2>/dev/null
  fi
  [ -z "$subject_input" ] || exec {subject_input}>&-
  subject_pid='' subject_input=''
}

# The kernel's own figures of a process's BPF programs: "ID RUN_NS RUNS", one line a program.
programs() { # PID
  awk '
    FNR == 1 { id = ns = runs = "" }
    $1 == "prog_id:" { id = $2 }
    $1 == "run_time_ns:" { ns = $2 }
    # A link has a program id too, but no run count.
    $1 == "run_cnt:" { runs = $2; if (!seen[id]++) print id, ns, runs }
  ' /proc/"$1"/fdinfo/* 2>/dev/null
}

# The kernel's own figures of its BPF maps: "ID TYPE BYTES", one line a map.
maps() { # PID
  awk '
    FNR == 1 { type = bytes = "" }
    $1 == "map_type:" { type = $2 }
    $1 == "memlock:" { bytes = $2 }
    $1 == "map_id:" && !seen[$2]++ { print $2, type, bytes }
  ' /proc/"$1"/fdinfo/* 2>/dev/null
}
