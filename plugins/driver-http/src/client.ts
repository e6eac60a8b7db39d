import type { Connection, DriverContext } from '@cloudbench/core'
import { openHttpConnection } from '@cloudbench/driver-kit/undici'
import { proxyOf } from './client/proxy.ts'
import { connectError } from './connect-error.ts'
import type { HttpOptions } from './options.ts'
import { createOutcomes } from './outcomes.ts'
import { compilePayload } from './payload.ts'
import { sharedBody } from './payload/body-file.ts'
import { parseTarget } from './target.ts'

/** Opens one connection that carries one request after another. */
export async function openClient(context: DriverContext<HttpOptions>): Promise<Connection> {
  const { options } = context
  const target = parseTarget(context.target)
  const file = await sharedBody(context)
  const proxy = await proxyOf(context, target)
  return await openHttpConnection(context, {
    origin: target.origin,
    socketPath: target.socketPath,
    proxy,
    streams: options.pipelining,
    keepAlive: options.keepAlive,
    judge: createOutcomes(options.expect, context.outcome),
    createWriter: compilePayload(options, target, { file, proxy }),
    connectError: (error) => connectError(error, target, proxy),
  })
}
