import { readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import type { Finding } from './finding.ts'

/** The generator and the system under test should not share a core. */
const enoughCores = 2
const enoughMemoryBytes = 1024 ** 3
const enoughFiles = 4_096
const enoughPorts = 10_000

/** Checks what limits the load that this machine can generate. */
export function examineMachine(): Finding[] {
  return [node(), cores(), memory(), ...openFiles(), ...ports()]
}

function node(): Finding {
  return { state: 'good', what: `Node.js ${process.versions.node}` }
}

function cores(): Finding {
  const count = availableParallelism()
  if (count >= enoughCores) return { state: 'good', what: `${count} cores for this process` }
  return {
    state: 'doubtful',
    what: 'one core for this process',
    advice:
      'the load generator and the target compete for it; use a machine with more cores, or a target elsewhere',
  }
}

function memory(): Finding {
  const limit = process.constrainedMemory()
  // without a limit some systems report one beyond the machine's memory
  const isLimited = limit > 0 && limit < totalmem()
  const bytes = isLimited ? limit : totalmem()
  const what = `${(bytes / 1024 ** 3).toFixed(1)} GiB of memory${isLimited ? ' (cgroup limit)' : ''}`
  if (bytes >= enoughMemoryBytes) return { state: 'good', what }
  return {
    state: 'doubtful',
    what,
    advice: 'use fewer workers, or --environment memory to fit their heaps into it',
  }
}

function openFiles(): Finding[] {
  const soft = openFileLimit()
  if (soft === undefined) return []
  if (soft >= enoughFiles)
    return [{ state: 'good', what: `${soft === Infinity ? 'unlimited' : soft} open files` }]
  return [
    {
      state: 'doubtful',
      what: `${soft} open files`,
      advice: `enough for about ${Math.max(0, soft - 64)} connections per worker; raise it with ulimit -n 65535`,
    },
  ]
}

function openFileLimit(): number | undefined {
  const line = /^Max open files\s+(\S+)/m.exec(readText('/proc/self/limits') ?? '')
  if (line === null) return undefined
  return line[1] === 'unlimited' ? Infinity : Number(line[1])
}

function ports(): Finding[] {
  const [low, high] = (readText('/proc/sys/net/ipv4/ip_local_port_range') ?? '')
    .trim()
    .split(/\s+/)
    .map(Number)
  if (low === undefined || high === undefined || Number.isNaN(low) || Number.isNaN(high)) return []
  const count = high - low + 1
  const what = `${count} ports for outgoing connections (${low} to ${high})`
  if (count >= enoughPorts) return [{ state: 'good', what }]
  return [
    {
      state: 'doubtful',
      what,
      advice:
        'a workload that opens a connection per request will run out of them; raise it with sysctl -w net.ipv4.ip_local_port_range="1024 65535"',
    },
  ]
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
