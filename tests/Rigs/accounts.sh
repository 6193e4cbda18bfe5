#!/bin/bash
# accounts.sh up|down: a real sshd on 127.0.0.1 for a user of its own, whom it makes and removes again: only root can.
#   RIG        the folder for keys, configuration and log
#   USERNAME   the user's name, which nobody has yet
#   SECRET     the user's password
#   PORTS      four free ports: for a password, for questions (keyboard-interactive), for a key and then questions, and for either of the first two
set -eu
: "${RIG:?}" "${USERNAME:?}" "${SECRET:?}" "${PORTS:?}"
read -r password interactive both either <<<"$PORTS"

up() {
    chmod 755 "$RIG"
    for key in host id; do
        ssh-keygen -q -t ed25519 -N '' -C rig -f "$RIG/$key"
    done
    mkdir "$RIG/home"
    useradd --no-create-home --home-dir "$RIG/home" --shell /bin/sh --comment 'a test of AtomProNet.PS' "$USERNAME"
    printf '%s:%s\n' "$USERNAME" "$SECRET" | chpasswd
    chown "$USERNAME" "$RIG/home"
    chmod 644 "$RIG/id.pub"
    for port in $PORTS; do
        printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d' ' -f1,2 "$RIG/host.pub")"
    done >"$RIG/known_hosts"
    cat >"$RIG/sshd_config" <<CONF
Port $password
Port $interactive
Port $both
Port $either
ListenAddress 127.0.0.1
HostKey $RIG/host
PidFile $RIG/sshd.pid
AuthorizedKeysFile $RIG/id.pub
StrictModes no
UsePAM yes
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication no
AllowUsers $USERNAME
PrintMotd no
LogLevel VERBOSE
Match LocalPort $password
  PasswordAuthentication yes
Match LocalPort $interactive
  KbdInteractiveAuthentication yes
Match LocalPort $both
  PubkeyAuthentication yes
  KbdInteractiveAuthentication yes
  AuthenticationMethods publickey,keyboard-interactive
Match LocalPort $either
  PasswordAuthentication yes
  KbdInteractiveAuthentication yes
CONF
    cat >"$RIG/config" <<CONF
Host password
  Port $password
Host interactive
  Port $interactive
Host both
  Port $both
  IdentityFile $RIG/id
Host either
  Port $either
Host through
  Port $password
  ProxyJump interactive
Host *
  HostName 127.0.0.1
  User $USERNAME
  IdentityFile $RIG/none
  IdentitiesOnly yes
  UserKnownHostsFile $RIG/known_hosts
  GlobalKnownHostsFile /dev/null
CONF
    mkdir -p /run/sshd
    /usr/sbin/sshd -f "$RIG/sshd_config" -E "$RIG/sshd.log"
    for _ in $(seq 600); do
        [ -s "$RIG/sshd.pid" ] && return 0
        sleep .1
    done
    echo "sshd did not start" >&2
    return 1
}

down() {
    [ ! -s "$RIG/sshd.pid" ] || kill "$(cat "$RIG/sshd.pid")" 2>/dev/null || true
    for _ in $(seq 50); do
        pkill -KILL -u "$USERNAME" 2>/dev/null || break
        sleep .1
    done
    userdel "$USERNAME" 2>/dev/null || true
}

case ${1:-} in
up) up ;;
down) down ;;
*)
    echo "usage: accounts.sh up|down" >&2
    exit 2
    ;;
esac
