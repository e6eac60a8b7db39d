import { errorWithCode, type LightSocket } from '@cloudbench/driver-kit'
import { serialize } from 'pg-protocol'
import { isFatal } from '../error-replies.ts'
import { errorReplyOf, letters, rowsOfTag } from '../wire/answers.ts'
import { createDocumentFrames } from '../wire/document-frames.ts'
import { createCallFrames } from '../wire/messages.ts'
import { createReader, malformed, shown } from '../wire/reader.ts'
import type { Calls, DocumentInsert, Exchange, Lane, Receiver, Refusal } from './lane.ts'

/** More than any error or notice; a row may have its payload in addition. */
const largestReplyBytes = 16 * 1024 ** 2

export interface WireOptions {
  /** Whether statements are prepared in the session, under their names; otherwise their text is sent with every call. */
  readonly isNamed: boolean
  /** The size of the rows that are read. */
  readonly rowBytes: number
}

/** A way to send frames, and what reads their answer. */
interface Flight {
  readonly receiver: Receiver
  /** How many statements were sent, and so how many are to be executed. */
  readonly statements: number
}

/** Frames that are laid out once and sent again and again with other numbers, and answers that are read as bytes. */
export function createWireLane(socket: LightSocket, { isNamed, rowBytes }: WireOptions): Lane {
  const flights = createFlights()
  let lost: Error | undefined
  let executed = 0
  let refusal: Refusal | undefined

  const ready = (flight: Flight): void => {
    const given = refusal
    if (given === undefined && executed !== flight.statements)
      throw malformed(`ReadyForQuery after ${executed} of ${flight.statements} statements`)
    executed = 0
    refusal = undefined
    flights.shift()
    if (given === undefined) flight.receiver.ready()
    else flight.receiver.refused(given)
  }

  const receive = (letter: number, bytes: Buffer, at: number, end: number): void => {
    const flight = flights.first()
    if (letter === letters.notice || letter === letters.parameterStatus || letter === letters.notification)
      return
    if (letter === letters.error) {
      const { severity, code, message } = errorReplyOf(bytes, at, end)
      if (flight === undefined || isFatal({ severity, code })) throw errorWithCode(code, message)
      refusal ??= { code, message }
      return
    }
    if (flight === undefined) throw malformed(`unasked, a message ${shown(letter)}`)
    switch (letter) {
      case letters.dataRow:
        rowOf(bytes, at, end, flight.receiver)
        break
      case letters.commandComplete:
        executed++
        flight.receiver.complete(rowsOfTag(bytes, at, end))
        break
      case letters.ready:
        if (end - at !== 1) throw malformed('a ReadyForQuery without a status')
        ready(flight)
        break
      case letters.bindComplete:
      case letters.parseComplete:
      case letters.closeComplete:
        if (at !== end) throw malformed(`a message ${shown(letter)} with a body`)
        break
      case letters.rowDescription:
        break
      default:
        // COPY, for one, which no statement of the load begins
        throw malformed(`unexpected, a message ${shown(letter)}`)
    }
  }

  const read = createReader(receive, largestReplyBytes + rowBytes)
  socket.reader = (shared, length) => {
    // what came after the end of a connection, or after what made no sense
    if (lost !== undefined) return
    try {
      read(shared, length)
    } catch (error) {
      lost = error as Error
      socket.destroy(lost)
    }
  }

  const fly = (flight: Flight, frame: Buffer): void => {
    if (lost === undefined) {
      flights.push(flight)
      socket.write(frame)
    } else process.nextTick(() => flight.receiver.lost(lost!))
  }

  return {
    sql(text, receiver): Exchange {
      const frame = serialize.query(text)
      const flight: Flight = { receiver, statements: 1 }
      return { send: () => fly(flight, frame) }
    },
    calls(statements, receiver): Calls {
      const frames = createCallFrames(statements, isNamed)
      const { bytes, set } = frames
      const flight: Flight = { receiver, statements: statements.length }
      return { set, send: () => fly(flight, bytes) }
    },
    documentInsert(shape, receiver): DocumentInsert {
      const { put, frameOf, forget } = createDocumentFrames(shape, isNamed)
      const flight: Flight = { receiver, statements: 1 }
      return { put, forget, send: (rows) => fly(flight, frameOf(rows)) }
    },
    lose(error) {
      lost ??= error
      for (let flight = flights.first(); flight !== undefined; flight = flights.first()) {
        flights.shift()
        flight.receiver.lost(error)
      }
    },
  }
}

/** What is in flight, in the order in which it was sent. */
interface Flights {
  first(): Flight | undefined
  push(flight: Flight): void
  shift(): void
}

/** A ring, which grows to what was ever in flight at once. */
function createFlights(): Flights {
  let ring: (Flight | undefined)[] = [undefined]
  let head = 0
  let count = 0
  return {
    first: () => ring[head],
    push(flight) {
      if (count === ring.length) {
        ring = [...ring.slice(head), ...ring.slice(0, head), ...ring.map(() => undefined)]
        head = 0
      }
      ring[(head + count) & (ring.length - 1)] = flight
      count++
    },
    shift() {
      ring[head] = undefined
      head = (head + 1) & (ring.length - 1)
      count--
    },
  }
}

/** Hands over the column of a DataRow. */
function rowOf(bytes: Buffer, at: number, end: number, receiver: Receiver): void {
  const columns = end - at < 6 ? 0 : bytes.readInt16BE(at)
  if (columns !== 1) throw malformed('a row that has not one column')
  const length = bytes.readInt32BE(at + 2)
  if (length < -1 || at + 6 + Math.max(length, 0) !== end) throw malformed('a row that is cut off')
  receiver.rowBytes(bytes, at + 6, length)
}
