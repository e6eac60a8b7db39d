import { totalmem } from 'node:os'
import { expect, test } from 'vitest'
import plugin from '../src/index.ts'
import { contextOf } from './context.ts'

test('the machine that runs this test reports a limit below its memory, or none', async () => {
  const facts = await plugin.discover?.(contextOf({}))
  expect(facts?.['cgroup.hierarchy']).toMatch(/^(v1|v2|hybrid|none)$/)
  expect(facts?.['memory.bytes']).toBe(totalmem())
  expect(facts?.['memory.limitBytes'] ?? 0).toBeLessThan(totalmem())
})
