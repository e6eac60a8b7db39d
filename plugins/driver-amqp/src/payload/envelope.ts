/** Every body begins with a header: a mark, the sender, its own size, its number, and the time. */
export const headerBytes = 32

const magic = 0x43_42_4d_32
const pattern = 'cloudbench-message.'

/** `header` section: durable. */
const durableSection = Buffer.from('005370c0020141', 'hex')

/** An encoded message that lacks only its numbers. One exchange reuses it for all its messages. */
export interface Draft {
  readonly exchange: number
  /** Undefined until it is first written. */
  message: Buffer | undefined
}

/** Where a message comes from. */
export interface Sender {
  /** The ledger's number, which tells this process's messages from others. */
  readonly run: number
  readonly track: number
}

/** Writes AMQP 1.0 messages: encoded once, with only the numbers set for each. */
export interface Envelope {
  createDraft(exchange: number): Draft
  /** Returns the draft's own bytes, which are valid until the draft is written again. */
  write(draft: Draft, sequence: number, sentMs: number): Buffer
}

export function createEnvelope(
  { size, durable }: { readonly size: number; readonly durable: boolean },
  { run, track }: Sender,
): Envelope {
  const head = durable ? durableSection : Buffer.alloc(0)
  const template = Buffer.concat([head, bodyHead(size), Buffer.alloc(size, pattern)])
  const at = template.length - size
  template.writeUInt32BE(magic, at)
  template.writeUInt32BE(run, at + 4)
  template.writeUInt32BE(size, at + 8)
  template.writeUInt32BE(track, at + 12)

  const copyFor = (exchange: number): Buffer => {
    const copy = Buffer.from(template)
    // only as many as can be in flight are looked up
    copy.writeUInt16BE(exchange & 0xffff, at + 16)
    return copy
  }
  return {
    createDraft: (exchange) => ({ exchange, message: undefined }),
    write(draft, sequence, sentMs) {
      const message = (draft.message ??= copyFor(draft.exchange))
      message.writeUIntBE(sequence, at + 18, 6)
      message.writeDoubleBE(sentMs, at + 24)
      return message
    },
  }
}

/** `data` section of that many bytes. */
function bodyHead(size: number): Buffer {
  if (size < 256) return Buffer.from([0, 0x53, 0x75, 0xa0, size])
  const head = Buffer.from([0, 0x53, 0x75, 0xb0, 0, 0, 0, 0])
  head.writeUInt32BE(size, 4)
  return head
}

/** What follows the header, as long as any body so far. */
let filling: Buffer = Buffer.alloc(0)

/** What is wrong with a body that has a header, apart from its numbers; `undefined` when it is as it was sent. */
export function damageOf(body: Buffer): string | undefined {
  const size = headerOf.size(body)
  if (body.length !== size) return `has ${body.length} B instead of ${size} B`
  if (filling.length < body.length) filling = Buffer.alloc(body.length * 2, pattern)
  const isFilled = filling.compare(body, headerBytes, body.length, headerBytes, body.length) === 0
  return isFilled ? undefined : 'has another body than was sent'
}

/** Reads the parts of a header. Apart from `isThere`, only for bodies that have one. */
export const headerOf = {
  isThere: (body: Buffer): boolean => body.length >= headerBytes && body.readUInt32BE(0) === magic,
  run: (body: Buffer): number => body.readUInt32BE(4),
  size: (body: Buffer): number => body.readUInt32BE(8),
  track: (body: Buffer): number => body.readUInt32BE(12),
  exchange: (body: Buffer): number => body.readUInt16BE(16),
  sequence: (body: Buffer): number => body.readUIntBE(18, 6),
  sentMs: (body: Buffer): number => body.readDoubleBE(24),
}
