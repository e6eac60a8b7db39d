import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { createKafka, withoutKafka } from './kafka.ts'

// one broker for all test files of this package. It starts while other tests run: `shared.ts` waits for it.

export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (withoutKafka) return undefined
  const broker = await createKafka()
  const { folder, url, saslUrl, tlsUrl } = broker
  const startedFile = join(folder, 'started')
  provide('kafka', { url, saslUrl, tlsUrl, startedFile })
  const starting = broker.start().then(
    () => writeFile(startedFile, ''),
    (error: Error) => writeFile(startedFile, error.message),
  )
  return async () => {
    await broker.kill()
    await starting
    await broker.close()
  }
}
