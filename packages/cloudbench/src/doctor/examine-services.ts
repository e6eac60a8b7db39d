import { findService, startService, ServiceError } from '@cloudbench/services'
import type { Service } from '../provision.ts'
import type { Finding } from './finding.ts'

/** Finds services, and starts and stops those that are not running: the only proof that they can be started. */
export async function examineServices(services: readonly Service[]): Promise<Finding[]> {
  return await Promise.all(services.map(examine))
}

async function examine({ name, ...from }: Service): Promise<Finding> {
  const found = await findService(name, from)
  if (found !== undefined) return { state: 'good', what: `${name} is running at ${found}` }
  try {
    // not with Compose, which may have to pull an image first
    const { stop } = await startService(name, { ...from, attached: true, how: 'local', fetch: false })
    await stop()
    return { state: 'good', what: `${name} is not running, but can be started` }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return {
      state: 'doubtful',
      what: `${name} is not running, and cannot be started from a local program`,
      advice:
        `targets without a url use Docker Compose if it is available, else a loopback server. ${error.next ?? ''}`.trim(),
    }
  }
}
