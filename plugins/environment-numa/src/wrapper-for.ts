import { formatCpuList } from '@cloudbench/environment-kit'
import type { Placement } from './placement.ts'
import { whyNot } from './probe.ts'
import type { Topology } from './topology.ts'
import { numactlWords, tasksetWords } from './wrapper.ts'

/** The best wrapper that works here, and why it is not the one that was wanted. */
export async function wrapperFor(
  placement: Placement,
  topology: Topology,
): Promise<{ readonly words: readonly string[]; readonly reason?: string }> {
  const { cpus, memory } = placement
  const where = `CPUs ${formatCpuList(cpus)}`
  let missing: string | undefined
  if (memory !== undefined) {
    const words = numactlWords(placement)
    const why = await whyNot(words, topology)
    if (why === undefined) return { words }
    missing = `the memory of workers on ${where} is not bound: ${why}`
  }
  const words = tasksetWords(placement)
  const why = await whyNot(words, topology)
  if (why !== undefined) return { words: [], reason: `workers are not pinned to ${where}: ${why}` }
  return { words, ...(missing !== undefined && { reason: missing }) }
}
