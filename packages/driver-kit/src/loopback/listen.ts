import type { AddressInfo, Server } from 'node:net'
import { CloudbenchError, messageOf } from '@cloudbench/core'

/**
 * Lets a server listen on 127.0.0.1, and on nothing else.
 * @param port 0 for any free one.
 * @returns the port it listens on.
 * @throws CloudbenchError when the port is taken.
 */
export async function listenOnLoopback(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new CloudbenchError({
          code: 'CB_TARGET',
          what: `a loopback server cannot listen on 127.0.0.1:${port}: ${messageOf(cause)}`,
          expected: 'a free port',
          next: 'leave the port out to get any free one',
          cause,
        }),
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}
