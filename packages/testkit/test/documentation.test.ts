import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { examineDriver, examineEnvironment, examineReporter } from '../src/index.ts'
import { listenOnLoopback } from '@cloudbench/driver-kit/loopback'

const guide = new URL('../../../docs/guide/writing-plugins.md', import.meta.url)

/** The plugin that the guide shows, as a module. */
async function shown(define: string): Promise<string> {
  const blocks = [...(await readFile(guide, 'utf8')).matchAll(/^```ts\n(.*?)^```$/gms)]
  const code = blocks.map(([, block]) => block!).find((block) => block.includes(`export default ${define}`))
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-testkit-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'plugin.ts')
  await writeFile(file, code ?? '')
  return file
}

async function echoServer(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  onTestFinished(() => void server.close())
  return `echo://127.0.0.1:${await listenOnLoopback(server)}`
}

test('the driver of the guide has no fault', { timeout: 240_000 }, async () => {
  const driver = await shown('defineDriver')
  expect(await examineDriver({ driver, target: await echoServer(), requests: 1_000 })).toEqual([])
})

test('the environment of the guide has no fault', { timeout: 240_000 }, async () => {
  expect(await examineEnvironment({ environment: await shown('defineEnvironment') })).toEqual([])
})

test('the reporter of the guide has no fault', { timeout: 240_000 }, async () => {
  expect(await examineReporter({ reporter: await shown('defineReporter') })).toEqual([])
})

test('the README shows a test of a flow that runs', async () => {
  const source = await readFile(new URL('flow/example.test.ts', import.meta.url), 'utf8')
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(source.replace('../../../../fixtures/plugins/driver/good.ts', '../src/index.ts'))
})
