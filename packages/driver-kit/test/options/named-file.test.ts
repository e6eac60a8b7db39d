import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readNamedFile } from '../../src/index.ts'

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-named-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const named = { option: 'tls.ca', limitBytes: 10, expected: 'a certificate' }

test('a relative path starts from the folder, and the bytes are those of the file', () => {
  const folder = folderOf()
  const bytes = Buffer.from([0xff, 0x00, 0xef, 0xbb, 0xbf, 0x0a])
  writeFileSync(join(folder, 'a.bin'), bytes)
  expect(readNamedFile({ ...named, folder, path: 'a.bin' })).toEqual(bytes)
  expect(readNamedFile({ ...named, folder: '/', path: join(folder, 'a.bin') })).toEqual(bytes)
})

test('what cannot be read is refused under the name of the option, and never waited for', () => {
  const folder = folderOf()
  execFileSync('mkfifo', [join(folder, 'pipe')])
  writeFileSync(join(folder, 'large'), 'x'.repeat(11))
  const refusal = (path: string, isHidden = true): string => {
    try {
      readNamedFile({ ...named, folder, path, isHidden })
      return 'read'
    } catch (error) {
      return (error as { format(): string }).format()
    }
  }
  expect(refusal('pipe')).toMatch(/^CB_PLUGIN_OPTIONS: tls\.ca cannot be read: it is a pipe/)
  expect(refusal('.')).toMatch(/tls\.ca cannot be read: it is a folder/)
  expect(refusal('large')).toMatch(/tls\.ca has 11 ?B/)
  expect(refusal('secret')).toBe(
    `CB_PLUGIN_OPTIONS: tls.ca cannot be read: ENOENT\n  expected: a certificate\n  next: correct tls.ca; relative paths start from ${folder}`,
  )
  expect(refusal('open', false)).toContain(`${join(folder, 'open')} (tls.ca) cannot be read: ENOENT`)
})
