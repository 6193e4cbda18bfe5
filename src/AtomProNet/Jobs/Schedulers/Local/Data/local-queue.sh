# A queue of jobs on one machine, made of files; there is no daemon. Whoever calls it, and each job that ends, starts what may start.
#   sh local-queue.sh FOLDER submit NAME TOKEN CORES LIMIT WARN FIRST LAST MOST AFTER IDS OUT ERR SCRIPT DIRECTORY   prints the id
#   sh local-queue.sh FOLDER list          prints a line a task: STATE|ID|INDEX|NAME|TOKEN|CORES|MOST|AFTER|IDS|SUBMITTED|STARTED|ENDED|CODE|RUNNER|SINCE|CHILD
#   sh local-queue.sh FOLDER cancel ID[_INDEX] ...
#   sh local-queue.sh FOLDER limits JOBS CORES    at most so many at a time; - for no limit, or the machine's processors
# States: Q queued, R running, E ended, T ended at its time limit, C cancelled, D cancelled since a job that it waited for failed,
# G gone without telling how it ended (killed, or the machine went down). Times are seconds since 1970. INDEX is - outside an array.
set -u
umask 077
self=$0
queue=$1
verb=$2
shift 2
mkdir -p "$queue/jobs" || exit 1

now() { date +%s; }

# When a process began, so that a number that was given anew is not taken for it.
since() {
    if [ -r "/proc/$1/stat" ]; then
        # The second field, the name, may hold blanks and brackets.
        sed -e 's/^.*) //; /^[ZX]/d' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
    else
        ps -o lstart= -p "$1" 2>/dev/null | tr -d ' |'
    fi
}

lock() {
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$queue/lock"
        flock -w 120 9 || { echo "local queue: $queue/lock is held by another process" >&2; exit 1; }
        return
    fi
    left=1200
    until mkdir "$queue/lock.d" 2>/dev/null; do
        holder=$(cat "$queue/lock.d/pid" 2>/dev/null) || holder=
        if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null && mv "$queue/lock.d" "$queue/lock.$$" 2>/dev/null; then
            rm -rf "$queue/lock.$$"
            continue
        fi
        left=$((left - 1))
        [ "$left" -gt 0 ] || { echo "local queue: $queue/lock.d is held by another process" >&2; exit 1; }
        sleep .1
    done
    echo $$ >"$queue/lock.d/pid"
}

unlock() {
    if command -v flock >/dev/null 2>&1; then exec 9>&-; else rm -rf "$queue/lock.d"; fi
}

put() { # task folder, line: replaces its status at once or not at all
    printf '%s\n' "$2" >"$1/status.$$" && mv "$1/status.$$" "$1/status"
}

# A process in a session of its own, which neither the end of this one nor its terminal's signals reach.
apart() {
    if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
    exec perl -e 'use POSIX; POSIX::setsid(); exec @ARGV or exit 127' "$@"
}

# All statuses. Tasks whose processes are gone are told from those that run. Needs the lock.
list() {
    time=$(now)
    find "$queue/jobs" -name .new -prune -o -name status -exec cat {} + | while IFS='|' read -r state id index name token cores most after ids submitted started ended code runner begun child; do
        if [ "$state" = R ] && [ "$runner" != 0 ] && ! { kill -0 "$runner" 2>/dev/null && [ "$(since "$runner")" = "$begun" ]; } && ! { [ "$child" != 0 ] && kill -0 "-$child" 2>/dev/null; }; then
            # It may have ended between the reading of its status and now.
            IFS='|' read -r state id index name token cores most after ids submitted started ended code runner begun child <"$queue/jobs/$id/$index/status"
            if [ "$state" = R ]; then
                state=G ended=$time
                put "$queue/jobs/$id/$index" "$state|$id|$index|$name|$token|$cores|$most|$after|$ids|$submitted|$started|$ended|$code|$runner|$begun|$child"
            fi
        elif [ "$state" = R ] && [ "$runner" = 0 ] && [ $((time - started)) -gt 60 ] && [ -d "$queue/jobs/$id/$index/claim" ]; then
            # It was killed in its first moment, before it could say that it runs.
            state=G ended=$time
            put "$queue/jobs/$id/$index" "$state|$id|$index|$name|$token|$cores|$most|$after|$ids|$submitted|$started|$ended|$code|$runner|$begun|$child"
        fi
        printf '%s\n' "$state|$id|$index|$name|$token|$cores|$most|$after|$ids|$submitted|$started|$ended|$code|$runner|$begun|$child"
    done
}

# Starts what may start. Needs the lock.
pump() {
    jobs=- processors=-
    [ ! -s "$queue/limits" ] || read -r jobs processors <"$queue/limits"
    [ "$processors" != - ] || processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
    list | sort -t'|' -k2,2n -k3,3n | awk -F'|' -v jobs="$jobs" -v processors="$processors" -v now="$(now)" '
        { line[NR] = $0; total[$2]++ }
        $1 == "R" { running++; used += $6; tasks[$2]++; if ($14 == 0 && now - $11 > 10) again[NR] = 1 }
        $1 == "E" && $13 == 0 { good[$2]++; over[$2]++ }
        ($1 == "E" && $13 != 0) || $1 ~ /[TCDG]/ { bad[$2]++; over[$2]++ }
        END {
            for (i = 1; i <= NR; i++) {
                $0 = line[i]
                if (again[i]) { print "start", $2, $3; continue }
                if ($1 != "Q") continue
                wait = 0
                n = split($9, id, ",")
                for (j = 1; j <= n && $8 != "-"; j++) {
                    if ($8 == "ok" && bad[id[j]]) wait = 2
                    else if (over[id[j]] < total[id[j]] && wait == 0) wait = 1
                }
                if (wait == 2) { print "never", $2, $3; bad[$2]++; over[$2]++; continue }
                if (wait || ($7 != "-" && tasks[$2] >= $7) || (jobs != "-" && running >= jobs) || (running > 0 && used + $6 > processors)) continue
                running++; used += $6; tasks[$2]++
                print "start", $2, $3
            }
        }' >"$queue/starting"
    while read -r what id index; do
        task=$queue/jobs/$id/$index
        IFS='|' read -r state a b name token cores most after ids submitted started ended code runner begun child <"$task/status"
        if [ "$what" = never ]; then
            put "$task" "D|$id|$index|$name|$token|$cores|$most|$after|$ids|$submitted|$started|$(now)|$code|$runner|$begun|$child"
            continue
        fi
        if [ "$state" = Q ]; then
            put "$task" "R|$id|$index|$name|$token|$cores|$most|$after|$ids|$submitted|$(now)|$ended|$code|0|$begun|0"
        elif [ "$state" != R ] || [ "$runner" != 0 ] || [ -d "$task/claim" ]; then
            # It has begun since it was looked at, and its status is its own.
            continue
        fi
        # A signal that is ignored here would be ignored for ever by what is started: jobs that end start others while they ignore TERM and ALRM.
        (trap - TERM ALRM; apart sh "$self" "$queue" run "$id" "$index" </dev/null >>"$queue/log" 2>&1 9>&- &)
    done <"$queue/starting"
}

submit() {
    name=$1 token=$2 cores=$3 limit=$4 warn=$5 first=$6 last=$7 most=$8 after=$9
    shift 9
    ids=$1 out=$2 err=$3 script=$4 directory=$5
    [ -d "$directory" ] || { echo "local queue: there is no directory $directory" >&2; exit 1; }
    command -v setsid >/dev/null 2>&1 || command -v perl >/dev/null 2>&1 || { echo "local queue: neither setsid nor perl is there" >&2; exit 1; }
    lock
    id=0
    [ ! -s "$queue/last" ] || read -r id <"$queue/last"
    id=$((id + 1))
    new=$queue/jobs/.new
    rm -rf "$new"
    mkdir "$new" || exit 1
    {
        printf '%s' "$directory" >"$new/directory"
        printf '%s' "$script" >"$new/script"
        printf '%s\n' "$limit $warn $out $err" >"$new/settings"
    } || exit 1
    submitted=$(now)
    if [ "$first" = - ]; then tasks=-; else tasks=$(awk -v a="$first" -v b="$last" 'BEGIN { for (i = a; i <= b; i++) print i }'); fi
    (cd "$new" && printf '%s\n' "$tasks" | xargs mkdir --) || exit 1
    for index in $tasks; do
        printf '%s\n' "Q|$id|$index|$name|$token|$cores|$most|$after|$ids|$submitted||||0||0" >"$new/$index/status" || exit 1
    done
    # The number is used up before the job appears: it is never given twice.
    printf '%s\n' "$id" >"$queue/last.$$" && mv "$queue/last.$$" "$queue/last" && mv "$new" "$queue/jobs/$id" || exit 1
    printf '%s\n' "$id"
    # Jobs that ended long ago are forgotten.
    find "$queue/jobs" -mindepth 1 -maxdepth 1 -name '[0-9]*' -mtime +60 | while IFS= read -r old; do
        find "$old" -name status -exec cat {} + | grep -q '^[QR]' || rm -rf "$old"
    done
    pump
    unlock
}

run() {
    id=$1 index=$2
    task=$queue/jobs/$id/$index
    # Only one runner gets the task, however often it was started.
    mkdir "$task/claim" 2>/dev/null || exit 0
    IFS='|' read -r state a b name token cores most after ids submitted started ended code runner begun child <"$task/status"
    head="$id|$index|$name|$token|$cores|$most|$after|$ids|$submitted"
    started=$(now) begun=$(since $$) child=0 how=E code=1
    # Before anybody can read whom to tell: what came without these would end the runner alone, and the job would go on with nobody to answer for it.
    end() {
        [ "$child" != 0 ] || return 0
        # In its first moment it has no session of its own yet.
        kill -TERM "-$child" 2>/dev/null || kill -TERM "$child" 2>/dev/null
        (sleep 5; kill -KILL "-$child" 2>/dev/null) &
    }
    trap 'how=C; end' TERM
    trap 'how=T; end' ALRM
    put "$task" "R|$head|$started|||$$|$begun|$child"
    directory=$(cat "$queue/jobs/$id/directory" && printf x)
    directory=${directory%x}
    script=$(cat "$queue/jobs/$id/script" && printf x)
    script=${script%x}
    read -r limit warn out err <"$queue/jobs/$id/settings"
    if [ "$index" = - ]; then ATOMPRONET_LOCAL_INDEX=''; else ATOMPRONET_LOCAL_INDEX=$index out=$out.$index err=$err.$index; fi
    ATOMPRONET_LOCAL_JOB=$id
    export ATOMPRONET_LOCAL_JOB ATOMPRONET_LOCAL_INDEX
    # Whoever cancels leaves the file first and then reads whom to tell.
    [ ! -e "$task/cancel" ] || how=C
    if [ "$how" = C ]; then
        code=143
    elif cd "$directory"; then
        (umask 022; apart sh "./$script" </dev/null >"$out" 2>"$err") &
        child=$!
        put "$task" "R|$head|$started|||$$|$begun|$child"
        # What was told to this process alone while the job was being started.
        if [ "$how" = C ] || [ -e "$task/cancel" ]; then how=C; end; fi
        watch=
        if [ "$limit" != - ]; then
            (
                trap - TERM ALRM
                if [ "$warn" != - ] && [ "$warn" -lt "$limit" ]; then
                    sleep $((limit - warn))
                    kill -USR1 "$child" 2>/dev/null
                    limit=$warn
                fi
                sleep "$limit"
                kill -ALRM $$ 2>/dev/null
            ) &
            watch=$!
        fi
        wait "$child"
        code=$?
        # A signal to this process ends the waiting, not the job.
        while kill -0 "$child" 2>/dev/null; do
            wait "$child"
            code=$?
        done
        # The watch's last word would come too late.
        trap '' TERM ALRM
        [ -z "$watch" ] || { pkill -P "$watch" 2>/dev/null; kill "$watch" 2>/dev/null; }
    fi
    # What a job was told before it ended by itself counts for nothing.
    [ "$code" != 0 ] || how=E
    put "$task" "$how|$head|$started|$(now)|$code|$$|$begun|$child"
    lock
    pump
    unlock
}

cancel() {
    lock
    for job in "$@"; do
        for task in "$queue/jobs/${job%_*}"/*/; do
            index=${task%/}
            index=${index##*/}
            case $job in *_*) [ "${job##*_}" = "$index" ] || continue ;; esac
            [ -s "$task/status" ] || continue
            # First the word, then the look: a runner that is not to be seen yet finds the word before it starts the job.
            : >"$task/cancel"
            IFS='|' read -r state id index name token cores most after ids submitted started ended code runner begun child <"$task/status"
            case $state in
            Q) put "$task" "C|$id|$index|$name|$token|$cores|$most|$after|$ids|$submitted||$(now)||0||0" ;;
            R)
                if [ "$runner" != 0 ] && kill -0 "$runner" 2>/dev/null && [ "$(since "$runner")" = "$begun" ]; then
                    kill -TERM "$runner"
                elif [ "$child" != 0 ]; then
                    # Its runner is gone.
                    kill -TERM "-$child" 2>/dev/null
                fi
                ;;
            esac
        done
    done
    pump
    unlock
}

case $verb in
submit) submit "$@" ;;
list)
    lock
    pump
    list
    unlock
    ;;
cancel) cancel "$@" ;;
limits)
    lock
    printf '%s\n' "$1 $2" >"$queue/limits.$$" && mv "$queue/limits.$$" "$queue/limits"
    unlock
    ;;
run) run "$@" ;;
*) echo "local queue: no verb $verb" >&2; exit 2 ;;
esac
