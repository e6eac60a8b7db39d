import { errorWithCode } from '@cloudbench/driver-kit'
import { isFatal } from '../error-replies.ts'
import type { Receiver, Refusal } from '../lanes/lane.ts'
import { errorReplyOf, letters, rowsOfTag } from './answers.ts'
import { malformed, shown, type Receive } from './reader.ts'

/** What was sent, up to a Sync or as a simple query, and who is told of its answer. */
export interface Flight {
  readonly receiver: Receiver
  /** How many statements it has, all of which are executed unless one is refused. */
  readonly statements: number
}

/** What is in flight on a connection, in the order in which it was sent. */
export interface Flights {
  push(flight: Flight): void
  /**
   * Hands a message to the receiver of the flight that it answers.
   * @throws When it ends the connection: the server's last word, or something that is not the protocol.
   */
  readonly receive: Receive
  /** Nothing of it will be answered. */
  lose(error: Error): void
}

// one closure over the state that every message goes through
// oxlint-disable-next-line max-lines-per-function -- one closure over the state that every message goes through
export function createFlights(): Flights {
  const ring = createRing()
  /** Of the first flight. */
  let executed = 0
  let refusal: Refusal | undefined

  const land = (flight: Flight): void => {
    const given = refusal
    if (given === undefined && executed !== flight.statements)
      throw malformed(`ReadyForQuery after ${executed} of ${flight.statements} statements`)
    executed = 0
    refusal = undefined
    ring.shift()
    if (given === undefined) flight.receiver.ready()
    else flight.receiver.refused(given)
  }

  /** What a server may say at any time, or in place of anything else. */
  const receiveOther = (letter: number, bytes: Buffer, at: number, end: number): void => {
    if (letter === letters.notice || letter === letters.parameterStatus || letter === letters.notification)
      return
    // COPY, for one, which no statement of the load begins
    if (letter !== letters.error) throw malformed(`unexpected, a message ${shown(letter)}`)
    const { severity, code, message } = errorReplyOf(bytes, at, end)
    if (ring.first() === undefined || isFatal({ severity, code })) throw errorWithCode(code, message)
    refusal ??= { code, message }
  }

  return {
    push: ring.push,
    receive(letter, bytes, at, end) {
      const flight = ring.first()
      if (flight === undefined || refusal !== undefined) {
        if (letter === letters.ready && flight !== undefined) land(flight)
        else receiveOther(letter, bytes, at, end)
        return
      }
      switch (letter) {
        case letters.bindComplete:
        case letters.parseComplete:
        case letters.closeComplete:
          if (at !== end) throw malformed(`a message ${shown(letter)} with a body`)
          break
        case letters.dataRow:
          handRow(bytes, at, end, flight.receiver)
          break
        case letters.commandComplete:
          executed++
          flight.receiver.complete(rowsOfTag(bytes, at, end))
          break
        case letters.ready:
          if (end - at !== 1) throw malformed('a ReadyForQuery without a status')
          land(flight)
          break
        default:
          receiveOther(letter, bytes, at, end)
      }
    },
    lose(error) {
      for (let flight = ring.first(); flight !== undefined; flight = ring.first()) {
        ring.shift()
        flight.receiver.lost(error)
      }
    },
  }
}

/** Hands over the column of a DataRow. */
function handRow(bytes: Buffer, at: number, end: number, receiver: Receiver): void {
  const columns = end - at < 6 ? 0 : bytes.readInt16BE(at)
  if (columns !== 1) throw malformed('a row that has not one column')
  const length = bytes.readInt32BE(at + 2)
  if (length < -1 || at + 6 + Math.max(length, 0) !== end) throw malformed('a row that is cut off')
  receiver.rowBytes(bytes, at + 6, length)
}

interface Ring {
  first(): Flight | undefined
  push(flight: Flight): void
  shift(): void
}

/** Grows to what was ever in flight at once, which is a power of two. */
function createRing(): Ring {
  let places: (Flight | undefined)[] = [undefined]
  let head = 0
  let count = 0
  return {
    first: () => places[head],
    push(flight) {
      if (count === places.length) {
        places = [...places.slice(head), ...places.slice(0, head), ...places.map(() => undefined)]
        head = 0
      }
      places[(head + count) & (places.length - 1)] = flight
      count++
    },
    shift() {
      places[head] = undefined
      head = (head + 1) & (places.length - 1)
      count--
    },
  }
}
