import { request, type IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { AnswerFault } from '../../src/http/fault.ts'
import { AnswerReader } from '../../src/http/reader.ts'

/** What a parser makes of the answer to one request. */
export interface Verdict {
  /** Why it is not taken; absent when it is. */
  readonly refusal?: string
  readonly status?: number
  readonly fields?: number
  readonly body?: string
}

/** What is there of one answer when the server closes the connection, read in pieces. */
export function ours(pieces: readonly Buffer[], method = 'GET'): Verdict {
  return oursOf(pieces, [method])[0]!
}

/** The same of several answers on one connection, one for each request. Ends with the first that is refused. */
export function oursOf(pieces: readonly Buffer[], methods: readonly string[]): Verdict[] {
  const verdicts: Verdict[] = []
  const body: Buffer[] = []
  const reader = new AnswerReader({
    get expectsAnswer() {
      return verdicts.length < methods.length
    },
    get expectsNoBody() {
      return methods[verdicts.length] === 'HEAD'
    },
    body: (bytes, from, to) => void body.push(Buffer.from(bytes.subarray(from, to))),
    end() {
      const { status, fields } = reader.head
      verdicts.push({ status, fields, body: Buffer.concat(body.splice(0)).toString('latin1') })
      if (verdicts.length === methods.length) reader.stop()
    },
  })
  // as on a socket, all of them are read to the same place
  const shared = Buffer.alloc(65_536)
  try {
    for (const piece of pieces) {
      shared.fill(0)
      shared.set(piece)
      reader.read(shared, piece.length)
    }
    reader.close()
  } catch (error) {
    if (!(error instanceof AnswerFault)) throw error
    return [...verdicts, { refusal: error.message }]
  }
  return verdicts.length === methods.length ? verdicts : [...verdicts, { refusal: 'truncated' }]
}

/** The same by llhttp, as Node has it. */
export function llhttp(pieces: readonly Buffer[], method = 'GET'): Promise<Verdict> {
  const left = [...pieces]
  const socket = new Duplex({
    write: (_chunk, _encoding, done) => done(),
    read() {
      setImmediate(() => this.push(left.shift() ?? null))
    },
  })
  return new Promise((resolve) => {
    let answered: IncomingMessage | undefined
    const refuse = (refusal: string): void => {
      socket.destroy()
      resolve({ refusal })
    }
    const asking = request({ createConnection: () => socket, method })
    asking.on('upgrade', () => refuse('upgrade'))
    asking.on('error', (error) => {
      // what follows a whole answer is not looked at
      if (answered?.complete !== true) refuse(error.message)
    })
    asking.on('response', (answer) => {
      answered = answer
      const body: Buffer[] = []
      answer.on('data', (chunk: Buffer) => void body.push(chunk))
      answer.on('error', (error) => refuse(error.message))
      answer.on('close', () => {
        socket.destroy()
        if (!answer.complete) return refuse('truncated')
        const { statusCode: status, rawHeaders } = answer
        resolve({
          status: status!,
          fields: rawHeaders.length / 2,
          body: Buffer.concat(body).toString('latin1'),
        })
      })
    })
    asking.on('close', () => answered ?? refuse('closed'))
    asking.end()
  })
}

/** Takes bytes apart. @param cuts Where, from the end of the piece before. */
export function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  let from = 0
  for (const length of cuts) {
    if (from >= bytes.length) break
    if (length > 0) pieces.push(bytes.subarray(from, from + length))
    from += length
  }
  if (from < bytes.length) pieces.push(bytes.subarray(from))
  return pieces
}

const status = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('200 OK', '404 Not Found', '500 ', '503', '204 No Content', '304 x'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('99 x', '2000 x', '20 x', '600 x', '1 x', '000 x', '200\tOK', '200  OK'),
  },
)
const version = fc.oneof(
  { weight: 12, arbitrary: fc.constant('HTTP/1.1 ') },
  { weight: 3, arbitrary: fc.constant('HTTP/1.0 ') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('HTTP/1.2 ', 'HTTP/2.0 ', 'HTTP/1.1', 'http/1.1 ', '\r\nHTTP/1.1 ', 'ICY '),
  },
)
const field = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'date: Thu, 01 Jan 1970 00:00:00 GMT',
      'x:',
      'X-Y: \t a b \t',
      'Connection: keep-alive',
      'connection: x, Close',
      'x-text: \u00E4\u00FF',
      'content-encoding: gzip',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ' x: 1',
      'x : 1',
      ': 1',
      'x',
      'x\u00E4: 1',
      'x: a\0b',
      'x: a\rb',
      'x: a\nb',
      'x: a\r\n b',
      'x: a\r\n\tb\r\n',
      'content-length: 3\r\n ',
      'content-length: 4',
      'content-length: +4',
      'content-length: 4, 4',
      'content-length: 0x4',
      'content-length:',
      'Content-Length: 0004 ',
      'content-length: 99999999999999999999',
      'content-length: -1',
      'transfer-encoding: chunked',
      'transfer-encoding: gzip, chunked',
      'transfer-encoding: gzip',
      'transfer-encoding: identity',
      'Transfer-Encoding: Chunked',
      'transfer-encoding: xchunked',
      'transfer-encoding:',
    ),
  },
)
const chunk = fc.record({
  data: fc.constantFrom('a', 'bcd', '\r\n', '0123456789abcdef', 'x'.repeat(30)),
  size: fc.constantFrom('', '0', '000'),
  extension: fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ';a',
        ';a=b',
        ';a="b;\\"c"',
        ' ;a',
        '; a',
        ';a = b',
        ';',
        ' ',
        ';a=',
        ';a="b',
        ';\u00E4',
        'g',
      ),
    },
  ),
})
const chunked = fc
  .tuple(
    fc.array(chunk, { maxLength: 4 }),
    fc.array(field, { maxLength: 1 }),
    fc.constantFrom('0', '000', '0;x'),
  )
  .map(([chunks, trailers, last]) => {
    const parts = chunks.map(
      ({ data, size, extension }) => `${size}${data.length.toString(16)}${extension}\r\n${data}\r\n`,
    )
    return `${parts.join('')}${last}\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`
  })
const framed = fc.oneof(
  fc.constantFrom('', 'body').map((body) => ({ line: `content-length: ${body.length}`, body })),
  fc.constantFrom('', 'until the close').map((body) => ({ line: 'x-none: 1', body })),
  chunked.map((body) => ({ line: 'transfer-encoding: chunked', body })),
  fc.constant({ line: 'content-length: 10', body: 'short' }),
)
const interim = fc.constantFrom(
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
  'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
)
const written = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: fc.constant('') }, { weight: 1, arbitrary: interim }),
    version,
    status,
    fc.array(field, { maxLength: 3 }),
    framed,
    fc.nat(3),
  )
  .map(([before, http, code, fields, { line, body }, at]) => {
    const lines = [...fields.slice(0, at), line, ...fields.slice(at)]
    return `${before}${http}${code}\r\n${lines.map((one) => `${one}\r\n`).join('')}\r\n${body}`
  })
const bytes = fc.constantFrom(0, 9, 10, 13, 32, 34, 44, 48, 49, 58, 59, 65, 97, 99, 127, 128, 255)
const mutation = fc.record({
  at: fc.nat(400),
  what: fc.constantFrom('insert', 'delete', 'replace', 'truncate'),
  byte: bytes,
})

/** Answers as servers send them, as they must not, and with a few bytes changed. */
export const answers: fc.Arbitrary<Buffer> = fc
  .tuple(
    written,
    fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(mutation, { maxLength: 2 }) },
    ),
  )
  .map(([text, mutations]) => {
    let answer = [...Buffer.from(text, 'latin1')]
    for (const { at, what, byte } of mutations) {
      const place = at % (answer.length + 1)
      if (what === 'insert') answer.splice(place, 0, byte)
      else if (what === 'delete') answer.splice(place, 1)
      else if (what === 'truncate') answer = answer.slice(0, place)
      else answer[Math.min(place, answer.length - 1)] = byte
    }
    return Buffer.from(answer)
  })
