import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileMessage, drawValues } from '../src/message.ts'
import { methodOf, readDemo, type Method } from '../src/schema.ts'
import { renderParts } from '../src/text-parts.ts'
import { transcode } from '../src/transcode.ts'
import { demoMethod } from './demo.ts'
import { gaxTranscode } from './google-gax.ts'
import { slotOf } from './slot.ts'

// Google's client libraries write the same request.

const registry = readDemo()
const call = slotOf(
  { index: 3 },
  () => {},
  () => {},
)

interface Written {
  readonly httpMethod: string
  readonly path: string
  readonly body: unknown
}

function byUs(method: Method, message: JsonValue): Written | 'fits nothing' {
  const template = compileMessage(method.input, message)
  const values = drawValues(template, call, [])
  try {
    const { verb, path, body } = transcode(method, template)
    const text = body && renderParts(body, values)
    return {
      httpMethod: verb.toLowerCase(),
      path: sortedQuery(renderParts(path, values)),
      body: text === undefined ? undefined : JSON.parse(text),
    }
  } catch (error) {
    expect((error as Error).message).toMatch(/fits no HTTP form/)
    return 'fits nothing'
  }
}

function byGax({ bindings }: Method, message: JsonValue): Written | 'fits nothing' {
  const [first, ...additional] = bindings.map(({ verb, path, body }) => ({
    [verb.toLowerCase()]: path,
    ...(body !== '' && { body }),
  }))
  let written
  try {
    written = gaxTranscode(message, [{ '(google.api.http)': { ...first, additional_bindings: additional } }])
  } catch (error) {
    // it throws where a segment is a dot or two
    expect((error as Error).message).toMatch(/Invalid value|must not contain/)
    return 'fits nothing'
  }
  if (!written) return 'fits nothing'
  const { httpMethod, url, queryString, data } = written
  const hasBody = bindings.some(({ body }) => body !== '')
  return {
    httpMethod,
    path: sortedQuery(queryString === '' ? url : `${url}?${queryString}`),
    body: hasBody ? (data === '' ? undefined : data) : undefined,
  }
}

function sortedQuery(path: string): string {
  const [url, query] = path.split('?')
  return query === undefined ? url! : `${url}?${query.split('&').toSorted().join('&')}`
}

const word = fc.stringMatching(/^[\w !'()*&?#%+=@ö€:;,./-]{1,12}$/)
const segment = word
  .map((one) => one.replaceAll('/', ''))
  .filter((one) => one !== '' && one !== '.' && one !== '..')
const name = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(segment, segment).map(([a, b]) => `shelves/${a}/books/${b}`) },
  word,
)
const longName = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => `shelves/${all.join('/')}`),
  },
  word,
)
const int64 = fc.bigInt(1n, 2n ** 63n - 1n).map(String)
const int32 = fc.integer({ min: 1, max: 2_147_483_647 })
const author = fc.record({ displayName: word, born: int64 }, { requiredKeys: [] })

const book = {
  title: word,
  pages: int64,
  tags: fc.array(word, { minLength: 1, maxLength: 3 }),
  genre: fc.constantFrom('NOVEL', 'SCIENCE'),
  author,
  published: fc.constant('2026-01-02T03:04:05Z'),
  cover: fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), word, { minKeys: 1, maxKeys: 3 }),
  price: fc.integer({ min: 1, max: 1_000 }).map((cents) => cents / 4),
  lent: fc.constant(true),
}

const messages: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  GetBook: fc.record(
    {
      name,
      isbn: word,
      pageSize: int32,
      tags: fc.array(word, { minLength: 1, maxLength: 3 }),
      // one level deep, beyond which google-gax loses the outer names
      filter: fc.record({ author: word, minPages: int64, genre: fc.constantFrom('NOVEL', 'SCIENCE') }),
      revision: int64,
    },
    { requiredKeys: [] },
  ),
  CreateBook: fc.record(
    {
      parent: fc.oneof(
        segment.map((one) => `shelves/${one}`),
        word,
      ),
      requestId: word,
      book: fc.record(book, { requiredKeys: ['title'] }),
    },
    { requiredKeys: [] },
  ),
  UpdateBook: fc.record({ name, ...book }, { requiredKeys: [] }),
  ArchiveBook: fc.record({ name: longName, reason: word }, { requiredKeys: [] }),
  ListBooks: fc.record(
    { parent: segment.map((one) => `shelves/${one}`), count: int32 },
    { requiredKeys: [] },
  ),
}

test.for(Object.keys(messages))('%s', (key) => {
  const method = methodOf(registry, demoMethod(key))
  let fitting = 0
  fc.assert(
    fc.property(messages[key]!, (arbitrary) => {
      const message = JSON.parse(JSON.stringify(arbitrary)) as JsonObject
      const ours = byUs(method, message)
      if (ours !== 'fits nothing') fitting++
      const theirs = byGax(method, message)
      // `*` with nothing left is an object without fields to us, and nothing to them
      if (theirs !== 'fits nothing' && theirs.body === undefined && method.bindings[0]!.body === '*')
        expect(ours).toEqual({ ...theirs, body: {} })
      else expect(ours).toEqual(theirs)
    }),
    { numRuns: 500 },
  )
  expect(fitting).toBeGreaterThan(100)
})

test('what is generated is written as what is not', () => {
  const method = methodOf(registry, demoMethod('GetBook'))
  const message = {
    name: 'shelves/${int:7:7}/books/${choice:a b&c/ö}',
    tags: ['${choice:x y}', '100 %'],
    revision: '${index}',
  }
  // the slash in its name keeps it from the first binding
  expect(byUs(method, { ...message, isbn: '${choice:978/3}' })).toEqual({
    httpMethod: 'get',
    path: '/v1/books/978%2F3?name=shelves/7/books/a%20b%26c/%C3%B6&revision=3&tags=100%20%25&tags=x%20y',
    body: undefined,
  })
})
