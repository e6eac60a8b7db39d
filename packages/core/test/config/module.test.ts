import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { importConfig } from '../../src/config/module.ts'
import { project, refusal } from './project.ts'

const load = fileURLToPath(new URL('../../src/config/load.ts', import.meta.url))

/** Loads in a separate process, because a test runner compiles what Node would refuse. */
async function loadIn(cwd: string): Promise<string> {
  const script = `
    const { loadConfig } = await import(${JSON.stringify(load)})
    try {
      const config = await loadConfig({ cwd: ${JSON.stringify(cwd)}, env: {} })
      console.log(JSON.stringify({ name: config.tree.name, origin: config.originOf(['name']), from: config.resolveFrom }))
    } catch (error) {
      console.log(typeof error.format === 'function' ? error.format() : 'UNEXPECTED ' + error.stack)
    }`
  const flags = ['--conditions=@cloudbench/source', '--input-type=module']
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '-e', script])
  return stdout.trim()
}

it('loads TypeScript, JavaScript and promises', async () => {
  for (const name of ['cloudbench.config.ts', 'cloudbench.config.mts']) {
    const folder = project({
      [name]: 'const name: string = "typed"\nexport default { name } satisfies object',
    })
    expect(JSON.parse(await loadIn(folder))).toMatchObject({ name: 'typed', origin: name })
  }
  const folder = project({ 'cloudbench.config.mjs': 'export default Promise.resolve({ name: "later" })' })
  const loaded = JSON.parse(await loadIn(folder)) as { name: string; from: string }
  expect(loaded.name).toBe('later')
  expect(loaded.from).toMatch(/^file:.*cloudbench\.config\.mjs$/)
})

it('explains TypeScript that needs a compiler', async () => {
  for (const code of [
    'enum A { B }',
    'namespace A { export const b = 1 }',
    'class A { constructor(private b: number) {} }',
  ]) {
    const folder = project({ 'cloudbench.config.ts': `// first\n${code}\nexport default {}` })
    const text = await loadIn(folder)
    expect(text).toMatch(/^CB_CONFIG_SYNTAX: cloudbench\.config\.ts:2:\d+: /)
    expect(text).toContain('expected: TypeScript with erasable syntax only')
    expect(text).toContain('next: use an object or a union of strings instead of an enum')
  }
})

it('says where the syntax is wrong', async () => {
  const code = 'export default {\n  a: 1\n  b: 2,\n}\n'
  for (const name of ['cloudbench.config.ts', 'cloudbench.config.mjs'])
    expect(await loadIn(project({ [name]: code }))).toMatch(
      new RegExp(`^CB_CONFIG_SYNTAX: ${name.replaceAll('.', String.raw`\.`)}:3:3: `),
    )
})

it('says where it throws, what is missing, and what it should export', async () => {
  const throws = project({ 'cloudbench.config.mjs': 'const a = 1\nthrow new Error("no luck")' })
  expect(await loadIn(throws)).toBe('CB_CONFIG: cloudbench.config.mjs:2:7 threw: no luck')
  const gone = project({ 'cloudbench.config.mjs': 'import "./gone.mjs"\nexport default {}' })
  expect(await loadIn(gone)).toMatch(
    /^CB_CONFIG: cloudbench\.config\.mjs imports something that does not exist: /,
  )
  const nothing = project({ 'cloudbench.config.mjs': 'export const config = {}' })
  expect(await loadIn(nothing)).toContain('cloudbench.config.mjs has no default export')
  const list = project({ 'cloudbench.config.mjs': 'export default [1]' })
  expect(await loadIn(list)).toContain('cloudbench.config.mjs exports a list')
  const text = project({ 'cloudbench.config.mjs': 'export default "a"' })
  expect(await loadIn(text)).toContain('cloudbench.config.mjs exports a string')
})

it('refuses functions where only data is allowed', async () => {
  const code = 'export default { targets: { x: { driver: "http", options: { sign: () => 1 } } } }'
  const text = await loadIn(project({ 'cloudbench.config.mjs': code }))
  expect(text).toContain('CB_OPTIONS_NOT_JSON: targets.x.options.sign is a function (cloudbench.config.mjs)')
  expect(text).toContain('next: instead of a function, give the path of a module')
})

it('gives up one that never comes to an end, although something keeps the process alive', async () => {
  const folder = project({ 'never.mjs': 'await new Promise(() => {})\nexport default {}' })
  expect(await refusal(() => importConfig(`${folder}/never.mjs`, 'never.mjs', 100))).toBe(
    [
      'CB_HOOK_TIMEOUT: the import of never.mjs did not end within 100 ms',
      '  expected: a module whose top level comes to an end',
      '  next: look for an await in never.mjs and in what it imports',
    ].join('\n'),
  )
})
