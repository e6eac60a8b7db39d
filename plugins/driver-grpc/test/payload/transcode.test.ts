import type { JsonValue } from '@bufbuild/protobuf'
import { render } from '@cloudbench/driver-kit'
import { callOf } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import { readDemo } from '../../src/loopback/demo-service.ts'
import { compileMessage, drawValues } from '../../src/payload/message.ts'
import { transcode } from '../../src/payload/transcode.ts'
import type { HttpBinding } from '../../src/wire/http-rule.ts'
import { methodOf, type Method } from '../../src/wire/method.ts'
import { readProtoFiles } from '../../src/wire/proto-files.ts'
import { typesOf } from '../../src/wire/well-known.ts'
import { demoMethod, everyFile } from '../fixtures/demo.ts'

const every = readProtoFiles([everyFile], []).getMessage('test.v1.Every')!

function methodWith(...bindings: readonly Partial<HttpBinding>[]): Method {
  const defaults = { verb: 'GET', path: '/every', body: '', responseBody: '' }
  return {
    name: 'test.v1.Tests/Try',
    path: '/test.v1.Tests/Try',
    kind: 'unary',
    input: every,
    output: every,
    types: typesOf(),
    bindings: bindings.map((binding) => ({ ...defaults, ...binding })),
  }
}

function request(method: Method, message: JsonValue): string {
  const template = compileMessage(method.input, message)
  const call = callOf(5)
  const values = drawValues(template, call, [])
  const { verb, path, body } = transcode(method, template)
  return [verb, render(path, values), ...(body ? [render(body, values)] : [])].join(' ')
}

test.for([
  ['a path without variables', { path: '/v1/all' }, {}, 'GET /v1/all'],
  [
    'a field within a message',
    { path: '/v1/{inner.string}' },
    { inner: { string: 'a', int32: 1 } },
    'GET /v1/a?inner.int32=1',
  ],
  [
    'a number in the path',
    { path: '/v1/{int64}/x' },
    { int64: '9007199254740993' },
    'GET /v1/9007199254740993/x',
  ],
  [
    'nested three deep',
    {},
    { inner: { inner: { inner: { string: 'x' }, numbers: [1, 2] } } },
    'GET /every?inner.inner.inner.string=x&inner.inner.numbers=1&inner.inner.numbers=2',
  ],
  ['64 bits in a query', {}, { uint64: '18446744073709551615' }, 'GET /every?uint64=18446744073709551615'],
  [
    '64 bits in a body',
    { verb: 'POST', body: '*' },
    { uint64: '18446744073709551615', int32: 1 },
    'POST /every {"int32":1,"uint64":"18446744073709551615"}',
  ],
  [
    'well-known types in a query',
    {},
    { at: '2026-01-02T03:04:05.500Z', note: 'n' },
    'GET /every?at=2026-01-02T03%3A04%3A05.500Z&note=n',
  ],
  ['bytes in a query', {}, { data: '+/+/' }, 'GET /every?data=%2B/%2B/'],
  ['an enum', {}, { color: 'INFRARED' }, 'GET /every?color=INFRARED'],
  ['defaults are left out', {}, { int32: 0, string: '', color: 'NONE' }, 'GET /every'],
  ['except where presence is tracked', {}, { optional: 0 }, 'GET /every?optional=0'],
  [
    'a list as the body',
    { verb: 'PUT', body: 'texts' },
    { texts: ['a', '${choice:b}'], int32: 2 },
    'PUT /every?int32=2 ["a","b"]',
  ],
  ['no body when its field is not set', { verb: 'POST', body: 'inner' }, { int32: 2 }, 'POST /every?int32=2'],
  [
    'a body without the fields in the path',
    { verb: 'PATCH', path: '/v1/{inner.string}', body: 'inner' },
    { inner: { string: 'a', bool: true } },
    'PATCH /v1/a {"bool":true}',
  ],
  [
    'an empty body',
    { verb: 'POST', path: '/v1/{string}:run', body: '*' },
    { string: 'a' },
    'POST /v1/a:run {}',
  ],
  ['a custom method', { verb: 'REPORT', path: '/r' }, {}, 'REPORT /r'],
  [
    'generated values',
    { verb: 'POST', path: '/v1/{string}', body: '*' },
    {
      string: '${choice:a b}',
      int32: '${index}',
      int64: '${index}',
      bool: '${choice:true}',
      labels: { k: '${choice:"q"}' },
      texts: ['${choice:t}'],
    },
    'POST /v1/a%20b {"int32":5,"int64":"5","bool":true,"labels":{"k":"\\"q\\""},"texts":["t"]}',
  ],
] as const)('%s', ([, binding, message, expected]) => {
  expect(request(methodWith(binding), message as unknown as JsonValue)).toBe(expected)
})

test('the first binding that fits is used', () => {
  const method = methodWith(
    { path: '/a/{string=x/*}' },
    { path: '/b/{string=**}', verb: 'DELETE' },
    { path: '/c' },
  )
  expect(request(method, { string: 'x/1' })).toBe('GET /a/x/1')
  expect(request(method, { string: 'y/1/2' })).toBe('DELETE /b/y/1/2')
  expect(request(method, {})).toBe('GET /c')
})

describe('refused', () => {
  test.for([
    ['no annotation', [], {}, 'has no HTTP form'],
    [
      'nothing fits',
      [{ path: '/a/{string=x/*}' }, { path: '/b/{inner.string}' }],
      { string: 'y' },
      'GET /a/{string=x/*}: string is "y"; GET /b/{inner.string}: inner.string is not set',
    ],
    [
      'a generated value does not fit',
      [{ path: '/a/{string=x/*}' }],
      { string: '${choice:x/1:y/1}' },
      'string is "y/1"',
    ],
    ['a path traversal', [{ path: '/a/{string=**}' }], { string: 'a/../b' }, '. or .. as a segment'],
    ['a map in a query', [{}], { labels: { a: 'b' } }, 'labels cannot be a query parameter'],
    ['a list of messages in a query', [{}], { inners: [{ int32: 1 }] }, 'inners cannot be a query parameter'],
    [
      'a message in the path',
      [{ path: '/a/{inner}' }],
      { inner: { int32: 1 } },
      'inner is not a single value',
    ],
    ['an unknown field in an annotation', [{ path: '/a/{nothing}' }], {}, 'names the field nothing'],
    ['an unknown body field', [{ body: 'nothing' }], {}, 'names the field nothing'],
    ['an unknown answer field', [{ responseBody: 'nothing' }], {}, 'names the field nothing'],
    ['a * outside a variable', [{ path: '/a/*' }], {}, 'a * without a field'],
    ['an unclosed brace', [{ path: '/a/{b' }], {}, 'unbalanced braces'],
    ['a path without a leading slash', [{ path: 'a' }], {}, 'does not begin with /'],
  ] as const)('%s', ([, bindings, message, what]) => {
    expect(() => request(methodWith(...bindings), message as unknown as JsonValue)).toThrow(what)
  })
})

test('annotations are read from files in all their forms', () => {
  const registry = readDemo()
  const of = (name: string) => methodOf(registry, demoMethod(name)).bindings
  expect(of('GetBook').map(({ verb, path }) => `${verb} ${path}`)).toEqual([
    'GET /v1/{name=shelves/*/books/*}',
    'GET /v1/books/{isbn}',
  ])
  expect(of('ImportBooks')).toEqual([])
})
