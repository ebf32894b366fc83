/** How the script ends when PostgreSQL was not even started. */
export const EXIT = { unreachable: 71, initFailed: 72, locked: 75 } as const

/**
 * Run by `/bin/sh` as the server's user. Arguments: home folder, installation, socket folder, `temporary` or `kept`,
 * pg_hba.conf, pg_ident.conf. What it is for: the server must never outlive the program that started it, however that one
 * ends. Standard input is a pipe held open by that program. When the pipe closes (it stopped the server, ended, or was
 * killed) the watcher shuts the server down.
 *
 * It says so again and again, because PostgreSQL ignores signals in its first moments. After ten seconds it asks for an
 * immediate shutdown, which loses nothing that was committed: PostgreSQL 18 can wait for ever for its own checkpointer when
 * it is told to end while it recovers from the loss of one of its processes.
 *
 * Descriptor 9 holds the lock of the folder, which PostgreSQL inherits: the kernel gives it back when the last of them is
 * gone. Unlike PostgreSQL's own lock it also holds between two containers that share a folder. Where there is no
 * `flock` (macOS) PostgreSQL's own is what there is.
 *
 * Signals to the whole group (a terminal's ctrl-C, a service manager's stop) are left to the program and the server. The
 * shell and the watcher ignore them, or nobody would be left to wait and to watch.
 */
export const SERVER_SCRIPT = `
set -u
umask 077
trap '' HUP INT TERM
home=$1 installation=$2 socket=$3 socket_is=$4 hba=$5 ident=$6
cd "$home" || exit ${EXIT.unreachable}
exec 3<&0 9>lock
if command -v flock >/dev/null 2>&1; then flock -n 9 || exit ${EXIT.locked}; fi
if [ ! -d cluster ]; then
  rm -rf cluster.new.*
  "$installation/bin/initdb" -D "cluster.new.$$" -U saksi_admin -A reject --encoding=UTF8 --locale=C \\
    --data-checksums --no-instructions </dev/null >&2 3<&- || exit ${EXIT.initFailed}
  [ ! -d cluster ] || exit ${EXIT.locked}
  mv "cluster.new.$$" cluster || exit ${EXIT.initFailed}
fi
if [ "$socket_is" = kept ]; then mkdir -p "$socket"; fi
"$installation/bin/postgres" -D "$home/cluster" \\
  -c hba_file="$hba" -c ident_file="$ident" -c listen_addresses= -c port=5432 \\
  -c unix_socket_directories="$socket" -c unix_socket_permissions=0700 \\
  -c logging_collector=off -c log_destination=stderr \\
  -c log_statement=none -c log_min_error_statement=panic -c log_min_duration_statement=-1 \\
  -c log_error_verbosity=terse -c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0 \\
  </dev/null >&2 3<&- &
server=$!
(
  while read -r _ <&3; do :; done
  tries=0
  while kill -INT "$server"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 50 ]; then kill -QUIT "$server"; fi
    sleep 0.2 || sleep 1
  done
) 2>/dev/null 9>&- &
watcher=$!
exec 3<&- </dev/null
wait "$server"
status=$?
kill -KILL "$watcher" 2>/dev/null
if [ "$socket_is" = temporary ]; then rmdir "$socket"; fi
exit "$status"
`
