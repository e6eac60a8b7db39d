import { execFile, type ExecFileException } from 'node:child_process'
import { failureOf } from './proof.ts'
import type { Topology } from './topology.ts'
import { askedOf } from './wrapper.ts'

/** A wrapper starts a process in a millisecond or two. */
const limitMs = 3_000
const outputLimitBytes = 4 * 1024 * 1024

const probed = new Map<string, Promise<string | undefined>>()

/** Why a wrapper does not work here, found out by running a program under it, once; undefined where it works. */
export function whyNot(words: readonly string[], topology: Topology): Promise<string | undefined> {
  const key = JSON.stringify([process.env['PATH'], words])
  const known = probed.get(key) ?? probe(words, topology)
  probed.set(key, known)
  return known
}

async function probe([program, ...args]: readonly string[], topology: Topology): Promise<string | undefined> {
  const files = ['/proc/self/status', '/proc/self/numa_maps']
  const { error, stdout, stderr } = await run(program!, [...args, 'cat', ...files])
  if (error?.code === 'ENOENT') return `${program} is not installed`
  // `cat` has printed the status already where there is no numa_maps
  const text = stdout.indexOf('Name:') === 0 ? stdout : undefined
  if (text === undefined) {
    const line = stderr.split('\n').find((candidate) => candidate.trim() !== '')
    return line?.trim() ?? `${program} failed${error ? `: ${error.message.split('\n')[0]}` : ''}`
  }
  const mapsAt = text.search(/^[0-9a-f]+ [a-z]/m)
  const numaMaps = mapsAt < 0 ? undefined : text.slice(mapsAt)
  return failureOf(askedOf([program!, ...args]), { status: text, numaMaps }, topology)
}

interface Ran {
  readonly error: ExecFileException | null
  readonly stdout: string
  readonly stderr: string
}

function run(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { timeout: limitMs, maxBuffer: outputLimitBytes, killSignal: 'SIGKILL' } as const
    execFile(program, args, options, (error, stdout, stderr) => resolve({ error, stdout, stderr }))
  })
}
