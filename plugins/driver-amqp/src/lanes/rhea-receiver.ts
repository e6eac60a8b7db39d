import type { EventContext, Message, Receiver } from 'rhea'
import { noBytes, type MessageListener, type ReceivedMessage } from './message.ts'

/** The type of the `data` section. */
const dataType = 0x75
const noBuffer = Buffer.alloc(0)

/** A section of a message, as rhea reads it. */
interface Section {
  readonly typecode: number
  readonly content: unknown
}

/** Hands the messages of a receiver on. */
export function listenTo(receiver: Receiver, index: number, listener: MessageListener): void {
  receiver.on('message', ({ message }: EventContext) => {
    listener.message(index, receivedOf(message!))
  })
}

function receivedOf({ body, first_acquirer: isFirst, delivery_count: count }: Message): ReceivedMessage {
  const { content, typecode } = (body ?? {}) as Partial<Section>
  const isData = Buffer.isBuffer(content) && typecode === dataType
  const bytes = isData ? content : bytesOf(body)
  return {
    bytes: bytes ?? noBuffer,
    start: bytes === undefined ? noBytes : 0,
    end: bytes === undefined ? noBytes : bytes.length,
    isData,
    isRedelivered: isFirst === false || (count ?? 0) > 0,
  }
}

/** The bytes of a body that is no single `data` section. */
function bytesOf(body: unknown): Buffer | undefined {
  if (Buffer.isBuffer(body)) return body
  if (typeof body === 'string') return Buffer.from(body, 'latin1')
  const { content } = (body ?? {}) as Partial<Section>
  if (Buffer.isBuffer(content)) return content
  return Array.isArray(content) && content.every((part) => Buffer.isBuffer(part))
    ? Buffer.concat(content)
    : undefined
}
