import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { render } from '@cloudbench/driver-kit'
import { callOf } from '@cloudbench/testkit/flow'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDemo } from '../../src/loopback/demo-service.ts'
import { compileMessage, drawValues } from '../../src/payload/message.ts'
import { transcode } from '../../src/payload/transcode.ts'
import { methodOf, type Method } from '../../src/wire/method.ts'
import { demoMethod } from '../fixtures/demo.ts'
import { gaxTranscode } from './google-gax.ts'
import { messagesOf, namesOf, segment, word } from './messages.ts'

// our HTTP requests equal those of Google's client libraries.

const registry = readDemo()
const call = callOf(3)

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
    const text = body && render(body, values)
    return {
      httpMethod: verb.toLowerCase(),
      path: sortedQuery(render(path, values)),
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
    // it throws for . and .. as segments
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

// names that fit and names that do not
const fitting = namesOf(segment)
const mostly = (one: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: one }, word)
const messages = messagesOf({
  name: mostly(fitting.name),
  longName: mostly(fitting.longName),
  parent: mostly(fitting.parent),
  isbn: word,
})

test.for(Object.keys(messages))('%s', (key) => {
  const method = methodOf(registry, demoMethod(key))
  let count = 0
  fc.assert(
    fc.property(messages[key]!, (arbitrary) => {
      const message = JSON.parse(JSON.stringify(arbitrary)) as JsonObject
      const ours = byUs(method, message)
      if (ours !== 'fits nothing') count++
      const theirs = byGax(method, message)
      // for `*` with no fields left, we send {} and they send nothing
      if (theirs !== 'fits nothing' && theirs.body === undefined && method.bindings[0]!.body === '*')
        expect(ours).toEqual({ ...theirs, body: {} })
      else expect(ours).toEqual(theirs)
    }),
    { numRuns: 500 },
  )
  expect(count).toBeGreaterThan(100)
})

test('generated parts are written like fixed ones', () => {
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
