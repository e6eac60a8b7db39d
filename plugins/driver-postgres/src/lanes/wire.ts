import type { RequestTrace } from '@cloudbench/core'
import type { LightSocket } from '@cloudbench/driver-kit'
import { createDocumentFrames } from '../wire/document-frames.ts'
import { createFlights, type Flight } from '../wire/flights.ts'
import { createCallFrames, createQueryFrame } from '../wire/messages.ts'
import { createReader, largestReplyBytes } from '../wire/reader.ts'
import type { Calls, DocumentInsert, Exchange, Lane } from './lane.ts'

export interface WireOptions {
  /** Whether statements are prepared in the session, under their names; otherwise their text is sent with every call. */
  readonly isNamed: boolean
  /** The size of the rows that are read. */
  readonly rowBytes: number
  /** What statements carry, which then are not prepared under names. */
  readonly trace?: RequestTrace | undefined
}

/**
 * Frames that are laid out once and sent again and again with other numbers, and answers that are read as bytes.
 * @param socket Of a session that is ready; its reader is replaced.
 */
export function createWireLane(socket: LightSocket, { isNamed, rowBytes, trace }: WireOptions): Lane {
  const flights = createFlights()
  let lost: Error | undefined
  const read = createReader(flights.receive, largestReplyBytes + rowBytes)
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
      const { bytes, mark } = createQueryFrame(text, trace)
      const flight: Flight = { receiver, statements: 1 }
      return {
        send(index) {
          mark(index)
          fly(flight, bytes)
        },
      }
    },
    calls(statements, receiver): Calls {
      const { bytes, set, mark } = createCallFrames(statements, isNamed, trace)
      const flight: Flight = { receiver, statements: statements.length }
      return {
        set,
        send(index) {
          mark(index)
          fly(flight, bytes)
        },
      }
    },
    documentInsert(shape, receiver): DocumentInsert {
      const { put, frameOf, forget } = createDocumentFrames(shape, isNamed, trace)
      const flight: Flight = { receiver, statements: 1 }
      return { put, forget, send: (rows, index) => fly(flight, frameOf(rows, index)) }
    },
    lose(error) {
      lost ??= error
      flights.lose(error)
    },
  }
}
