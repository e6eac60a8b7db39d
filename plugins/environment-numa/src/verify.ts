import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Facts, Launch } from '@cloudbench/core'
import { CloudbenchError } from '@cloudbench/core'
import { formatCpuList, readText } from '@cloudbench/environment-kit'
import { policyIn, policyText } from './numa-maps.ts'
import { failureOf, type Kernel } from './proof.ts'
import { allowedIn, nodesOf, readTopology } from './topology.ts'
import { askedOf } from './wrapper.ts'

/** The first line tells the policy. To read the rest, the kernel visits all pages of the process. */
const firstBytes = 4096

/** Proves inside the worker that it runs where it was placed, and says where that is. */
export async function verify(launch: Readonly<Launch>, root: string): Promise<Facts> {
  const topology = await readTopology(root)
  const kernel: Kernel = {
    status: await readText(join(root, 'proc/self/status')),
    numaMaps: await beginningOf(join(root, 'proc/self/numa_maps')),
  }
  const failure = failureOf(askedOf(launch.wrap), kernel, topology)
  if (failure !== undefined)
    throw new CloudbenchError({
      code: 'CB_HOOK',
      what: `this worker is not where it was placed: ${failure}`,
      expected: `what ${launch.wrap.join(' ')} asks for`,
      next: 'look for a program in the worker’s command line that drops or changes it, or set placement: off on the numa environment',
    })

  const { allowedCpus } = allowedIn(kernel.status)
  const nodes = allowedCpus && nodesOf(allowedCpus, topology)
  const policy = policyIn(kernel.numaMaps)
  return {
    ...(nodes && nodes.length > 0 && { 'numa.nodes': formatCpuList(nodes) }),
    ...(allowedCpus && { 'numa.cpus': formatCpuList(allowedCpus) }),
    ...(policy && { 'numa.memoryPolicy': policyText(policy.name, formatCpuList(policy.nodes)) }),
  }
}

async function beginningOf(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined)
  if (file === undefined) return undefined
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(firstBytes), position: 0 })
    return buffer.toString('latin1', 0, bytesRead)
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}
