import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

const short = ['http-json-api', '--set', 'targets.http.url=loopback', '--duration', '200ms', '--warmup', '0s']

test('--ui serves a page beside whatever else reports, and the process ends with the run', async () => {
  const cwd = await folder()
  const { code, stdout, stderr } = await cloudbench(['run', ...short, '--ui'], { cwd })
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(/^\[html\] live: http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/m)
  expect(stdout).toMatch(/^http-json-api +PASSED +verdict [A-Z]+$/m)
  const files = await readdir(join(cwd, '.cloudbench'))
  expect(files.map((file) => file.replace(/^.*\./, '')).toSorted()).toEqual(['html', 'json'])
})

test('--ui keeps the options of a page that was chosen', async () => {
  const cwd = await folder()
  const { code, stderr } = await cloudbench(['run', ...short, '--ui', '--reporter', 'html=page.html'], {
    cwd,
  })
  expect(code, stderr).toBe(0)
  expect(stderr).toContain('[html] live: ')
  const page = await readFile(join(cwd, 'page.html'), 'utf8')
  expect(page).toContain('scenarios.http-json-api.flows.main.rate')
  expect(page).toContain('--duration')
})

test('--ui with --dry-run serves nothing', async () => {
  const { code, stderr } = await cloudbench(['run', ...short, '--ui', '--dry-run'], { cwd: await folder() })
  expect([code, stderr]).toEqual([0, ''])
})
