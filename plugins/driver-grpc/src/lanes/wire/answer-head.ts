import { withDetails, type EndStatus } from '../../wire/end-status.ts'
import { errorCode, ProtocolFault } from '../../wire/http2/fault.ts'
import { FieldReader } from '../../wire/http2/field-reader.ts'
import { status } from '../../wire/status.ts'

/** What a header block of an answer says, as far as calls are concerned. */
export interface AnswerHead {
  /** Absent in trailers. */
  readonly httpStatus: number | undefined
  readonly contentType: string | undefined
  /** Whether messages follow; the body of anything else is of no interest. */
  readonly isGrpc: boolean
  /** How messages are compressed that say so. */
  readonly encoding: string
  /** At the end of an answer. */
  readonly end: EndStatus | undefined
}

/** More than gRPC servers send: grpc-js allows for a quarter. */
export const headLimitBytes = 65_536

/** Belongs to HTTP/1. */
const connectionFields = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/**
 * Reads the header blocks of one kind, heads or trailers. Most are the same as the one before, byte by byte, and are not
 * decoded again.
 */
export class AnswerHeads {
  readonly #reader = new FieldReader(headLimitBytes)
  readonly #isTrailers: boolean
  #last: Buffer = Buffer.alloc(0)
  #lastHead: AnswerHead | undefined

  constructor(isTrailers: boolean) {
    this.#isTrailers = isTrailers
  }

  /** @throws ProtocolFault for what is no header block, and, ending the call only, for one that HTTP does not allow. */
  read(bytes: Buffer, from: number, to: number): AnswerHead {
    if (this.#lastHead !== undefined && this.#isLast(bytes, from, to)) return this.#lastHead
    const head = this.#decode(bytes, from, to)
    this.#last = Buffer.from(bytes.subarray(from, to))
    this.#lastHead = head
    return head
  }

  #isLast(bytes: Buffer, from: number, to: number): boolean {
    const last = this.#last
    if (last.length !== to - from) return false
    for (let at = 0; at < last.length; at++) if (last[at] !== bytes[from + at]) return false
    return true
  }

  #decode(bytes: Buffer, from: number, to: number): AnswerHead {
    const fields = new Map<string, string>()
    let hasRegular = false
    // a damaged block ends the connection, whatever else is wrong with it
    let fault: string | undefined
    this.#reader.read(bytes, from, to, (name, value) => {
      if (name.startsWith(':')) {
        if (name !== ':status' || this.#isTrailers || hasRegular || fields.has(name))
          fault ??= `${JSON.stringify(name)} where it is not allowed`
      } else {
        hasRegular = true
        if (connectionFields.has(name) || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))
          fault ??= `a field ${JSON.stringify(name.slice(0, 40))}`
      }
      if (!fields.has(name)) fields.set(name, value)
    })
    const httpStatus = fields.get(':status')
    if (!this.#isTrailers && !/^[1-9]\d\d$/.test(httpStatus ?? '')) fault ??= 'no status'
    if (fault !== undefined) throw new ProtocolFault(`an answer with ${fault}`, errorCode.protocol, true)
    const contentType = fields.get('content-type')
    return {
      httpStatus: httpStatus === undefined ? undefined : Number(httpStatus),
      contentType,
      isGrpc: httpStatus === '200' && /^application\/grpc(?:$|[+;])/.test(contentType ?? ''),
      encoding: fields.get('grpc-encoding') ?? 'identity',
      end: endOf(fields),
    }
  }
}

function endOf(fields: ReadonlyMap<string, string>): EndStatus | undefined {
  const code = fields.get('grpc-status')
  if (code === undefined) return undefined
  const bytes = fields.get('grpc-status-details-bin')
  return withDetails({
    code: /^\d{1,3}$/.test(code) ? Number(code) : status.unknown,
    details: percentDecoded(fields.get('grpc-message') ?? ''),
    bytes: bytes === undefined ? undefined : Buffer.from(bytes, 'base64'),
  })
}

/** Texts that are not encoded as they should be stay as they are. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
