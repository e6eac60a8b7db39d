import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { bytesByNode, policyIn } from '../src/numa-maps.ts'

test.each([
  { line: '55ff63348000 default file=/usr/bin/node mapped=2 N0=2', policy: { name: 'default', nodes: [] } },
  { line: '55ff63348000 bind:0 file=/usr/bin/node mapped=2 N0=2', policy: { name: 'bind', nodes: [0] } },
  { line: '55ff63348000 bind:0-1,4 anon=1', policy: { name: 'bind', nodes: [0, 1, 4] } },
  { line: '55ff63348000 bind=static:1 anon=1', policy: { name: 'bind', nodes: [1] } },
  {
    line: '55ff63348000 interleave=static|relative:0-3 anon=1',
    policy: { name: 'interleave', nodes: [0, 1, 2, 3] },
  },
  { line: '55ff63348000 prefer:1 anon=1', policy: { name: 'prefer', nodes: [1] } },
  { line: '55ff63348000 prefer (many):0-1 anon=1', policy: { name: 'prefer (many)', nodes: [0, 1] } },
  {
    line: '55ff63348000 weighted interleave:0-1 anon=1',
    policy: { name: 'weighted interleave', nodes: [0, 1] },
  },
  { line: '55ff63348000 local', policy: { name: 'local', nodes: [] } },
])('$line', ({ line, policy }) => {
  expect(policyIn(`${line}\n55ff63349000 default\n`)).toEqual(policy)
})

test.each(['', '\n', 'no maps here!', '55ff bind:x anon=1', undefined])('%o has no policy', (text) => {
  expect(policyIn(text)).toBeUndefined()
})

test('private memory is counted by node, in the size of its pages; files are left out', () => {
  const maps = [
    '1000 default heap anon=3 dirty=3 N0=2 N1=1 kernelpagesize_kB=4',
    '2000 default anon=1 dirty=1 N1=1 kernelpagesize_kB=2048',
    '3000 default stack anon=1 dirty=1 N0=1',
    '4000 default file=/usr/lib/libc.so.6 mapped=400 N1=400 kernelpagesize_kB=4',
    '5000 default',
  ].join('\n')
  expect(bytesByNode(maps)).toEqual(
    new Map([
      [0, 3 * 4096],
      [1, 4096 + 2 * 2 ** 20],
    ]),
  )
})

test('without a node in any line there is nothing to tell', () => {
  expect(bytesByNode('1000 default heap\n')).toBeUndefined()
})

test('any text is read without an error, and to finite numbers', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 300 }), (text) => {
      policyIn(text)
      for (const bytes of bytesByNode(`1000 default ${text}`)?.values() ?? [])
        expect(bytes).toBeGreaterThanOrEqual(0)
    }),
  )
})
