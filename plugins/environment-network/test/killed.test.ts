import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { play } from './support/stage.ts'
import type { Told } from './support/story.ts'

interface Killed {
  readonly before: readonly string[]
  readonly during: readonly string[]
  readonly killed: readonly string[]
  readonly after: readonly string[]
  readonly said: readonly string[]
  readonly saidAgain: readonly string[]
}

test('what a run that was killed by SIGKILL has left, the next start puts back, and says so once', async () => {
  const { result, journals } = await play<Killed>('killed')
  const { before, during, killed, after, said, saidAgain } = result
  expect(during).not.toEqual(before)
  expect(killed).toEqual(during)
  expect(after).toEqual(before)
  expect(said).toHaveLength(before.length)
  expect(said).toContainEqual(
    expect.stringMatching(
      /^put net\.core\.somaxconn back from 65535 to \d+: process \d+ was killed before it could$/,
    ),
  )
  expect(saidAgain).toEqual([])
  expect(await readdir(journals)).toEqual([])
})

test('what a run that still goes on has set stays, and no other run may set it too', async () => {
  const { result } = await play<{
    readonly during: readonly string[]
    readonly warnings: readonly string[]
    readonly other: Told
  }>('beside')
  expect(result.during).toEqual(['65535'])
  expect(result.warnings).toEqual([])
  expect(result.other.message).toMatch(
    /^process \d+ has set kernel settings for a run of its own, and will put them back in the middle of this one$/,
  )
  expect(result.other.next).toContain('wait until it has ended')
})
