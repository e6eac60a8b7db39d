import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const provide = new URL('../../src/loading/provide.ts', import.meta.url).href

/** In a process of its own, since what is hooked stays hooked. */
function load(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-provide-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  write('host/node_modules/acme/package.json', '{"exports":{".":"./main.mjs","./text":"./text.mjs"}}')
  write('host/node_modules/acme/main.mjs', "export default 'provided'")
  write('host/node_modules/acme/text.mjs', "export default 'provided text'")
  for (const [name, text] of Object.entries(files)) write(`project/${name}`, text)
  const url = (name: string): string => JSON.stringify(pathToFileURL(join(folder, name)).href)
  const script = `
    import module from 'node:module'
    const { registerHooks } = module
    let hooks = 0
    module.registerHooks = (given) => (hooks++, registerHooks(given))
    module.syncBuiltinESMExports()
    const { provideFor, providePackage } = await import(${JSON.stringify(provide)})
    providePackage('acme', ${url('host/main.mjs')})
    for (let round = 0; round < 2; round++) provideFor(${url('project/plugin.mjs')})
    const { default: text } = await import(${url('project/plugin.mjs')})
    console.log(text, hooks)`
  const words = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script]
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  return stdout.trim() || stderr
}

test('a module without a copy of a package gets that of the program, subpaths included', () => {
  const plugin = "import one from 'acme'\nimport other from 'acme/text'\nexport default `${one}, ${other}`"
  expect(load({ 'plugin.mjs': plugin })).toBe('provided, provided text 1')
})

test('a module that has its own copy gets that one, and no import of the process is made slower for it', () => {
  const files = {
    'plugin.mjs': "export { default } from 'acme'",
    'node_modules/acme/package.json': '{"exports":"./main.mjs"}',
    'node_modules/acme/main.mjs': "export default 'own'",
  }
  expect(load(files)).toBe('own 0')
})

test('what is neither provided nor installed is missing, by its name', () => {
  expect(load({ 'plugin.mjs': "export { default } from 'other'" })).toContain("Cannot find package 'other'")
})
