import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importPlugin } from '../../src/loading/import.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudbench-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, code: string): string {
  const file = join(folder, name)
  writeFileSync(file, code)
  return pathToFileURL(file).href
}
const branded = (kind: string, api: number): string =>
  `export default { name: 'x', [Symbol.for('cloudbench.plugin')]: { kind: '${kind}', api: ${api} } }`

describe('a module that is used as a plugin', () => {
  it('is imported when it has the brand, whichever copy of this package made it', async () => {
    await expect(importPlugin(write('good.mjs', branded('driver', 1)), 'driver')).resolves.toMatchObject({
      name: 'x',
    })
  })

  it('is refused when it is of another kind, with where it belongs', async () => {
    await expect(importPlugin(write('kind.mjs', branded('reporter', 1)), 'driver')).rejects.toMatchObject({
      code: 'CB_PLUGIN_KIND',
      message: expect.stringMatching(/exports a reporter, but is used as a driver/) as string,
      next: 'list it under `reporters`',
    })
  })

  it('is refused when it is not a plugin', async () => {
    await expect(importPlugin(write('none.mjs', 'export default {}'), 'driver')).rejects.toMatchObject({
      code: 'CB_PLUGIN_KIND',
      expected: '`export default defineDriver({ … })`',
    })
  })

  it.each([
    [0, 'update the plugin'],
    [2, 'update cloudbench'],
  ])('is refused when it was built for API %i', async (api, next) => {
    await expect(
      importPlugin(write(`api${api}.mjs`, branded('driver', api)), 'driver'),
    ).rejects.toMatchObject({
      code: 'CB_PLUGIN_API',
      next,
    })
  })

  it('is refused when it throws at import, with what it threw', async () => {
    await expect(
      importPlugin(write('throws.mjs', 'throw new Error("planted")'), 'driver'),
    ).rejects.toMatchObject({
      code: 'CB_PLUGIN_IMPORT',
      message: expect.stringMatching(/planted/) as string,
    })
  })
})
