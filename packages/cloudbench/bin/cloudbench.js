#!/bin/sh
':' //; while read -r k v; do case $k$v in SigIgn:*[13579bdf]) export CLOUDBENCH_SIGHUP=ignored;; esac; done 2>/dev/null </proc/self/status; exec node "$0" "$@"
// the line above is for sh: only there is it still seen that `nohup` had SIGHUP ignored, which Node takes back.
// old syntax and no static import: this has to parse, and explain itself, on a Node that cannot run the rest.
var version = process.versions.node.split('.').map(Number)
if (version[0] < 22 || (version[0] === 22 && version[1] < 19)) {
  console.error('cloudbench needs Node.js 22.19 or newer, this is ' + process.versions.node + '.')
  process.exit(2)
} else void import('../dist/main.js')
