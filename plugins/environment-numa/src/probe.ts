import { runProgram } from './program.ts'
import { failureOf } from './proof.ts'
import type { Topology } from './topology.ts'
import { askedOf } from './wrapper.ts'

const probed = new Map<string, Promise<string | undefined>>()

/** Why a wrapper does not work here, found out by running a program under it, once; undefined where it works. */
export function whyNot(words: readonly string[], topology: Topology): Promise<string | undefined> {
  const key = JSON.stringify([process.env['PATH'], words])
  const known = probed.get(key) ?? probe(words, topology)
  probed.set(key, known)
  return known
}

async function probe(words: readonly string[], topology: Topology): Promise<string | undefined> {
  const { stdout, failure } = await runProgram([...words, 'cat', '/proc/self/status', '/proc/self/numa_maps'])
  // a kernel without nodes has no numa_maps; the status is there all the same
  if (!stdout.startsWith('Name:')) return failure ?? `${words[0]} shows nothing of /proc/self/status`
  const mapsAt = stdout.search(/^[0-9a-f]+ [a-z]/m)
  const numaMaps = mapsAt < 0 ? undefined : stdout.slice(mapsAt)
  return failureOf(askedOf(words), { status: stdout, numaMaps }, topology)
}
