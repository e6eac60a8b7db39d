import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { greeter } from '@cloudbench/fixtures/greeter'
import { expect, onTestFinished, test } from 'vitest'
import { findService, startService } from '../src/index.ts'
import { leftovers, stateFolder } from './support/state-folder.ts'

async function moduleOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-service-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'service.mjs')
  await writeFile(file, text)
  return pathToFileURL(file).href
}

test('a service that a module defines is started, answers, and is gone with its folder when it is stopped', async () => {
  const module = await moduleOf(greeter)
  const stateDir = await stateFolder()
  const { url, stop } = await startService('greeter', { module, attached: true, how: 'local', stateDir })
  const port = Number(new URL(url).port)
  expect(await findService('greeter', { module, port, stateDir, timeoutMs: 5_000 })).toBe(url)
  await stop()
  expect(await findService('greeter', { module, port, stateDir })).toBeUndefined()
  expect(await leftovers(stateDir)).toEqual([])
})

test('it cannot be left running, because nothing could stop it later', async () => {
  const module = await moduleOf(greeter)
  const stateDir = await stateFolder()
  await expect(startService('greeter', { module, stateDir })).rejects.toThrow(
    'greeter cannot be left running',
  )
})

test.for([
  ['', 'it has no default export'],
  ['export default { ...{} }', 'defaultPort is no number'],
  [greeter.replace('probe(', 'ask('), 'probe is no function'],
  [greeter.replace('args:', 'flags:'), 'local.args is no function'],
  ['throw new Error("no luck")', 'the service greeter cannot be loaded: no luck'],
] as const)('a module that defines none is refused: %s', async ([text, message]) => {
  const module = await moduleOf(text)
  await expect(findService('greeter', { module })).rejects.toThrow(message)
})
