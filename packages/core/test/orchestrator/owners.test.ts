import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createOutput } from '../../src/orchestrator/output.ts'
import { Owners } from '../../src/orchestrator/owners.ts'

function folder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'cloudbench-owners-')))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const ownersIn = (root: string): Owners => new Owners(createOutput(root, (text) => text))

test('what one reporter has written is not overwritten by another, whichever way it is written', async () => {
  const root = folder()
  mkdirSync(join(root, 'real'))
  symlinkSync(join(root, 'real'), join(root, 'link'))
  const owners = ownersIn(root)
  const first = await owners.outputOf('json', undefined)
  const second = await owners.outputOf('junit', undefined)
  await first.write('real/x', 'one')
  await first.append('real/x', ' and more')
  for (const file of ['real/x', './real/../real/x', join(root, 'real/x'), 'link/x'])
    for (const how of ['write', 'append'] as const)
      await expect(second[how](file, 'two'), file).rejects.toMatchObject({
        code: 'CB_OUTPUT',
        message: expect.stringMatching(/^the reporters json and junit both write .*\/x$/) as string,
      })
  expect(readFileSync(join(root, 'real/x'), 'utf8')).toBe('one and more')
  await second.write('y', 'two')
})

test('a file that both announce is refused before either writes, in a folder that is not there yet', async () => {
  const root = folder()
  symlinkSync(root, join(root, 'self'))
  const owners = ownersIn(root)
  await owners.outputOf('junit', 'self/out/a.xml')
  await owners.outputOf('json', 'out/b.json')
  await expect(owners.outputOf('junit', 'out/a.xml')).rejects.toThrow(/reporters junit and junit both write/)
})
