import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createOutput } from '../../src/orchestrator/output.ts'

const plain = (text: string): string => text

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'cloudbench-output-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

test.each(['../package.json', 'a/../../b.json', '..', 'a\u0000b', ''])(
  '%j is refused, and nothing is written',
  async (file) => {
    const root = folder()
    const output = createOutput(join(root, 'out'), plain)
    for (const how of ['write', 'append'] as const)
      await expect(output[how](file, 'x')).rejects.toMatchObject({ code: 'CB_OUTPUT' })
    expect(readdirSync(root)).toEqual([])
  },
)

test('a link is replaced, not followed, and a folder that leads elsewhere is refused', async () => {
  const [root, other] = [folder(), folder()]
  writeFileSync(join(other, 'theirs'), 'theirs')
  symlinkSync(join(other, 'theirs'), join(root, 'mine'))
  symlinkSync(other, join(root, 'away'))
  const output = createOutput(root, plain)
  await output.write('mine', 'mine')
  expect(readFileSync(join(root, 'mine'), 'utf8')).toBe('mine')
  symlinkSync(join(other, 'theirs'), join(root, 'log'))
  await expect(output.append('log', 'x')).rejects.toThrow(/ELOOP/)
  await expect(output.write('away/new', 'x')).rejects.toThrow(/which is not in/)
  expect(readFileSync(join(other, 'theirs'), 'utf8')).toBe('theirs')
  expect(readdirSync(other)).toEqual(['theirs'])
})

test('a device is not replaced, and no draft is left', async () => {
  const root = folder()
  await expect(createOutput(root, plain).write('/dev/null', 'x')).rejects.toThrow(/is not a file/)
  await createOutput(root, plain).write('a/b.json', '{}')
  expect(readdirSync(join(root, 'a'))).toEqual(['b.json'])
})
