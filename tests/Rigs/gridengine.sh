#!/bin/bash
# gridengine.sh up|down: a real Grid Engine of one node on loopback, run by whoever calls, without systemd.
#   RIG                     the folder for all state
#   MASTER_PORT, EXEC_PORT  free ports
#   SLOTS                   the slots of its only queue
# Debian: gridengine-master gridengine-exec gridengine-client. Then: . $RIG/settings.sh
set -eu
: "${RIG:?}"
share=/usr/share/gridengine
user=$(id -un)
host=localhost

export SGE_ROOT=$RIG SGE_CELL=default
[ -z "${MASTER_PORT:-}" ] || export SGE_QMASTER_PORT=$MASTER_PORT SGE_EXECD_PORT=$EXEC_PORT

wait_for() { # seconds, command: until it succeeds
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || { echo "no success in time: $*" >&2; return 1; }
        sleep .1
    done
}

case ${1:-} in
up)
    mkdir -p "$RIG/default/common" "$RIG/spool" "$RIG/qmaster" "$RIG/execd" "$RIG/bin" "$RIG/lib" "$RIG/utilbin"
    for arch in lx-amd64 lx-x86 lx-arm64; do
        for part in bin lib utilbin; do ln -sfn /usr/lib/gridengine "$RIG/$part/$arch"; done
    done
    ln -sfn $share/util "$RIG/util"
    # root itself runs it where root calls; then no other admin user is wanted.
    admin=$user
    [ "$(id -u)" -ne 0 ] || admin=none
    sed -e "s/^admin_user .*/admin_user $admin/; s#^spooling_params .*#spooling_params $RIG/spool#; s#^qmaster_spool_dir .*#qmaster_spool_dir $RIG/qmaster#" $share/default-bootstrap >"$RIG/default/common/bootstrap"
    # Loopback has one name, whatever the host is called.
    echo "$host" >"$RIG/default/common/act_qmaster"
    echo "localhost $(hostname) $(hostname -s)" >"$RIG/default/common/host_aliases"
    sed -e "s#^execd_spool_dir .*#execd_spool_dir $RIG/execd#; s/^min_uid .*/min_uid 0/; s/^min_gid .*/min_gid 0/; s#^mailer .*#mailer /bin/true#; s#flush_time=[0-9:]*#flush_time=00:00:01#" $share/default-configuration >"$RIG/configuration"
    /usr/lib/gridengine/spoolinit berkeleydb libspoolb "$RIG/spool" init
    /usr/lib/gridengine/spooldefaults configuration "$RIG/configuration"
    /usr/lib/gridengine/spooldefaults complexes $share/util/resources/centry
    /usr/lib/gridengine/spooldefaults usersets $share/util/resources/usersets
    /usr/lib/gridengine/spooldefaults managers "$user"
    printf 'SGE_ROOT=%s SGE_CELL=default SGE_QMASTER_PORT=%s SGE_EXECD_PORT=%s; export SGE_ROOT SGE_CELL SGE_QMASTER_PORT SGE_EXECD_PORT\n' "$RIG" "$MASTER_PORT" "$EXEC_PORT" >"$RIG/settings.sh"
    sge_qmaster
    wait_for 120 qconf -sm
    qconf -ah "$host" >/dev/null || true
    qconf -as "$host" >/dev/null
    qconf -ssconf | sed -e 's/^schedule_interval .*/schedule_interval 0:0:1/; s/^flush_submit_sec .*/flush_submit_sec 1/; s/^flush_finish_sec .*/flush_finish_sec 1/' >"$RIG/scheduler"
    qconf -Msconf "$RIG/scheduler" >/dev/null
    printf 'pe_name mpi\nslots 999\nuser_lists NONE\nxuser_lists NONE\nstart_proc_args NONE\nstop_proc_args NONE\nallocation_rule $pe_slots\ncontrol_slaves TRUE\njob_is_first_task FALSE\nurgency_slots min\naccounting_summary FALSE\nqsort_args NONE\n' >"$RIG/pe"
    qconf -Ap "$RIG/pe" >/dev/null
    sge_execd
    wait_for 120 qconf -sel
    qconf -sq | sed -e "s/^qname .*/qname all.q/; s/^hostlist .*/hostlist $host/; s/^slots .*/slots ${SLOTS:-16}/; s/^pe_list .*/pe_list mpi/; s#^shell  *.*#shell /bin/sh#; s/^load_thresholds .*/load_thresholds NONE/" >"$RIG/queue"
    qconf -Aq "$RIG/queue" >/dev/null
    wait_for 120 sh -c "qstat -f | grep -q 'all.q@' && ! qstat -f | grep 'all.q@' | grep -q ' [a-zA-Z]*u[a-zA-Z]*\$'"
    ;;
down)
    [ ! -s "$RIG/settings.sh" ] || . "$RIG/settings.sh"
    timeout 10 qdel -u "$user" >/dev/null 2>&1 || true
    timeout 10 qconf -ke all >/dev/null 2>&1 || true
    timeout 10 qconf -km >/dev/null 2>&1 || true
    for pid in "$RIG/qmaster/qmaster.pid" "$RIG/execd/$host/execd.pid" "$RIG/execd/${host%%.*}/execd.pid"; do
        for _ in $(seq 200); do
            [ -s "$pid" ] && kill -0 "$(cat "$pid")" 2>/dev/null || break
            sleep .1
        done
        [ ! -s "$pid" ] || kill "$(cat "$pid")" 2>/dev/null || true
    done
    ;;
*)
    echo "usage: gridengine.sh up|down" >&2
    exit 2
    ;;
esac
