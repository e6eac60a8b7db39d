import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../bench/log-way.ts', import.meta.url))

/** What a logged request allocates, with a real file and the loop around it. The compiler, and what else goes on, only add. */
function bytesPerRequest(way: 'nothing' | 'ring' | 'naive'): number {
  const args = ['--conditions=@cloudbench/source', program, way, '500000']
  const rounds = Array.from({ length: 3 }, () => {
    const stdout = execFileSync(process.execPath, args, { encoding: 'utf8' })
    return (JSON.parse(stdout) as { bytes: number }).bytes
  })
  return Math.min(...rounds)
}

/** An object with the values of a record has more than twice as many. */
const limitBytes = 24

test('a logged request allocates nothing', () => {
  expect(bytesPerRequest('ring') - bytesPerRequest('nothing')).toBeLessThan(limitBytes)
})

test('but one that is packed as an object shows', () => {
  expect(bytesPerRequest('naive') - bytesPerRequest('nothing')).toBeGreaterThan(100)
})
