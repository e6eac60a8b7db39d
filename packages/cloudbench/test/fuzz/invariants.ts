import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Outcome } from '../support/in-process.ts'

/** A secret, and the variable that the configuration takes it from. Without PATH no program is found or started. */
export const sentinel = 's3ntinel-9f1c'
export const env = { SENTINEL: sentinel, PATH: '' }

export const driver = `import { defineDriver } from '@cloudbench/core'
export default defineDriver({
  name: 'null',
  connect({ outcome }) {
    const ok = outcome('ok')
    return { request: async () => ok, close() {} }
  },
  loopback: () => ({ target: 'null://loopback', close() {} }),
})`

export const configuration = `defaults: { duration: 50ms, warmup: 0s }
targets:
  local:
    driver: ./null.mjs
  remote:
    driver: http
    url: http://user:\${env:SENTINEL}@127.0.0.1:1
    options: { headers: { authorization: 'Bearer \${env:SENTINEL}' } }
scenarios:
  local:
    target: local
    rate: 100/s
    connections: 2
    timeout: 1s
    checks: { errors.rate: < 1% }
  remote:
    target: remote
    workload: request
    options: { path: /orders, method: POST, body: { id: '\${uuid}' } }
`

/** What holds for every command line, however broken. */
export function expectDecent({ code, stdout, stderr }: Outcome, what: string): void {
  const all = stdout + stderr
  expect([0, 1, 2], what).toContain(code)
  expect(all, what).not.toMatch(/\n\s+at .*[:(]\d+|this is a bug|\[object Object\]/)
  expect(all, what).not.toContain(sentinel)
  if (code === 2) expect(all, what).toMatch(/\S/)
}

/** A run with `--reporter json` that ends with 0 has measured every scenario. */
export function expectMeasured({ code, stdout }: Outcome, what: string): void {
  if (code !== 0) return
  for (const line of stdout.trimEnd().split('\n'))
    expect((JSON.parse(line) as { requests: number }).requests, what).toBeGreaterThan(0)
}

/** No file that a run left contains the secret. */
export async function expectNoSecretIn(folder: string): Promise<void> {
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (file.isFile())
      expect(await readFile(join(file.parentPath, file.name), 'utf8'), file.name).not.toContain(sentinel)
}
