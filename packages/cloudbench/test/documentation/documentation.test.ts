import { createServer } from 'node:net'
import { listenOnLoopback } from '@cloudbench/driver-kit/loopback'
import { examineDriver, examineEnvironment, examineReporter, type Fault } from '@cloudbench/testkit'
import { afterAll, describe, expect, onTestFinished, test, type TestContext } from 'vitest'
import { allBlocks, blocksOf, kindOf, nameOf, type Block } from './blocks.ts'
import { filesOf, loadProject } from './project.ts'
import { shellFaults } from './shell.ts'
import { createWorkspace } from './workspace.ts'

// every block of code that people read either runs here, or says above itself why it does not:
// <!-- not run: needs Jenkins -->

const blocks = allBlocks()
const of = (...kinds: readonly ReturnType<typeof kindOf>[]): Block[] =>
  blocks.filter((block) => kinds.includes(kindOf(block)))
const typed = [
  ...of('plugin', 'typescript'),
  ...of('configuration').filter(({ language }) => language === 'ts'),
]
const workspace = createWorkspace(typed)
afterAll(() => workspace.remove())

test('every block runs, is text, or says why it does not run', () => {
  expect(of(undefined).map(nameOf)).toEqual([])
  expect(of('plugin').length).toBeGreaterThanOrEqual(5)
  expect(of('configuration').length).toBeGreaterThanOrEqual(20)
  expect(of('shell').length).toBeGreaterThanOrEqual(20)
})

test('the TypeScript compiles', async () => {
  expect(await workspace.typeErrors()).toEqual([])
})

describe('a plugin that is shown has no fault', () => {
  for (const block of of('plugin'))
    test.concurrent(nameOf(block), async (context) => {
      expect(await examine(block, context)).toEqual([])
    })
})

test.each(Object.entries(Object.groupBy(of('configuration'), ({ page }) => page)))(
  'the configuration in %s is one that runs',
  async (_, shown) => {
    const files = filesOf(shown!)
    const shownScenarios = Object.keys(files).flatMap(
      (name) => /^config\/scenarios\/(.+)\.yaml$/.exec(name)?.[1] ?? [],
    )
    expect(await loadProject(files)).toEqual(expect.arrayContaining(shownScenarios))
  },
)

test.each(of('shell').map((block) => [nameOf(block), block] as const))(
  'the commands in %s exist, with their options',
  async (_, block) => {
    expect(await shellFaults(block)).toEqual([])
  },
)

test.each(of('json').map((block) => [nameOf(block), block] as const))('%s is JSON', (_, { code }) => {
  expect(JSON.parse(code)).toBeTypeOf('object')
})

describe('a page that is wrong is found', () => {
  const page = (text: string): Block => blocksOf('page.md', text.replaceAll('~~~', '```'))[0]!

  test('a block that nothing tries', () => {
    const block = page('one\n\n~~~groovy\npipeline {}\n~~~\n')
    expect([kindOf(block), nameOf(block)]).toEqual([undefined, 'page.md:3'])
    expect(kindOf(page('<!-- not run: needs Jenkins -->\n\n~~~groovy\npipeline {}\n~~~\n'))).toBe('marked')
  })

  test('TypeScript that does not compile, in words where options have a type and no schema', async () => {
    const untyped = "export default defineReporter<{ file?: string }>({ name: 'x', create: () => ({}) })"
    const wrong = createWorkspace([
      page('~~~ts\nconst text: string = 7\n~~~\n'),
      page(`~~~ts\nimport { defineReporter } from '@cloudbench/core'\n${untyped}\n~~~\n`),
    ])
    onTestFinished(() => wrong.remove())
    const errors = await wrong.typeErrors()
    expect(errors[0]).toMatch(/^page\.md:2: error TS2322/)
    expect(errors.join('\n')).toMatch(
      /page\.md:3: error.*\n[^]*give `options`, a schema, in place of the type/,
    )
  })

  test('a plugin with a fault', async () => {
    const block = page(
      "~~~ts\nimport { defineReporter } from '@cloudbench/core'\n\nexport default defineReporter({\n  name: 'x',\n  create: () => ({ onRunEnd: () => console.log('done') }),\n})\n~~~\n",
    )
    const other = createWorkspace([block])
    onTestFinished(() => other.remove())
    const faults = await examineReporter({ reporter: other.fileOf(block) })
    expect(faults.map(({ rule }) => rule)).not.toEqual([])
  })

  test.each([
    ['an unknown key', '~~~yaml\ntarget: redis\nworklaod: read-heavy\n~~~\n', /worklaod/],
    ['an unknown option', '~~~yaml\ntarget: redis\noptions: { kesy: 7 }\n~~~\n', /kesy/],
    ['an unknown workload', '~~~yaml\ntarget: redis\nworkload: wirte\n~~~\n', /no workload "wirte"/],
  ])('configuration with %s', async (_, text, message) => {
    await expect(loadProject(filesOf([page(text)]))).rejects.toThrow(message)
  })

  test.each([
    ['npx cloudbench --ration 5/s', /unknown option '--ration'/],
    ['FOO=1 npx cloudbench run a && npx cloudbench list --rate 5/s > file', /list.*unknown option '--rate'/],
    ['npx cloudbench report # no file', /missing required argument/],
    ['npm install @cloudbench/driver-reddis', /no package @cloudbench\/driver-reddis/],
    ['npx pnpm bnech', /no script bnech/],
    ['cluodbench', /does not know/],
  ])('the command %s', async (line, message) => {
    expect((await shellFaults(page(`~~~sh\n${line}\n~~~\n`))).join('\n')).toMatch(message)
  })
})

async function examine(block: Block, context: TestContext): Promise<Fault[]> {
  const file = workspace.fileOf(block)
  if (block.code.includes('export default defineEnvironment('))
    return examineEnvironment({ environment: file })
  if (block.code.includes('export default defineReporter(')) return examineReporter({ reporter: file })
  if (block.code.includes('loopback')) return examineDriver({ driver: file, requests: 1_000 })
  return examineDriver({ driver: file, target: await echoServer(context), requests: 1_000 })
}

async function echoServer({ onTestFinished: atEnd }: TestContext): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  const port = await listenOnLoopback(server)
  atEnd(() => void server.close())
  return `echo://127.0.0.1:${port}`
}
