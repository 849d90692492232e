#!/usr/bin/env bash
# Give a workspace the state and the data that lie on the runner's lasting disk.
#
# The work tree is no place for the state: a checkout may wipe it at any time, and a lost ledger can't be read back from
# Criteo. The disk's folder is $RECONCILER_DISK (default: /var/lib/reconciler); whoever sets up the runner makes it.
#
#   /var/lib/reconciler/state    what was sent to Criteo; written by apply and sync
#   /var/lib/reconciler/data     customers and events, as audiences/reconciler.yaml names them; written by your pipeline
set -euo pipefail

workspace=$1
disk=${RECONCILER_DISK:-/var/lib/reconciler}

if [ ! -d "$disk/state" ]; then
  echo "::error::$disk/state is not there. This runner is not set up to keep reconciler's state: see apply.yml." >&2
  exit 1
fi
ln -sfnT "$disk/state" "$workspace/.reconciler"

# Data has to lie inside the workspace, so it is linked file by file, or copied where the disk is another file system.
if [ ! -e "$workspace/data" ] && [ -d "$disk/data" ]; then
  cp -RLl "$disk/data" "$workspace/data" 2>/dev/null || cp -RL "$disk/data" "$workspace/"
fi
