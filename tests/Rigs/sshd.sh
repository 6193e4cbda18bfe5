#!/bin/bash
# sshd.sh up|down|stop|start|cut|freeze|thaw: a real sshd on 127.0.0.1, run by whoever calls, who alone can log in.
#   RIG     the folder for keys, configuration, log, and the home directory that a login sees
#   PORT    a free port
#   MAXSESSIONS  how many sessions each connection may have at a time; 100 unless it is set
#   REKEY   after how much the keys of a connection are made anew (RekeyLimit); sshd's own choice unless it is set
# Then: ssh -F $RIG/config login | compute (through ProxyJump) | mux (through a ControlMaster of the user's own) | stranger (a key that
# is refused) | impostor (another host key is known) | locked (a key with the passphrase "open sesame") | agent (the agent at $RIG/agent) |
# hashed, ecdsa, rsa, wildcard, portless (known in other ways) | revoked | authority | otherkind (known by a kind of key that is not shown).
# stop: no new connections; cut: ends those that stand; freeze, thaw: they stand still and go on.
# A login runs $RIG/login, which prints $RIG/banner if there is one and then does what $RIG/hook says, before it runs the command.
set -eu
: "${RIG:?}" "${PORT:?}"
user=$(id -un)

configure() {
    mkdir -p "$RIG/home" "$RIG/bin"
    chmod 700 "$RIG"
    for key in host id other; do
        [ -f "$RIG/$key" ] || ssh-keygen -q -t ed25519 -N '' -C rig -f "$RIG/$key"
    done
    [ -f "$RIG/host_ecdsa" ] || ssh-keygen -q -t ecdsa -N '' -C rig -f "$RIG/host_ecdsa"
    [ -f "$RIG/host_rsa" ] || ssh-keygen -q -t rsa -b 2048 -N '' -C rig -f "$RIG/host_rsa"
    [ -f "$RIG/locked" ] || ssh-keygen -q -t ed25519 -N 'open sesame' -C rig -a 1 -f "$RIG/locked"
    [ -f "$RIG/carried" ] || ssh-keygen -q -t rsa -b 2048 -N '' -C carried -f "$RIG/carried"
    cat "$RIG/id.pub" "$RIG/locked.pub" "$RIG/carried.pub" >"$RIG/authorized_keys"
    chmod 600 "$RIG/authorized_keys"
    printf '[127.0.0.1]:%s %s\n' "$PORT" "$(cut -d' ' -f1,2 "$RIG/host.pub")" >"$RIG/known_hosts"
    printf '[127.0.0.1]:%s %s\n' "$PORT" "$(cut -d' ' -f1,2 "$RIG/other.pub")" >"$RIG/wrong_known_hosts"
    : >"$RIG/no_known_hosts"
    known() { printf '%s[127.0.0.1]:%s %s\n' "${2:-}" "$PORT" "$(cut -d' ' -f1,2 "$RIG/$1.pub")"; }
    { echo '# a comment'; printf 'elsewhere %s\n' "$(cut -d' ' -f1,2 "$RIG/other.pub")"; known host; } >"$RIG/hashed_known_hosts"
    ssh-keygen -q -H -f "$RIG/hashed_known_hosts" >/dev/null 2>&1
    rm -f "$RIG/hashed_known_hosts.old"
    known host_ecdsa >"$RIG/ecdsa_known_hosts"
    known host_rsa >"$RIG/rsa_known_hosts"
    printf '!*.example,[127.*.1]:%s %s\n' "$PORT" "$(cut -d' ' -f1,2 "$RIG/host.pub")" >"$RIG/wildcard_known_hosts"
    printf '127.0.0.1 %s\n' "$(cut -d' ' -f1,2 "$RIG/host.pub")" >"$RIG/portless_known_hosts"
    { known host; known host '@revoked '; } >"$RIG/revoked_known_hosts"
    known other '@cert-authority ' >"$RIG/authority_known_hosts"
    # A kind of key that this host does not have.
    printf '[127.0.0.1]:%s ecdsa-sha2-nistp521 %s\n' "$PORT" "$(printf '\000\000\000\023ecdsa-sha2-nistp521\000\000\000\001x' | base64 -w0)" >"$RIG/otherkind_known_hosts"
    printf 'PATH=%s:$PATH:/usr/sbin\nexport PATH\n' "$RIG/bin" >"$RIG/home/.profile"
    [ -e "$RIG/environment" ] || : >"$RIG/environment"
    cat >"$RIG/login" <<LOGIN
#!/bin/bash
export HOME='$RIG/home'
. '$RIG/environment'
[ ! -e '$RIG/banner' ] || { cat '$RIG/banner'; cat '$RIG/banner' >&2; }
[ ! -e '$RIG/hook' ] || . '$RIG/hook'
cd
exec /bin/bash -c "\$SSH_ORIGINAL_COMMAND"
LOGIN
    chmod 755 "$RIG/login"
    cat >"$RIG/sshd_config" <<CONF
Port $PORT
ListenAddress 127.0.0.1
HostKey $RIG/host
HostKey $RIG/host_ecdsa
HostKey $RIG/host_rsa
PidFile $RIG/sshd.pid
AuthorizedKeysFile $RIG/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitRootLogin prohibit-password
AllowUsers $user
AllowTcpForwarding yes
PrintMotd no
LogLevel VERBOSE
MaxStartups 100
MaxSessions ${MAXSESSIONS:-100}
RekeyLimit ${REKEY:-default none}
ForceCommand $RIG/login
CONF
    cat >"$RIG/config" <<CONF
Host stranger
  IdentityFile $RIG/other
Host impostor
  UserKnownHostsFile $RIG/wrong_known_hosts
Host unknown
  UserKnownHostsFile $RIG/no_known_hosts
Host hashed
  UserKnownHostsFile $RIG/hashed_known_hosts
Host ecdsa
  UserKnownHostsFile $RIG/ecdsa_known_hosts
Host rsa
  UserKnownHostsFile $RIG/rsa_known_hosts
Host wildcard
  UserKnownHostsFile $RIG/wildcard_known_hosts
Host portless
  UserKnownHostsFile $RIG/portless_known_hosts
Host revoked
  UserKnownHostsFile $RIG/revoked_known_hosts
Host authority
  UserKnownHostsFile $RIG/authority_known_hosts
Host otherkind
  UserKnownHostsFile $RIG/otherkind_known_hosts
Host locked
  IdentityFile $RIG/locked
Host agent
  IdentityAgent $RIG/agent
  IdentityFile $RIG/carried.pub
Host nobody
  Port 9
Host nowhere
  HostName nowhere.invalid
Host compute
  ProxyJump login
Host mux
  ControlMaster auto
  ControlPath $RIG/mux-%C
  ControlPersist 30
Host * !stranger !locked !agent
  IdentityFile $RIG/id
Host *
  User $user
  HostName 127.0.0.1
  Port $PORT
  IdentitiesOnly yes
  UserKnownHostsFile $RIG/known_hosts
  GlobalKnownHostsFile /dev/null
CONF
}

start() {
    [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
    /usr/sbin/sshd -f "$RIG/sshd_config" -E "$RIG/sshd.log"
    for _ in $(seq 600); do
        [ -s "$RIG/sshd.pid" ] && (echo >"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null && return 0
        sleep .1
    done
    echo "sshd did not start" >&2
    return 1
}

sessions() { # the processes that serve connections: children of the listener, remembered while it runs
    [ ! -s "$RIG/sshd.pid" ] || pgrep -P "$(cat "$RIG/sshd.pid")" || true
}

stop() {
    sessions >"$RIG/sessions"
    [ ! -s "$RIG/sshd.pid" ] || kill "$(cat "$RIG/sshd.pid")" 2>/dev/null || true
    for _ in $(seq 50); do
        [ -e "$RIG/sshd.pid" ] || return 0
        sleep .1
    done
}

cut_sessions() {
    sessions >>"$RIG/sessions"
    local pid
    while read -r pid; do
        # The session's own child holds the connection where privileges are separated.
        for process in $(pgrep -P "$pid" || true) "$pid"; do
            grep -q sshd "/proc/$process/comm" 2>/dev/null && kill -KILL "$process" 2>/dev/null || true
        done
    done <"$RIG/sessions"
    : >"$RIG/sessions"
}

signal_sessions() { # the sessions alone, not what they run
    local pid
    for pid in $(sessions); do
        # The one that holds the connection first, where privileges are separated.
        for process in $(pgrep -P "$pid" || true) "$pid"; do
            grep -q sshd "/proc/$process/comm" 2>/dev/null && kill "-$1" "$process" 2>/dev/null || true
        done
    done
}

case ${1:-} in
freeze) signal_sessions STOP ;;
thaw) signal_sessions CONT ;;
up) configure && start ;;
start) start ;;
stop) stop ;;
cut) cut_sessions ;;
down) stop && cut_sessions ;;
*)
    echo "usage: sshd.sh up|down|stop|start|cut|freeze|thaw" >&2
    exit 2
    ;;
esac
