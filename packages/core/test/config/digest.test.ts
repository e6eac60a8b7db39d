import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../src/config/digest.ts'
import { load, loadTree } from './project.ts'

const tree = {
  targets: { a: { driver: 'http', url: 'http://u:pw@h' } },
  scenarios: { s: { target: 'a', rate: 5 } },
}

it('is the same for the same configuration, wherever and in whatever order it is written', async () => {
  const { digest, deciding } = await loadTree(tree)
  expect(digest).toMatch(/^[\da-f]{64}$/)
  expect(createHash('sha256').update(canonicalJson(deciding)).digest('hex')).toBe(digest)
  const files = {
    'config/scenarios/s.yaml': 'rate: 5\ntarget: a',
    'config/targets/a.json': '{"url":"http://u:pw@h","driver":"http"}',
  }
  expect((await load({ builtIn: {}, files })).digest).toBe(digest)
})

it('does not depend on where results go, nor on passwords', async () => {
  const { digest } = await loadTree(tree)
  expect((await loadTree(tree, { reporters: ['json'], flags: { output: '/tmp/x' } })).digest).toBe(digest)
  expect((await loadTree(tree, { set: ['targets.a.url=http://u:other@h'] })).digest).toBe(digest)
})

it('changes with whatever changes the load', async () => {
  const { digest } = await loadTree(tree)
  for (const set of [
    'scenarios.s.rate=6',
    'targets.a.url=http://u:pw@i',
    'defaults.seed=2',
    'environment=[memory]',
  ])
    expect((await loadTree(tree, { set: [set] })).digest).not.toBe(digest)
  expect((await loadTree(tree, { flags: { duration: '1s' } })).digest).not.toBe(digest)
})
