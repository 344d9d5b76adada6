#!/bin/sh
# Fetches the desk's assets from the npm registry at the exact versions of tools/vendor/package-lock.json (npm checks their hashes),
# bundles what must be bundled and writes src/musnad/web/static/vendor/. With --check nothing is written: it fails where the tree differs.
# Needs node 20 or later with npm, and the network. Nothing of it is needed to build, install or run musnad.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
vendor=$root/src/musnad/web/static/vendor
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$root"/tools/vendor/* "$work"
cd "$work"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
node build.mjs "$work/made" "$root/src/musnad/arabic/actors/countries.tsv"

if [ "${1:-}" = --check ]; then
  diff -r "$work/made" "$vendor" && echo "the vendored files are as tools/vendor.sh makes them"
else
  rm -rf "$vendor"
  mkdir -p "$(dirname "$vendor")"
  mv "$work/made" "$vendor"
  cd "$root" && du -sh "$vendor"
fi
