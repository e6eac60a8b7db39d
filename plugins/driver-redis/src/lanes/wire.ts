import type { DriverContext, Slot } from '@cloudbench/core'
import { connectionClosed, LightSocket, lostConnection, sharedTls, within } from '@cloudbench/driver-kit'
import { connectionName } from '../client/connection-name.ts'
import { connectError } from '../connect-error.ts'
import type { RedisOptions } from '../options.ts'
import { targetOf } from '../target.ts'
import { type Commands, createCommands } from '../wire/commands.ts'
import { greet } from '../wire/greet.ts'
import { isProtocolError, protocolError, Replies, type ReplyKind, replyKinds } from '../wire/replies.ts'
import type { Lane, Load, OpenLane } from './lane.ts'

/** Frames that are laid out and read in place, on a light socket. */
export const openWire: OpenLane = async (context, load) => {
  const { options, sockets, signal } = context
  const target = targetOf(context)
  signal.throwIfAborted()
  const tls = target.isTls ? await sharedTls(context) : undefined
  const socket = new LightSocket({ tls, sockets })
  try {
    // a server that accepts connections and never answers must not block the run
    await within(options.connectTimeoutMs, () => {
      socket.connect(target.path ?? target.port, target.host)
      return greet(socket, target, connectionName(context))
    })
  } catch (error) {
    // what comes now has no listener
    socket.on('error', () => {}).destroy()
    throw connectError(error, target)
  }
  return new WireLane(socket, context, load)
}

/** The requests in flight are in a ring, in the order in which they will be answered. */
class WireLane implements Lane {
  readonly #socket: LightSocket
  readonly #load: Load
  readonly #commands: Commands
  readonly #replies: Replies
  readonly #lost: DriverContext['lost']
  readonly #mask: number
  readonly #slots: (Slot | undefined)[]
  readonly #indices: Float64Array
  /** 0 for a read. */
  readonly #sequences: Float64Array
  #head = 0
  #size = 0
  /** Why the connection is of no more use, once it is. */
  #end: Error | undefined

  constructor(socket: LightSocket, { options, lost }: DriverContext<RedisOptions>, load: Load) {
    const { prefix, valueSize, verify, pipelining } = options
    const places = 2 ** Math.ceil(Math.log2(pipelining))
    this.#socket = socket
    this.#load = load
    this.#lost = lost
    this.#commands = createCommands(prefix, valueSize, load.keyspace)
    this.#replies = new Replies(verify ? valueSize : -1)
    this.#mask = places - 1
    this.#slots = Array.from({ length: places })
    this.#indices = new Float64Array(places)
    this.#sequences = new Float64Array(places)
    socket.reader = (shared, length) => this.#read(shared, length)
    socket.on('error', (error: Error) => this.#ended(error))
    socket.on('end', () => this.#ended(connectionClosed()))
    // it may have ended before this
    if (!socket.writable) this.#ended(connectionClosed())
  }

  send(slot: Slot): void {
    if (this.#end !== undefined) {
      slot.unsent(this.#end)
      return
    }
    const { planner, judge } = this.#load
    const { index, isRead } = planner
    const place = (this.#head + this.#size++) & this.#mask
    this.#slots[place] = slot
    this.#indices[place] = index
    if (isRead) {
      this.#sequences[place] = 0
      this.#commands.get(this.#socket, index)
    } else {
      this.#sequences[place] = planner.sequence
      this.#commands.set(this.#socket, index, judge.writer, planner.sequence)
    }
  }

  async close(): Promise<void> {
    this.#failAll(connectionClosed())
    const socket = this.#socket
    if (socket.destroyed) return
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.destroy()
    await closed
  }

  #read(shared: Buffer, length: number): void {
    const replies = this.#replies
    try {
      replies.take(shared, length)
      for (let kind = replies.next(); kind !== replyKinds.none; kind = replies.next()) this.#answer(kind)
    } catch (error) {
      if (!isProtocolError(error)) throw error
      this.#ended(error)
      this.#socket.destroy()
    }
  }

  #answer(kind: ReplyKind): void {
    if (this.#size === 0) throw protocolError('a reply that no request waits for')
    const { judge } = this.#load
    const replies = this.#replies
    const place = this.#head
    const slot = this.#slots[place]!
    const index = this.#indices[place]!
    const sequence = this.#sequences[place]!
    const isRead = sequence === 0
    let outcome
    if (isRead && kind === replyKinds.value)
      outcome = judge.value(index, replies.bytes, replies.at, replies.length)
    else if (!isRead && kind === replyKinds.status) outcome = judge.stored(index, sequence)
    else if (isRead && kind === replyKinds.nothing) outcome = judge.missing()
    else if (kind === replyKinds.error) outcome = judge.refused(isRead, replies.text())
    else throw protocolError(`a reply to ${isRead ? 'GET' : 'SET'} of another kind`)
    this.#slots[place] = undefined
    this.#head = (place + 1) & this.#mask
    this.#size--
    slot.done(outcome)
  }

  #ended(error: Error): void {
    if (this.#end !== undefined) return
    this.#failAll(lostConnection(error))
    this.#lost(this.#end)
  }

  /** Nothing that is in flight will be answered. */
  #failAll(end: Error): void {
    this.#end ??= end
    while (this.#size > 0) {
      const place = this.#head
      const slot = this.#slots[place]!
      this.#slots[place] = undefined
      this.#head = (place + 1) & this.#mask
      this.#size--
      if (this.#sequences[place] !== 0) this.#load.judge.lost(this.#indices[place]!)
      slot.fail(end)
    }
  }
}
