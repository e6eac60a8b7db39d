import { findService, startService, ServiceError } from '@cloudbench/services'
import type { Service } from '../provision.ts'
import type { Finding } from './finding.ts'

/** Looks for services, and starts and stops those that do not run: the only proof that it works. */
export async function examineServices(services: readonly Service[]): Promise<Finding[]> {
  return await Promise.all(services.map(examine))
}

async function examine({ name, ...from }: Service): Promise<Finding> {
  const found = await findService(name, from)
  if (found !== undefined) return { state: 'good', what: `${name} runs at ${found}` }
  try {
    // not by Compose, which may first load an image
    const { stop } = await startService(name, { ...from, attached: true, how: 'local', fetch: false })
    await stop()
    return { state: 'good', what: `${name} does not run, and can be started` }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return {
      state: 'doubtful',
      what: `${name} does not run, and cannot be started from a local program`,
      advice:
        `targets without url use Docker Compose where it answers, else a loopback server. ${error.next ?? ''}`.trim(),
    }
  }
}
