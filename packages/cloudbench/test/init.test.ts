import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

test('`init` writes a configuration that works as it is, and keeps what is there', async () => {
  const cwd = await folder()
  const first = await cloudbench(['init'], { cwd })
  expect(first.code).toBe(0)
  expect(first.stdout).toMatch(/wrote +cloudbench\.config\.ts/)
  await writeFile(join(cwd, 'config/targets/http.yaml'), 'driver: http\n# mine\n')
  const second = await cloudbench(['init'], { cwd })
  expect(second.stdout).toMatch(/kept +config\/targets\/http\.yaml/)
  expect(second.stdout).not.toContain('wrote')
  expect(await readFile(join(cwd, 'config/targets/http.yaml'), 'utf8')).toContain('# mine')

  const { code, stdout, stderr } = await cloudbench(
    ['http-json-api', '--baseline', 'ci', '--duration', '1s', '--warmup', '0s', '--reporter', 'json'],
    { cwd },
  )
  expect(code, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ scenario: 'http-json-api', exit: 0 })
})

test('`init` says where it cannot write', async () => {
  const cwd = await folder({ file: '' })
  const { code, stderr } = await cloudbench(['init', 'file/below'], { cwd })
  expect(stderr).toMatch(/CB_OUTPUT: .*file\/below/)
  expect(code).toBe(2)
})
