import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import { examineDriver, examineEnvironment, examineReporter } from '../src/index.ts'
import { listenOnLoopback } from '@cloudbench/driver-kit/loopback'

const guide = new URL('../../../docs/guide/writing-plugins.md', import.meta.url)

/** A plugin that the guide shows, as a module. */
async function shown(define: string, { onTestFinished }: TestContext, place = 0): Promise<string> {
  const blocks = [...(await readFile(guide, 'utf8')).matchAll(/^```ts\n(.*?)^```$/gms)]
  const all = blocks.map(([, block]) => block!).filter((block) => block.includes(`export default ${define}`))
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-testkit-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'plugin.ts')
  await writeFile(file, all[place] ?? '')
  return file
}

async function echoServer({ onTestFinished }: TestContext): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  onTestFinished(() => void server.close())
  return `echo://127.0.0.1:${await listenOnLoopback(server)}`
}

test.concurrent('the driver of the guide has no fault', { timeout: 240_000 }, async (context) => {
  const driver = await shown('defineDriver', context)
  expect(await examineDriver({ driver, target: await echoServer(context), requests: 1_000 })).toEqual([])
})

test.concurrent.for([0, 1])(
  'environment %i of the guide has no fault',
  { timeout: 240_000 },
  async (place, context) => {
    const environment = await shown('defineEnvironment', context, place)
    expect(await examineEnvironment({ environment })).toEqual([])
  },
)

test.concurrent('the reporter of the guide has no fault', { timeout: 240_000 }, async (context) => {
  expect(await examineReporter({ reporter: await shown('defineReporter', context) })).toEqual([])
})

test('the README shows a test of a flow that runs', async () => {
  const source = await readFile(new URL('flow/example.test.ts', import.meta.url), 'utf8')
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(source.replace('@cloudbench/fixtures/plugins/driver/good', '../src/index.ts'))
})
