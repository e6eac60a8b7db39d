import { addressOf, brokerOf } from '../client/address.ts'
import type { Lane, LaneOptions, Receivers } from '../lanes/lane.ts'
import type { AmqpOptions } from '../options.ts'
import { headerBytes, type Envelope } from '../payload/envelope.ts'
import type { Peer, WireConnection } from './connection.ts'
import type { Output } from './output.ts'
import type { LinkRequest } from './performatives.ts'
import { Inlet, Receiving } from './receiving.ts'
import { Sending } from './sending.ts'
import { layOut } from './transfer.ts'

/** A connection that both sides have opened. */
export interface OpenConnection {
  readonly connection: WireConnection
  readonly peer: Peer
  readonly output: Output
}

type Request = (isReceiver: boolean) => LinkRequest

/** Attaches links to one queue. Never settles when the broker refuses them: that breaks the connection. */
export async function openLinks(
  open: OpenConnection,
  options: AmqpOptions,
  { queue, envelope, receivers }: LaneOptions,
): Promise<Pick<Lane, 'send' | 'addCredit'>> {
  const { connection, peer } = open
  const broker = brokerOf((name) => peer.properties.get(name))
  const { address, needsProof } = addressOf(queue, broker)
  const isPresettled = options.settlement === 'at-most-once'
  const capability = options.capability === 'none' ? undefined : options.capability
  let links = 0
  const request: Request = (isReceiver) => {
    const handle = links++
    return { name: `cloudbench-${handle}`, handle, isReceiver, address, capability, isPresettled }
  }
  await connection.begin()
  if (needsProof && receivers === undefined) {
    const proof = connection.links.add(request(true))
    await connection.attach(proof)
    await connection.detach(proof)
  }
  const inlets = receivers === undefined ? [] : await attachReceivers(open, receivers, request)
  if (envelope !== undefined) await attachSender(open, envelope, request(false))
  const { sending, receiving } = connection
  return {
    // a workload that sends or receives has asked for the link
    send: (parcel) => sending!.send(parcel),
    addCredit: (receiver, count) => receiving!.addCredit(inlets[receiver]!, count),
  }
}

async function attachReceivers(
  { connection, output }: OpenConnection,
  { count, keptCredit = 0, listener }: Receivers,
  request: Request,
): Promise<readonly Inlet[]> {
  const receiving = new Receiving(output, connection.session, listener)
  connection.receiving = receiving
  const inlets: Inlet[] = []
  const attaching: Promise<void>[] = []
  for (let index = 0; index < count; index++) {
    const asked = request(true)
    const inlet = new Inlet(index, asked.handle, keptCredit)
    inlets.push(inlet)
    attaching.push(connection.attach(connection.links.add(asked, inlet)))
  }
  await Promise.all(attaching)
  if (keptCredit > 0) for (const inlet of inlets) receiving.addCredit(inlet, keptCredit)
  return inlets
}

async function attachSender(
  { connection, output, peer }: OpenConnection,
  { body, isDurable, trace }: Envelope,
  request: LinkRequest,
): Promise<void> {
  const { handle, isPresettled: isSettled } = request
  const transfer = layOut({
    handle,
    isSettled,
    isDurable,
    isTraced: trace !== undefined,
    body,
    changing: headerBytes,
    largestFrame: peer.largestFrame,
  })
  connection.sending = new Sending(output, connection.session, { handle, transfer, isSettled, trace })
  await connection.attach(connection.links.add(request))
}
