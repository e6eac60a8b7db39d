import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { libraryFolder } from '../../src/kafka/library.ts'
import { fakeJava, refusal } from '../support/java.ts'

test('without the broker and without Maven, the error says what to install', async () => {
  const env = await fakeJava('exit 0')
  expect(await refusal(env)).toMatch(
    /^CB_SERVICE: kafka could not be started: the Kafka broker is not in .*, and mvn, which would fetch it, is not on the PATH\n[^]*next: apt-get install -y default-jre-headless maven/,
  )
})

test('the error quotes Maven, and no partial download is left', async () => {
  const env = await fakeJava('exit 0', 'echo "Could not transfer artifact"; exit 1')
  expect(await refusal(env)).toContain('Maven could not fetch the Kafka broker: Could not transfer artifact')
  expect(await readdir(dirname(libraryFolder(env)))).toEqual([])
})

test('nothing is downloaded unless that is allowed', async () => {
  const env = await fakeJava('exit 0', 'exit 0')
  expect(await refusal(env, false)).toContain('downloading it was not allowed')
  expect(existsSync(libraryFolder(env))).toBe(false)
})

test('it is downloaded once', async () => {
  const fetching = `for arg; do case "$arg" in -DoutputDirectory=*) echo x >> "$(dirname "$0")/fetched"; echo jar > "\${arg#*=}/kafka.jar";; esac; done`
  const env = await fakeJava('echo "no luck with $*" >&2; exit 3', fetching)
  for (const round of ['first', 'second']) {
    expect(await refusal(env), round).toContain(
      'the store of the Kafka broker could not be formatted: no luck with',
    )
    expect(await readdir(libraryFolder(env))).toEqual(['kafka.jar'])
  }
  expect(await readFile(join((env['PATH'] ?? '').split(':')[0] ?? '', 'fetched'), 'utf8')).toBe('x\n')
})
