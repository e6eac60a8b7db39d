import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CloudbenchError } from '@cloudbench/core'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const file = fixture('functions.ts')

/** What the user reads when no connection opens. */
const refusal = (options: Record<string, unknown>, target = 'micro:'): Promise<string> =>
  openFlow(driver, target, options, { workload: 'module' })
    .open()
    .then(String, (error: CloudbenchError) => error.format())

test('a function that always fails', async () => {
  expect(await refusal({ file, function: 'broken' })).toMatch(
    /CB_CONNECT: broken failed when it was tried before the load: never works/,
  )
})

test('a function that is not exported: the error lists those that are', async () => {
  expect(await refusal({ file, function: 'countin' })).toMatch(
    /exports no function countin\n {2}expected: one of its functions: .*failing.*\n {2}next: options\.function: /,
  )
  expect(await refusal({ file, function: 'version' })).toMatch(/exports no function version/)
})

test('a module that does not exist, and one that does not load', async () => {
  expect(await refusal({ file: fixture('no-such.ts') })).toMatch(/no-such\.ts cannot be imported/)
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-micro-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const broken = join(folder, 'broken.mjs')
  await writeFile(broken, "throw new Error('this module does not load')")
  expect(await refusal({ file: broken })).toMatch(/imported: this module does not load/)
})

test('the url of a server, because it would be ignored', async () => {
  expect(await refusal({ file }, 'http://127.0.0.1:8080')).toMatch(/CB_TARGET: .*\n.*\n.*remove the target/)
})
