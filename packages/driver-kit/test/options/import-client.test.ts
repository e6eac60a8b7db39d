import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { importClient } from '../../src/index.ts'

/** A folder with a package in it that is a module of that text. */
function folderWith(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-client-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const home = join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, type: 'module', exports: './main.js' }))
  writeFileSync(join(home, 'main.js'), text)
  return folder
}

test("the user's copy comes before the driver's", async () => {
  const folder = folderWith('exsolve', 'export const is = "theirs"')
  await expect(importClient('exsolve', folder, import.meta.url)).resolves.toMatchObject({ is: 'theirs' })
  const empty = folderWith('another', '')
  await expect(importClient('exsolve', empty, import.meta.url)).resolves.toHaveProperty('resolveModulePath')
})

test('a package that is missing or broken is refused by name', async () => {
  const folder = folderWith('broken-client', 'throw new Error("no native part")')
  await expect(importClient('no-such-client', folder, import.meta.url)).rejects.toMatchObject({
    code: 'CB_CLIENT_NOT_FOUND',
    message: 'no-such-client, the package of a client, is not installed',
    next: 'npm install --save-dev no-such-client',
  })
  await expect(importClient('broken-client', folder, import.meta.url)).rejects.toMatchObject({
    message: 'broken-client, the package of a client, cannot be loaded: no native part',
  })
})
