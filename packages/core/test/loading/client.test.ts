import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { defineDriver } from '../../src/index.ts'
import { clientOf } from '../../src/loading/client.ts'

const driver = defineDriver({
  name: 'acme',
  clients: {
    wire: {},
    own: { package: 'acme-client' },
    other: { package: 'other-client', isOptional: true },
  },
  connect: () => ({ close() {} }),
})

/** A folder with that package installed. */
function folderWith(name: string, version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-client-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const home = join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version, exports: './main.js' }))
  writeFileSync(join(home, 'main.js'), '')
  return pathToFileURL(join(folder, 'module.js')).href
}

test('a driver without a choice has no client, whatever its options', () => {
  const plain = defineDriver({ name: 'plain', connect: () => ({ close() {} }) })
  const places = { driver: 'file:///nowhere.js', from: 'file:///nowhere.js' }
  expect(clientOf(plain, { client: 'wire' }, places)).toBeUndefined()
})

test('frames of the driver itself have no version', () => {
  const places = { driver: 'file:///nowhere.js', from: 'file:///nowhere.js' }
  expect(clientOf(driver, { client: 'wire' }, places)).toEqual({ name: 'wire' })
})

test("a library is the driver's own, and an optional one that of the user first", () => {
  const places = { driver: folderWith('acme-client', '1.0.0'), from: folderWith('acme-client', '2.0.0') }
  expect(clientOf(driver, { client: 'own' }, places)).toEqual({ name: 'own', version: '1.0.0' })
  const optional = { driver: folderWith('other-client', '1.0.0'), from: folderWith('other-client', '2.0.0') }
  expect(clientOf(driver, { client: 'other' }, optional)).toEqual({ name: 'other', version: '2.0.0' })
})

test('a package that is not installed is refused with the command that installs it', () => {
  const places = { driver: folderWith('acme-client', '1.0.0'), from: folderWith('acme-client', '1.0.0') }
  expect(() => clientOf(driver, { client: 'other' }, places)).toThrow(
    expect.objectContaining({
      code: 'CB_CLIENT_NOT_FOUND',
      message: 'driver "acme": the package of client "other", other-client, is not installed',
      next: 'npm install --save-dev other-client',
    }),
  )
})

test('a driver whose options name none of its clients is at fault', () => {
  const places = { driver: 'file:///nowhere.js', from: 'file:///nowhere.js' }
  for (const options of [{}, undefined, { client: 'toString' }])
    expect(() => clientOf(driver, options, places)).toThrow(
      expect.objectContaining({
        code: 'CB_PLUGIN_OPTIONS',
        expected: expect.stringContaining('wire, own, other'),
      }),
    )
})
