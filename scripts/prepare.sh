# Sourced by ./run and ./test: checks the tools, installs Azurite, publishes. One clear line for each failure.

fail() { echo "vorel: $1" >&2; exit "${2:-1}"; }
trap 'stop_child; release_build_lock; echo; fail "stopped." 130' INT TERM

need_tools() {
  command -v dotnet >/dev/null || fail "the .NET SDK is missing: install .NET SDK 10 (https://dotnet.microsoft.com/download) and try again."
  dotnet --list-sdks | grep -q '^10\.' || fail "no .NET SDK 10 among those installed: install it (https://dotnet.microsoft.com/download) and try again."
  command -v node >/dev/null || fail "Node is missing: install Node 20 or later (https://nodejs.org) and try again."
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node $(node --version) is too old: install Node 20 or later (https://nodejs.org) and try again."
  command -v npm >/dev/null || fail "npm is missing: it comes with Node (https://nodejs.org)."
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  # The build's servers would stay behind for minutes after the command has ended.
  export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0
  mkdir -p .vorel/log
}

# The command of the step under way, as a process group of its own: Ctrl-C must end all of it, and npm alone would go on to its end.
child=
stop_child() {
  [ -n "$child" ] || return 0
  kill -TERM -- "-$child" 2>/dev/null || return 0
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 -- "-$child" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$child" 2>/dev/null || true
}

# step TEXT COMMAND…: one line of progress with the time it took; on failure what was wrong, from its output.
step() {
  local text=$1 log=.vorel/log/prepare.log began=$SECONDS; shift
  printf '%s … ' "$text"
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  child=$!
  set +m
  if wait "$child"; then
    child=
    echo "done ($((SECONDS - began)) s)"
  else
    child=
    echo "failed"
    grep -E 'error|ERR!' "$log" | sed 's/ \[[^]]*proj\]$//' | sort -u | head -n 10 >&2 || true
    release_build_lock
    fail "$text failed: see the lines above, mend it and try again. The whole output is in $log"
  fi
}

# What npm installed is compared with the lock file, so that a second start costs nothing.
install_npm_tools() {
  cmp -s package-lock.json node_modules/.vorel-lock 2>/dev/null && return
  step "Installing Azurite and the test clients from npm (once, about 440 MB)" npm ci --no-audit --no-fund
  cp package-lock.json node_modules/.vorel-lock
}

# Two builds in one folder would trip over each other: the second waits. A lock whose owner is gone is taken over.
build_lock=
take_build_lock() {
  local lock=.vorel/build.lock owner told=
  until (set -o noclobber; echo $$ >"$lock") 2>/dev/null; do
    owner=$(cat "$lock" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -f "$lock"; continue; fi
    # One that was made and never filled has no owner either.
    if [ -z "$owner" ] && [ -n "$(find "$lock" -not -newermt '-10 seconds' 2>/dev/null)" ]; then rm -f "$lock"; continue; fi
    [ -n "$told" ] || echo "Waiting for process $owner, which is building here …"
    told=yes
    sleep 0.5
  done
  build_lock=$lock
}
release_build_lock() { [ -z "$build_lock" ] || rm -f "$build_lock"; build_lock=; }

# One number for all that the published programs are made of; with folders beyond ours, for one that is made of those too.
sources() {
  { find "$@" Vorel.* Directory.* global.json host.json .editorconfig -type f ! -path '*/bin/*' ! -path '*/obj/*' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum
    dotnet --version; } | cksum
}

# publish NAME PROJECT [kill-points]: into .vorel/app/NAME, unless what lies there is made of the same sources.
publish() {
  local name=$1 project=$2 with=${3:-} now
  case $project in tests/*) now=$(sources tests/fakes) ;; *) now=$(sources) ;; esac
  [ "$now" = "$(cat ".vorel/app/$name.sources" 2>/dev/null)" ] && return
  rm -rf ".vorel/app/$name" ".vorel/app/$name.sources"
  step "Building $project${with:+ with kill points}" \
    dotnet publish "$project" -c Release -o ".vorel/app/$name" -v quiet ${with:+-p:VorelFailpoints=true}
  echo "$now" >".vorel/app/$name.sources"
}

# copy_published NAME…: sets $copy to copies that belong to this process, so that no later build writes under a running program.
# Those of processes that are gone are removed.
copy_published() {
  local old name
  for old in .vorel/run/* .vorel/demo-*; do
    if [ -d "$old" ] && ! kill -0 "${old##*[/-]}" 2>/dev/null; then rm -rf "$old"; fi
  done
  copy=$PWD/.vorel/run/$$
  mkdir -p "$copy"
  for name in "$@"; do cp -R ".vorel/app/$name" "$copy/"; done
}
