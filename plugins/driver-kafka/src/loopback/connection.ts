import type { Socket } from 'node:net'
import { Reader } from '../wire/reader.ts'
import type { MemoryBroker } from './broker.ts'

/** The default of `socket.request.max.bytes`. */
const largestRequestBytes = 100 * 1024 * 1024

/** An answer that waits for its turn: answers leave in the order of the requests. */
interface Answer {
  frame: Buffer | undefined
  isGiven: boolean
}

/** Reads requests from a socket, has them answered, and hangs up on any other protocol. */
export function serve(socket: Socket, broker: MemoryBroker): void {
  let unread = Buffer.alloc(0)
  const answers: Answer[] = []
  const give = (answer: Answer, correlation: number, body: Buffer | undefined): void => {
    answer.isGiven = true
    if (body) {
      const head = Buffer.allocUnsafe(8)
      head.writeInt32BE(4 + body.length, 0)
      head.writeInt32BE(correlation, 4)
      answer.frame = Buffer.concat([head, body])
    }
    while (answers[0]?.isGiven) {
      const { frame } = answers.shift()!
      if (frame && !socket.destroyed) socket.write(frame)
    }
  }
  const take = (request: Reader): void => {
    const key = request.int16()
    const version = request.int16()
    const correlation = request.int32()
    request.string()
    const answer: Answer = { frame: undefined, isGiven: false }
    answers.push(answer)
    broker({ key, version, body: request, answer: (body) => give(answer, correlation, body) })
  }
  socket.on('data', (data) => {
    unread = unread.length === 0 ? data : Buffer.concat([unread, data])
    let at = 0
    socket.cork()
    try {
      while (unread.length - at >= 4) {
        const sizeBytes = unread.readInt32BE(at)
        if (sizeBytes < 8 || sizeBytes > largestRequestBytes) throw new RangeError('no request has that size')
        const end = at + 4 + sizeBytes
        if (end > unread.length) break
        take(new Reader(unread, at + 4, end))
        at = end
      }
      unread = unread.subarray(at)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      // not a request: hang up, as a broker does
      socket.destroy()
    }
    socket.uncork()
  })
}
