import type { AddressInfo, Server } from 'node:net'
import type { LoopbackOptions } from '@cloudbench/core'
import { CloudbenchError, messageOf } from '@cloudbench/core'

/**
 * Lets a server listen on 127.0.0.1, and on nothing else.
 * @param port 0 for any free one.
 * @returns the port it listens on.
 * @throws CloudbenchError when the port is taken, or cannot be shared here.
 */
export async function listenOnLoopback(
  server: Server,
  port = 0,
  { reusePort = false }: Pick<LoopbackOptions, 'reusePort'> = {},
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(refusal(port, cause)))
    server.listen({ port, host: '127.0.0.1', reusePort }, resolve)
  })
  return (server.address() as AddressInfo).port
}

function refusal(port: number, cause: NodeJS.ErrnoException): CloudbenchError {
  const cannotShare = cause.code === 'ENOTSUP'
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: `a loopback server cannot listen on 127.0.0.1:${port}: ${messageOf(cause)}`,
    expected: cannotShare ? 'a system that spreads connections over processes, such as Linux' : 'a free port',
    next: cannotShare
      ? 'leave reusePort out, and start one server'
      : 'leave the port out to get any free one',
    cause,
  })
}
