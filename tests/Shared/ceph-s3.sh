#!/usr/bin/env bash
# A real S3 server for the artifact tests: Ceph's gateway over one monitor and one in-memory disk, on loopback only.
#   eval "$(tests/Shared/ceph-s3.sh start FOLDER)"    starts it, data in FOLDER, and sets what the tests look for
#   tests/Shared/ceph-s3.sh stop FOLDER               ends it and deletes FOLDER
# Needs Debian's packages ceph-mon, ceph-osd and radosgw. Without it, the tests use a stub of the protocol.
set -euo pipefail

folder=$(realpath -m "$2")
mon="[v2:127.0.0.1:13300,v1:127.0.0.1:16789]"
gateway=127.0.0.1:17480
export CEPH_CONF="$folder/ceph.conf"

configure() {
  cat > "$CEPH_CONF" <<CONF
[global]
fsid = $1
mon_host = $mon
mon_data = $folder/mon
mon_data_avail_warn = 1
mon_allow_pool_size_one = true
auth_allow_insecure_global_id_reclaim = false
osd_data = $folder/osd
osd_objectstore = memstore
memstore_device_bytes = 6442450944
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_crush_chooseleaf_type = 0
keyring = $folder/keyring
run_dir = $folder/run
pid_file = $folder/run/\$name.pid
admin_socket = $folder/run/\$name.asok
log_file = $folder/run/\$name.log
CONF
}

start() {
  mkdir -p "$folder/mon" "$folder/osd" "$folder/run"
  local cluster disk access secret
  cluster=$(cat /proc/sys/kernel/random/uuid)
  disk=$(cat /proc/sys/kernel/random/uuid)
  access=$(tr -d - < /proc/sys/kernel/random/uuid)
  secret=$(tr -d - < /proc/sys/kernel/random/uuid)
  configure "$cluster"
  cd "$folder"

  ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
  ceph-authtool keyring --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
  monmaptool --create --clobber --fsid "$cluster" --addv a "$mon" monmap
  ceph-mon --mkfs -i a --monmap monmap --keyring keyring
  ceph-mon -i a --public-addrv "$mon"
  timeout 30 ceph osd new "$disk"
  ceph-osd -i 0 --mkfs --osd-uuid "$disk"
  ceph-osd -i 0
  timeout 120 radosgw -n client.admin --rgw-frontends="beast endpoint=$gateway" --rgw-enable-ops-log=false --pid-file="$folder/run/gateway.pid"
  timeout 60 bash -c "until curl -s -m 2 -o /dev/null http://$gateway; do sleep 0.2; done"
  timeout 60 radosgw-admin user create --uid tests --display-name Tests --access-key "$access" --secret-key "$secret" > run/user.json

  echo "export S3_TEST_ENDPOINT=http://$gateway S3_TEST_BUCKET=models S3_TEST_ACCESS_KEY=$access S3_TEST_SECRET_KEY=$secret" > environment
}

stop() {
  local file
  for file in "$folder"/run/*.pid; do
    [ ! -s "$file" ] || kill -9 "$(cat "$file")" 2>/dev/null || true
  done
  rm -rf "$folder"
}

case "$1" in
  # The daemons get the error stream for their own: the caller reads this script's output to its end.
  start)
    start >&2
    cat "$folder/environment"
    ;;
  stop) stop ;;
  *)
    echo "usage: $0 start|stop FOLDER" >&2
    exit 2
    ;;
esac
