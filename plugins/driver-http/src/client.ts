import type { Connection, DriverContext } from '@cloudbench/core'
import { proxyOf } from './client/proxy.ts'
import { connectError } from './connect-error.ts'
import type { OpenLane } from './lanes/lane.ts'
import type { HttpOptions } from './options.ts'
import { createOutcomes } from './outcomes.ts'
import { compilePayload } from './payload.ts'
import { sharedBody } from './payload/body-file.ts'
import { parseTarget } from './target.ts'

/** What a run does not need is not loaded. */
const lanes: Readonly<Record<HttpOptions['client'], () => Promise<{ readonly openLane: OpenLane }>>> = {
  wire: () => import('./lanes/wire.ts'),
  undici: () => import('./lanes/undici.ts'),
}

/** Opens one connection that carries one request after another. */
export async function openClient(context: DriverContext<HttpOptions>): Promise<Connection> {
  const { options } = context
  const target = parseTarget(context.target)
  const file = await sharedBody(context)
  const proxy = await proxyOf(context, target)
  const writer = compilePayload(options, target, { file, proxy })
  const { openLane } = await lanes[options.client]()
  return await openLane(context, {
    origin: target.origin,
    socketPath: target.socketPath,
    proxy,
    streams: options.pipelining,
    keepAlive: options.keepAlive,
    judge: createOutcomes(options.expect, context.outcome),
    createWriter: () => writer,
    connectError: (error) => connectError(error, target, proxy),
  })
}
