batch=$PWD
state=$batch/state
task=${ATOMPRONET_ARRAY_INDEX:-1}
me=${ATOMPRONET_JOB_ID:-$$}${ATOMPRONET_ARRAY_INDEX:+_$ATOMPRONET_ARRAY_INDEX}@${HOSTNAME:-${SLURMD_NODENAME:-$(hostname)}}
shell=sh
command -v bash >/dev/null 2>&1 && shell=bash

# An empty file is made, and made again where that fails: a full disk is often full for a moment only.
mark() {
    for pause in 1 2 4 8 0; do
        if true >"$state/$1"; then
            return 0
        fi 2>/dev/null
        sleep "$pause"
    done
    echo "atompronet: the marker $1 could not be made" >&2
    return 1
}

# A process and all that it has started.
end_tree() {
    for descendant in $(ps -e -o ppid= -o pid= 2>/dev/null | awk -v p="$1" '$1 == p { print $2 }'); do
        end_tree "$descendant"
    done
    kill -TERM "$1" 2>/dev/null
}

run_one() {
    place=$1
    if ! mkdir "$state/$place.run" 2>/dev/null; then
        if [ -e "$state/$place.run/stopped" ]; then
            return 0
        fi
        if [ -d "$state/$place.run" ]; then
            echo "atompronet: $token.$place was begun before, by $(ls "$state/$place.run"); this second copy, $me, ends without running anything."
            mark "$place.twice.$me"
            return 90
        fi
        echo "atompronet: the guard of $token.$place cannot be made; the job does not run." >&2
        return 91
    fi
    true >"$state/$place.run/$me"
    start=$(date +%s)
    code=
    ATOMPRONET_TOKEN=$token.$place
    export ATOMPRONET_TOKEN
    # Five digits; no process for that, since each one counts where a thousand jobs begin at a time.
    padded=0000$place
    while [ "${#padded}" -gt 5 ] && [ "${padded#0}" != "$padded" ]; do
        padded=${padded#0}
    done
    set -- "$batch/$padded"-*
    if ! cd "$1"; then
        code=92
    else
        caught=
        trap 'caught=1; kill -USR1 "$child" 2>/dev/null' USR1
        trap 'caught=1; stopping=1; mark "$place.term.$(date +%s)"; kill -TERM "$child" 2>/dev/null' TERM
        "$shell" "./$script" </dev/null >job.out 2>&1 &
        child=$!
        watch=
        if [ "$bundle" -gt 1 ]; then
            # Its allocation cannot be cancelled for one job alone.
            (
                while kill -0 "$child" 2>/dev/null; do
                    sleep 5
                    [ -e "$state/$place.kill" ] && end_tree "$child"
                done
            ) >/dev/null 2>&1 &
            watch=$!
        fi
        # A signal ends the wait, not the job.
        while :; do
            caught=
            wait "$child"
            code=$?
            [ -n "$caught" ] || break
        done
        [ -n "$watch" ] && kill "$watch" 2>/dev/null
        trap - USR1 TERM
        cd "$batch" || :
    fi
    mark "$place.exit.$code.$start.$(date +%s)"
    return "$code"
}

place=$(((task - 1) * bundle))
end=$((place + bundle))
[ "$end" -gt "$size" ] && end=$size
result=0
stopping=
if [ "$side_by_side" -eq 1 ]; then
    children=
    trap 'kill -USR1 $children 2>/dev/null' USR1
    trap 'kill -TERM $children 2>/dev/null' TERM
    while [ "$place" -lt "$end" ]; do
        ( run_one "$place" ) &
        children="$children $!"
        place=$((place + 1))
    done
    for one in $children; do
        while :; do
            wait "$one"
            code=$?
            kill -0 "$one" 2>/dev/null || break
        done
        [ "$code" -eq 0 ] || result=$code
    done
else
    next=$place
    while [ "$next" -lt "$end" ]; do
        run_one "$next"
        code=$?
        [ "$code" -eq 0 ] || result=$code
        # What ends this job ends the allocation.
        [ -z "$stopping" ] || break
        next=$((next + 1))
    done
fi
exit "$result"
