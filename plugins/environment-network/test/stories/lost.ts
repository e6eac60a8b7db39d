import { spawnSync } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { watch } from '../../src/watch.ts'

// a connection to an address where nothing answers: its first packet is sent again and again

const ip = (...args: readonly string[]): void => void spawnSync('ip', args)
ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far')
ip('addr', 'add', '10.77.0.1/24', 'dev', 'near')
for (const end of ['near', 'far']) ip('link', 'set', end, 'up')
// an address that needs no one to say where it is
ip('neigh', 'add', '10.77.0.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'near')

const watcher = await watch('/')
const before = await watcher.read([])
const socket = connect(80, '10.77.0.2').on('error', () => {})
let after = before
for (let tries = 0; tries < 200 && after['tcp.timeouts'] === before['tcp.timeouts']; tries++) {
  await sleep(50)
  after = await watcher.read([])
}
socket.destroy()
await watcher.close()
const grown = Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)])
console.log(JSON.stringify(Object.fromEntries(grown)))
