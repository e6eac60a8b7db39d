import { act, valuesOf } from '../support/story.ts'

// a run applies and is killed; then one starts that applies nothing

const [, , root = '/'] = process.argv
const keys = [
  'net.core.somaxconn',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_max_syn_backlog',
  'net.ipv4.tcp_tw_reuse',
]

const before = await valuesOf(root, keys)
const run = await act('hold', { root, apply: keys })
const during = await valuesOf(root, keys)
await run.kill()
const killed = await valuesOf(root, keys)
const next = await act('discover', { root })
const after = await valuesOf(root, keys)
const third = await act('discover', { root })
console.log(
  JSON.stringify({ before, during, killed, after, said: next.told.warnings, saidAgain: third.told.warnings }),
)
