#!/bin/bash
# slurm.sh up|down|start-controller|stop-controller|start-accounting|stop-accounting: a real Slurm of one node on loopback, run by whoever calls, without systemd and
# cgroups. What it is to be comes from the environment:
#   RIG               the folder for all state; a short path, since sockets lie in it
#   CONTROLLER_PORT, NODE_PORT, and with ACCOUNTING=1 ACCOUNTING_PORT and DATABASE_PORT    free ports
#   CPUS, MEMORY      what the node claims to have (more than the machine has is possible); MiB
#   MAX_ARRAY_SIZE, MIN_JOB_AGE    as in slurm.conf
#   WATCH_MEMORY=1    jobs above their memory are ended; looked at each second where a job asks for that (--acctg-freq=task=1), since each look reads all of /proc
# Debian: slurmctld slurmd slurm-client munge; with accounting also slurmdbd slurm-wlm-mysql-plugin mariadb-server.
set -eu
: "${RIG:?}"
PATH=$PATH:/usr/sbin
user=$(id -un)
host=$(hostname -s)
export SLURM_CONF=$RIG/slurm.conf

wait_for() { # seconds, command: until it succeeds
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || { echo "no success in time: $*" >&2; return 1; }
        sleep .1
    done
}

end() { # pid file: ends the process and waits until it has ended
    local pid
    [ -s "$1" ] || return 0
    pid=$(cat "$1")
    kill "$pid" 2>/dev/null || return 0
    local left=100
    while kill -0 "$pid" 2>/dev/null; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || { kill -KILL "$pid" 2>/dev/null || true; return 0; }
        sleep .1
    done
}

node_is_up() { sinfo -h -o %T | grep -Eq 'idle|mixed|allocated'; }

listens() { (echo >"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

configure() {
    mkdir -p "$RIG"/{munge,controller,node,log}
    chmod 700 "$RIG/munge"
    [ -s "$RIG/munge/key" ] || (umask 077 && head -c 128 /dev/urandom >"$RIG/munge/key")
    local storage="AccountingStorageType=accounting_storage/none"
    if [ -n "${ACCOUNTING:-}" ]; then
        storage="AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=$ACCOUNTING_PORT
AccountingStoragePass=$RIG/munge/socket
AccountingStoreFlags=job_comment"
    fi
    local gather="JobAcctGatherType=jobacct_gather/none"
    if [ -n "${WATCH_MEMORY:-}" ]; then
        gather="JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=30
JobAcctGatherParams=OverMemoryKill"
    fi
    cat >"$SLURM_CONF" <<CONF
ClusterName=rig
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$CONTROLLER_PORT
SlurmdPort=$NODE_PORT
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$RIG/munge/socket
StateSaveLocation=$RIG/controller
SlurmdSpoolDir=$RIG/node
SlurmctldPidFile=$RIG/controller.pid
SlurmdPidFile=$RIG/node.pid
SlurmctldLogFile=$RIG/log/controller.log
SlurmdLogFile=$RIG/log/node.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
DefMemPerCPU=${DEFAULT_MEMORY:-10}
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=0,bf_interval=1,batch_sched_delay=0
PriorityType=priority/basic
$gather
$storage
MinJobAge=${MIN_JOB_AGE:-3600}
MaxArraySize=${MAX_ARRAY_SIZE:-1001}
MaxJobCount=${MAX_JOBS:-20000}
KillWait=2
OverTimeLimit=0
SlurmctldTimeout=30
SlurmdTimeout=60
MessageTimeout=${MESSAGE_TIMEOUT:-30}
NodeName=$host NodeAddr=127.0.0.1 CPUs=${CPUS:-4} RealMemory=${MEMORY:-100000} State=UNKNOWN
PartitionName=test Nodes=$host Default=YES MaxTime=1:00:00 State=UP
CONF
}

start_accounting() {
    local db=$RIG/db
    mkdir -p "$db"
    [ -d "$db/data" ] || mariadb-install-db --no-defaults --user="$user" --datadir="$db/data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
    setsid mariadbd --no-defaults --user="$user" --datadir="$db/data" --socket="$db/socket" --pid-file="$db/pid" --bind-address=127.0.0.1 --port="$DATABASE_PORT" \
        --innodb-buffer-pool-size=64M --innodb-lock-wait-timeout=900 --innodb-flush-log-at-trx-commit=0 --log-error="$RIG/log/database.log" </dev/null >/dev/null 2>&1 &
    wait_for 120 mariadb-admin --no-defaults -uroot -S "$db/socket" ping
    mariadb --no-defaults -uroot -S "$db/socket" -e "create database if not exists slurm_acct_db;
        create user if not exists 'rig'@'localhost' identified by 'rig'; grant all on slurm_acct_db.* to 'rig'@'localhost';
        create user if not exists 'rig'@'127.0.0.1' identified by 'rig'; grant all on slurm_acct_db.* to 'rig'@'127.0.0.1'"
    (umask 077 && printf '%s\n' DbdHost=localhost DbdAddr=127.0.0.1 "DbdPort=$ACCOUNTING_PORT" "SlurmUser=$user" AuthType=auth/munge "AuthInfo=socket=$RIG/munge/socket" \
        StorageType=accounting_storage/mysql StorageHost=127.0.0.1 "StoragePort=$DATABASE_PORT" StorageUser=rig StoragePass=rig StorageLoc=slurm_acct_db \
        "LogFile=$RIG/log/accounting.log" "PidFile=$RIG/accounting.pid" >"$RIG/slurmdbd.conf")
    slurmdbd
    wait_for 120 listens "$ACCOUNTING_PORT"
    wait_for 120 sacctmgr -n show cluster
    sacctmgr -i add cluster rig >/dev/null 2>&1 || true
    sacctmgr -i add account rig >/dev/null 2>&1 || true
    sacctmgr -i add user "$user" account=rig >/dev/null 2>&1 || true
}

case ${1:-} in
up)
    configure
    munged --force --key-file="$RIG/munge/key" --socket="$RIG/munge/socket" --pid-file="$RIG/munge/pid" --log-file="$RIG/munge/log" --seed-file="$RIG/munge/seed"
    [ -z "${ACCOUNTING:-}" ] || start_accounting
    slurmctld -f "$SLURM_CONF"
    slurmd -f "$SLURM_CONF"
    wait_for 120 node_is_up
    ;;
down)
    timeout 10 scancel -u "$user" 2>/dev/null || true
    end "$RIG/node.pid"
    end "$RIG/controller.pid"
    end "$RIG/accounting.pid"
    end "$RIG/db/pid"
    end "$RIG/munge/pid"
    ;;
stop-accounting) end "$RIG/accounting.pid" ;;
start-accounting)
    slurmdbd
    wait_for 120 listens "$ACCOUNTING_PORT"
    wait_for 120 sacctmgr -n show cluster
    ;;
stop-controller) end "$RIG/controller.pid" ;;
start-controller)
    slurmctld -f "$SLURM_CONF"
    wait_for 120 node_is_up
    ;;
*)
    echo "usage: slurm.sh up|down|start-controller|stop-controller|start-accounting|stop-accounting" >&2
    exit 2
    ;;
esac
