import { createServer, type AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { startRabbit, type Rabbit } from './rabbit-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly rabbitKeeperPort: number
  }
}

/**
 * One RabbitMQ for all test files, because a start takes seconds: started for the first file that connects, ended after
 * the last. Every connection gets one line of JSON: the urls, or an error.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<Rabbit> | undefined
  const keeper = createServer((socket) => {
    socket.on('error', () => {})
    starting ??= startRabbit()
    starting.then(
      ({ url, tlsUrl, userUrl }) => socket.end(JSON.stringify({ url, tlsUrl, userUrl })),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) })),
    )
  })
  await new Promise<void>((resolve) => void keeper.listen(0, '127.0.0.1', resolve))
  provide('rabbitKeeperPort', (keeper.address() as AddressInfo).port)
  return async () => {
    keeper.close()
    const rabbit = await starting?.catch(() => undefined)
    await rabbit?.end()
  }
}
