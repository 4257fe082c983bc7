# Sourced by ./run and ./test: checks the tools, installs Azurite, publishes. One clear line for each failure.

fail() { echo "vorel: $1" >&2; exit "${2:-1}"; }

need_tools() {
  command -v dotnet >/dev/null || fail "the .NET SDK is missing: install .NET SDK 10 (https://dotnet.microsoft.com/download) and try again."
  dotnet --list-sdks | grep -q '^10\.' || fail "no .NET SDK 10 among those installed: install it (https://dotnet.microsoft.com/download) and try again."
  command -v node >/dev/null || fail "Node is missing: install Node 20 or later (https://nodejs.org) and try again."
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node $(node --version) is too old: install Node 20 or later and try again."
  command -v npm >/dev/null || fail "npm is missing: it comes with Node (https://nodejs.org)."
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
  mkdir -p .vorel/log
}

# step TEXT COMMAND…: one line of progress with the time it took; on failure the end of its output.
step() {
  local text=$1 log=.vorel/log/prepare.log began=$SECONDS; shift
  printf '%s … ' "$text"
  if "$@" >"$log" 2>&1; then
    echo "done ($((SECONDS - began)) s)"
  else
    echo "failed"
    grep -E 'error|ERR!' "$log" | sort -u | head -n 10 >&2 || true
    fail "$text failed. The whole output is in $log"
  fi
}

# What npm installed is compared with the lock file, so that a second start costs nothing.
install_azurite() {
  cmp -s package-lock.json node_modules/.vorel-lock 2>/dev/null && return
  step "Installing Azurite from npm (once, about 365 MB)" npm ci --no-audit --no-fund
  cp package-lock.json node_modules/.vorel-lock
}

# publish NAME PROJECT [MSBuild properties…]
publish() {
  local name=$1 project=$2; shift 2
  step "Building $project" dotnet publish "$project" -c Release -o ".vorel/app/$name" -v quiet "$@"
}
