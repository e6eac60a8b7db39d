import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answers, cut, llhttp, ours, oursOf, type Verdict } from './answers.ts'

function read(text: string, method?: string): Verdict {
  return ours([Buffer.from(text, 'latin1')], method)
}

/** A verdict without its words. */
function short({ refusal, ...rest }: Verdict): unknown {
  return refusal === undefined ? rest : 'refused'
}

describe('what is taken', () => {
  test.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 004 \r\n\r\nbody', 'body'],
    ['no reason', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', ''],
    ['a later version of HTTP/1', 'HTTP/1.7 200 OK\r\ncontent-length: 0\r\n\r\n', ''],
    ['no length, until the close', 'HTTP/1.1 200 OK\r\n\r\nall of it', 'all of it'],
    ['an empty body until the close', 'HTTP/1.1 200 OK\r\n\r\n', ''],
    [
      'chunks',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n2\r\nok\r\n1E\r\n' +
        'x'.repeat(30) +
        '\r\n000\r\n\r\n',
      'ok' + 'x'.repeat(30),
    ],
    [
      'extensions and trailers',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2 ; a = "b;\\"c" ;d\r\nok\r\n0;e\r\nx-sum: 1\r\n\r\n',
      'ok',
    ],
    [
      'interim answers',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\nlink: <a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok',
      'ok',
    ],
    ['a folded header', 'HTTP/1.1 200 OK\r\nx: a\r\n\tb\r\n c\r\ncontent-length: 2\r\n\r\nok', 'ok'],
  ])('%s', (_, text, body) => {
    expect(read(text)).toMatchObject({ status: 200, body })
  })

  test.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('%s %i has no body, whatever its length is', (method, status) => {
    for (const framing of ['content-length: 10', 'transfer-encoding: chunked', 'x: 1'])
      expect(read(`HTTP/1.1 ${status} x\r\n${framing}\r\n\r\n`, method)).toMatchObject({ status, body: '' })
  })
})

describe('what is refused', () => {
  test.each([
    ['\r\nHTTP/1.1 200 OK\r\n\r\n', 'not HTTP/1'],
    ['SSH-2.0-OpenSSH_9.9\r\n', 'not HTTP/1'],
    ['SSH-', 'not HTTP/1'],
    ['HTTP/2.0 200 OK\r\n\r\n', 'not HTTP/1'],
    ['HTTP/1.x 200 OK\r\n\r\n', 'version'],
    ['HTTP/1.1 2000 OK\r\n\r\n', 'status'],
    ['HTTP/1.1 099 OK\r\n\r\n', 'status'],
    ['HTTP/1.1 200 O\0K\r\n\r\n', 'control character'],
    ['HTTP/1.1 101 Switching Protocols\r\n\r\n', 'another protocol'],
    ['HTTP/1.1 200 OK\n', 'CR and LF'],
    ['HTTP/1.1 200 OK\r\nx: a\rb\r\n\r\n', 'control character'],
    ['HTTP/1.1 200 OK\r\n: a\r\n\r\n', 'no name'],
    ['HTTP/1.1 200 OK\r\nx : a\r\n\r\n', 'no name'],
    ['HTTP/1.1 200 OK\r\n x: a\r\n\r\n', 'begins with a space'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n 3\r\n\r\n', 'begins with a space'],
  ])('%j: %s', (text, refusal) => {
    expect(read(text).refusal).toContain(refusal)
  })

  test.each([
    [['content-length: 2', 'content-length: 2'], 'twice'],
    [['content-length: 2, 2'], 'not a number'],
    [['content-length: +2'], 'not a number'],
    [['content-length:'], 'not a length'],
    [['content-length: 9999999999999999'], 'not a length'],
    [['content-length: 2', 'transfer-encoding: chunked'], 'contradict'],
    [['transfer-encoding: chunked', 'content-length: 2'], 'contradict'],
    [['transfer-encoding: chunked', 'transfer-encoding: chunked'], 'not what was asked for'],
    [['transfer-encoding: gzip, chunked'], 'not what was asked for'],
    [['transfer-encoding: identity'], 'not what was asked for'],
  ])('%j: %s', (lines, refusal) => {
    expect(read(`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\nok`).refusal).toContain(refusal)
  })

  test.each([
    ['x\r\n', 'no size'],
    ['-1\r\n', 'no size'],
    ['fffffffffffffff\r\n', 'too large'],
    ['2 \r\nok\r\n', 'no extension'],
    ['2;a=\r\nok\r\n', 'no extension'],
    ['2\nok\r\n', 'CR and LF'],
    ['2\r\nokk\r\n', 'longer than its size'],
    ['2\r\nok\rx', 'longer than its size'],
    [`2;${'x'.repeat(5_000)}`, 'more than 4096 bytes'],
    ['0\r\nx y: 1\r\n\r\n', 'no name'],
    ['0\r\ncontent-length: 1\r\n\r\n', 'trailer says'],
  ])('a chunk %j: %s', (chunks, refusal) => {
    expect(read(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunks}`).refusal).toContain(refusal)
  })

  test('transfer-encoding of HTTP/1.0', () => {
    expect(read('HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n').refusal).toContain(
      'HTTP/1.0',
    )
  })

  test.each(['one endless line', 'endless lines'])('a head of more than 64 KiB: %s', (how) => {
    const piece = Buffer.from(how === 'endless lines' ? 'x: y\r\n'.repeat(200) : 'y'.repeat(1_200))
    const pieces = Array.from({ length: 100 }, () => piece)
    expect(ours([Buffer.from('HTTP/1.1 200 OK\r\nx: '), ...pieces]).refusal).toContain(
      'more than 65536 bytes',
    )
  })
})

describe('an answer that is not complete when the connection closes', () => {
  test.each(['', 'HTTP/1', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'])('%j', (text) => {
    expect(read(text).refusal).toBe('truncated')
  })

  test.each(['content-length: 3\r\n\r\nok', 'transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n'])(
    '%j',
    (rest) => {
      expect(read(`HTTP/1.1 200 OK\r\n${rest}`).refusal).toBe('truncated')
    },
  )
})

/** What this reader refuses and llhttp takes. */
const stricter = new Set([
  // RFC 9112, 6.1: it was not asked for, and HTTP/1.0 has none
  'HTTP/1.0 has no transfer-encoding',
  'transfer-encoding is not what was asked for: chunked',
  // RFC 9110, 6.5.1
  'a trailer says where the body ends',
  // RFC 9112, 2.2, lets a server pass over empty lines, and no client; 2.3: HTTP/2 and HTTP/0.9 have other forms
  'the answer is not HTTP/1',
  'a line does not end with CR and LF',
  // RFC 9110, 15, and RFC 9112, 4
  'the status is not a number from 100 to 999',
  'a control character stands in the head of an answer',
  'another protocol begins, which nothing asked for',
  // RFC 9112, 7.1.1: a value is a token or a quoted string
  'the size of a chunk is followed by what is no extension',
])

/** What it takes as it has to, and llhttp refuses. */
const wider = [
  // RFC 9112, 5.2: a client must take folded headers
  /Unexpected whitespace after header value|Invalid header value char/,
  // RFC 9110, 2.5: later versions of HTTP/1
  /Invalid HTTP version/,
  // RFC 9112, 7.1.1: blanks around the parts of an extension
  /Invalid character in chunk (extensions|size)/,
]

test('generated and mutated answers mean the same to llhttp, split anywhere, but for what is listed', async () => {
  const method = fc.constantFrom('GET', 'GET', 'HEAD')
  const cuts = fc.array(fc.nat(100), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(answers, method, cuts, async (answer, asked, lengths) => {
      const pieces = cut(answer, lengths)
      const whole = ours([answer], asked)
      expect(short(ours(pieces, asked))).toEqual(short(whole))
      const theirs = await llhttp(pieces, asked)
      if (theirs.refusal === undefined && stricter.has(whole.refusal ?? '')) return
      if (whole.refusal === undefined && wider.some((words) => words.test(theirs.refusal ?? ''))) return
      // llhttp passes over a chunked that a tab follows
      if (/chunked[ \t]*\t/i.test(answer.toString('latin1'))) return
      expect(short(whole)).toEqual(short(theirs))
    }),
    { numRuns: 500 },
  )
})

test('answers that follow each other mean what each of them means alone, split anywhere', () => {
  // those that end with their last byte, and not before
  const whole = answers.filter((answer) => {
    const verdict = ours([answer])
    if (verdict.refusal !== undefined || ours([answer.subarray(0, -1)]).refusal !== 'truncated') return false
    return ours([answer, Buffer.from('x')]).body === verdict.body
  })
  fc.assert(
    fc.property(
      fc.array(whole, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(2), { minLength: 2, maxLength: 12 }),
      fc.array(fc.nat(200), { maxLength: 10 }),
      (some, order, lengths) => {
        const all = order.map((at) => some[at % some.length]!)
        const methods = all.map(() => 'GET')
        expect(oursOf(cut(Buffer.concat(all), lengths), methods)).toEqual(all.map((answer) => ours([answer])))
      },
    ),
  )
})

test('what follows the answer to the last request is refused', () => {
  const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
  expect(oursOf([Buffer.from(answer)], []).map(({ refusal }) => refusal)).toEqual([
    'an answer came that nothing was asked for',
  ])
})
