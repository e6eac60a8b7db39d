import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { buffersAreRefused, play } from './support/stage.ts'
import type { Told } from './support/story.ts'

/** As in the story. */
const keys = ['net.core.rmem_max', 'net.core.somaxconn']

interface Refused {
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly told: Told
  readonly advice: NonNullable<Told['advice']>
}

// a namespace of our own, where buffers can be read only, or all settings below /proc/sys
const readOnly = 'mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys && exec "$@"'

test.skipIf(!buffersAreRefused).each([
  { why: 'no permission (EACCES)', key: 'net.core.rmem_max', within: [] },
  {
    why: 'it is mounted read-only, as in a container (EROFS)',
    key: 'net.core.somaxconn',
    within: ['unshare', '-nm', 'sh', '-c', readOnly, 'sh'],
  },
])(
  '$why: the error has key, value and command, all is as before, and doctor knew',
  async ({ why, key, within }) => {
    const { result, journals } = await play<Refused>('refused', within)
    const { message, next } = result.told
    expect(message).toContain(`${key} cannot be set from ${result.before[keys.indexOf(key)]} to `)
    expect(message).toContain(why)
    expect(next).toContain(`sysctl -w ${key}=`)
    expect(next).toContain(`on the host, or leave ${key} out of apply`)
    const about = result.advice.find(({ change }) => change?.setting === key)
    expect(about?.state).toBe('doubtful')
    expect(about?.what).toContain('and this user cannot set it here')
    expect(result.after).toEqual(result.before)
    expect(await readdir(journals)).toEqual([])
  },
)
