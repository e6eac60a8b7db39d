import { randomUUID } from 'node:crypto'
import type { TaskContext } from '@cloudbench/core'
import { LightSocket, sharedTls, within } from '@cloudbench/driver-kit'
import { addressOf, brokerOf } from '../client/address.ts'
import { lostBy, silentFor } from '../client/fault.ts'
import { mechanismOf } from '../client/sasl.ts'
import { watchSilence } from '../client/silence.ts'
import { connectError } from '../connect-error.ts'
import type { AmqpOptions } from '../options.ts'
import { parseTarget, type AmqpTarget } from '../target.ts'
import { WireConnection, type Peer } from '../wire/connection.ts'
import type { LinkRequest } from '../wire/performatives.ts'
import { Inlet, Receiving } from '../wire/receiving.ts'
import { Sending } from '../wire/sending.ts'
import { layOut } from '../wire/transfer.ts'
import type { Lane, LaneOptions, OpenLane } from './lane.ts'

/** How long a broker may take to answer a close before the connection is cut. */
const closeLimitMs = 1_000

/** Opens a connection whose frames are laid out by this driver. */
export const openWireLane: OpenLane = async (context, laneOptions) => {
  const { options, signal } = context
  signal.throwIfAborted()
  const target = parseTarget(context.target)
  const socket = new LightSocket({ tls: target.isTls ? await sharedTls(context) : undefined })
  const broken = Promise.withResolvers<never>()
  // it may break when no one waits for it
  broken.promise.catch(() => {})
  let isEnded = false
  const fail = (cause: unknown): void => {
    if (isEnded) return
    isEnded = true
    stop()
    broken.reject(lostBy(cause))
  }
  const connection = new WireConnection(outputOf(socket), introductionOf(options, target), fail)
  const silence = watchSilence(options.heartbeatMs, () => fail(silentFor(options.heartbeatMs)))
  const stop = (): void => {
    silence.stop()
    connection.stop()
  }
  const close = async (): Promise<void> => {
    const wasEnded = isEnded
    isEnded = true
    stop()
    if (!wasEnded && socket.writable) await within(closeLimitMs, () => connection.close()).catch(() => {})
    socket.destroy()
  }
  socket.on('data', (bytes: Buffer) => {
    silence.heard()
    try {
      connection.read(bytes, bytes.length)
    } catch (error) {
      fail(error)
      socket.destroy()
    }
  })
  socket.on('error', fail)
  socket.on('close', () => {
    fail(undefined)
    connection.closed.resolve()
  })
  try {
    socket.once('connect', () => connection.start()).connect(target.port, target.host)
    const opened = connection.opened.promise.then((peer) => openLinks(connection, peer, context, laneOptions))
    const links = await within(options.connectTimeoutMs, () => Promise.race([opened, broken.promise]))
    return { ...links, broken: broken.promise, close }
  } catch (error) {
    isEnded = true
    stop()
    socket.destroy()
    throw connectError(error, target, laneOptions.queue)
  }
}

function introductionOf({ sasl, heartbeatMs }: AmqpOptions, target: AmqpTarget) {
  const { host, vhost } = target
  return {
    containerId: `cloudbench-${randomUUID()}`,
    hostname: vhost === undefined ? host : `vhost:${vhost}`,
    idleTimeOutMs: heartbeatMs,
    mechanism: mechanismOf(sasl, target),
  }
}

/** Attaches links to one queue. */
async function openLinks(
  connection: WireConnection,
  peer: Peer,
  { options }: TaskContext<AmqpOptions>,
  { queue, envelope, receivers }: LaneOptions,
): Promise<Pick<Lane, 'send' | 'addCredit'>> {
  const { address, needsProof } = addressOf(
    queue,
    brokerOf((name) => peer.properties.get(name)),
  )
  const { links, session } = connection
  const isPresettled = options.settlement === 'at-most-once'
  const capability = options.capability === 'none' ? undefined : options.capability
  let handle = 0
  const request = (isReceiver: boolean): LinkRequest => ({
    name: `cloudbench-${handle}`,
    handle: handle++,
    isReceiver,
    address,
    capability,
    isPresettled,
  })
  await connection.begin()
  if (needsProof && receivers === undefined) {
    const proof = links.add(request(true))
    await connection.attach(proof)
    await connection.detach(proof)
  }
  const inlets = Array.from(
    { length: receivers?.count ?? 0 },
    (_, index) => new Inlet(index, handle + index, receivers?.keptCredit ?? 0),
  )
  if (receivers !== undefined) connection.receiving = new Receiving(outputOf, session, receivers.listener)
  await Promise.all(inlets.map((inlet) => connection.attach(links.add(request(true), inlet))))
}
