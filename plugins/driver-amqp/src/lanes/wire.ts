import { randomUUID } from 'node:crypto'
import { LightSocket, sharedTls, within } from '@cloudbench/driver-kit'
import { lostBy, silentFor } from '../client/fault.ts'
import { mechanismOf } from '../client/sasl.ts'
import { watchSilence } from '../client/silence.ts'
import { connectError } from '../connect-error.ts'
import type { AmqpOptions } from '../options.ts'
import { parseTarget, type AmqpTarget } from '../target.ts'
import { WireConnection, type Introduction } from '../wire/connection.ts'
import { openLinks } from '../wire/open-links.ts'
import type { OpenLane } from './lane.ts'

/** How long a broker may take to answer a close before the connection is cut. */
const closeLimitMs = 1_000

/** Opens a connection whose frames are laid out by this driver. */
export const openWireLane: OpenLane = async (context, laneOptions) => {
  const { options, signal } = context
  signal.throwIfAborted()
  const target = parseTarget(context.target)
  const introduction = introductionOf(options, target)
  const broken = Promise.withResolvers<never>()
  // it may break when no one waits for it
  broken.promise.catch(() => {})
  let isEnded = false
  const end = (): boolean => {
    const isFirst = !isEnded
    isEnded = true
    silence.stop()
    connection.stop()
    return isFirst
  }
  const fail = (cause: unknown): void => {
    if (end()) broken.reject(lostBy(cause))
  }
  const socket = new LightSocket({
    tls: target.isTls ? await sharedTls(context) : undefined,
    endsOnThrow: true,
    reader(bytes, length) {
      silence.heard()
      connection.read(bytes, length)
    },
  })
  const connection = new WireConnection(socket, introduction, fail)
  const silence = watchSilence(options.heartbeatMs, () => fail(silentFor(options.heartbeatMs)))
  socket.once('connect', () => connection.start())
  socket.on('error', fail)
  socket.on('close', () => {
    fail(undefined)
    connection.closed.resolve()
  })
  const close = async (): Promise<void> => {
    if (end() && socket.writable) await within(closeLimitMs, () => connection.close()).catch(() => {})
    socket.destroy()
  }
  try {
    socket.connect(target.port, target.host)
    const opened = connection.opened.promise.then((peer) =>
      openLinks({ connection, peer, output: socket }, options, laneOptions),
    )
    const links = await within(options.connectTimeoutMs, () => Promise.race([opened, broken.promise]))
    return { ...links, broken: broken.promise, close }
  } catch (error) {
    end()
    socket.destroy()
    throw connectError(error, target, laneOptions.queue)
  }
}

function introductionOf({ sasl, heartbeatMs }: AmqpOptions, target: AmqpTarget): Introduction {
  const { host, vhost } = target
  return {
    containerId: `cloudbench-${randomUUID()}`,
    hostname: vhost === undefined ? host : `vhost:${vhost}`,
    idleTimeOutMs: heartbeatMs,
    mechanism: mechanismOf(sasl, target),
  }
}
