#!/usr/bin/env node
// old syntax and no static import: this has to parse, and explain itself, on a Node that cannot run the rest.
var version = process.versions.node.split('.').map(Number)
if (version[0] < 22 || (version[0] === 22 && version[1] < 19)) {
  console.error('cloudbench needs Node.js 22.19 or newer, this is ' + process.versions.node + '.')
  process.exit(2)
} else void import('../dist/start.js')
