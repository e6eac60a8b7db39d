import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'
import { httpTarget } from './support/target.ts'

/** An HTTP server that fails from its hundredth answer on, and how many it has given. */
async function failingTarget(): Promise<{ readonly url: string; readonly served: () => number }> {
  let served = 0
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(++served < 100 ? 200 : 503, { 'content-type': 'application/json' })
      response.end('{"ok":true}')
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, served: () => served }
}

interface Stored {
  readonly reason: string
  readonly checks: readonly { readonly name: string; readonly status: string; readonly actual: string }[]
  readonly scenarios: readonly {
    readonly aborted?: string
    readonly requests: number
    readonly duration_sec: number
    readonly exit: number
    readonly definition: { readonly phases: readonly object[] }
    readonly phases: readonly { readonly breaches: readonly string[] }[]
  }[]
}

const abort = "abort: { errors.rate: '> 20% for 400ms' }"

test('a target that begins to fail ends its scenario, which every reporter tells, and not the next', async () => {
  const failing = await failingTarget()
  const cwd = await folder({
    'cloudbench.config.yaml': `defaults:\n  interval: 100ms\n  warmup: 0s\n  ${abort}\n`,
    'config/targets/bad.yaml': `driver: http\nurl: ${failing.url}\n`,
    'config/targets/good.yaml': `driver: http\nurl: ${await httpTarget()}\n`,
    'config/scenarios/a.yaml': 'target: bad\nworkload: json-api\nrate: 200/s\nduration: 5m\n',
    'config/scenarios/b.yaml': 'target: good\nworkload: json-api\nrate: 50/s\nduration: 1s\n',
  })
  const reporters = '--reporter default --reporter json=result.json --reporter junit=junit.xml'
  // the lines of json have standard output
  const { code, stderr } = await cloudbench(typed(`a b ${reporters}`), { cwd })
  expect(stderr).toMatch(/\n {2}ABORTED after [\d.]+ m?s: errors\.rate [\d.]+ % > 20 % for 400 ms\n/)
  expect(stderr).toMatch(/✗ abort\.errors\.rate not > 20% for 400ms: [\d.]+ % after [\d.]+ m?s, mostly 503/)
  expect(stderr).toMatch(/\nb {2}PASSED/)
  expect(stderr).toContain('exit code 1')
  expect(code).toBe(1)

  const result = JSON.parse(await readFile(join(cwd, 'result.json'), 'utf8')) as Stored
  const [a, b] = result.scenarios
  expect(result.reason).toBe('failed')
  expect(a).toMatchObject({ exit: 1, phases: [{ breaches: [] }] })
  expect(a!.duration_sec).toBeLessThan(150)
  expect(a!.aborted).toContain('errors.rate')
  expect(b).toMatchObject({ exit: 0, requests: 50 })
  expect(b).not.toHaveProperty('aborted')
  // what was in flight when it ended was not waited for
  expect(a!.requests).toBeLessThanOrEqual(failing.served() + 10)

  const xml = await readFile(join(cwd, 'junit.xml'), 'utf8')
  expect(xml).toMatch(/<testcase name="check abort\.errors\.rate" classname="cloudbench\.a"[^>]*>\s*<failure/)
  expect(xml).toMatch(
    /<testcase name="check abort\.errors\.rate" classname="cloudbench\.b"[^>]*>\s*<system-out>/,
  )

  const again = await cloudbench(typed('report result.json --reporter default --reporter junit=again.xml'), {
    cwd,
  })
  expect(again.code).toBe(1)
  expect(again.stdout).toContain(`ABORTED ${a!.aborted}`)
  expect(await readFile(join(cwd, 'again.xml'), 'utf8')).toBe(xml)
})

test('it may be set from the command line, for every scenario, and does nothing while all is well', async () => {
  const cwd = await folder()
  const url = await httpTarget()
  const { code, stdout } = await cloudbench(
    [
      ...typed(`http-json-api --set targets.http.url=${url} --duration 1s --warmup 0s --reporter default`),
      '--set',
      'defaults.abort.errors.rate=> 20% for 500ms',
    ],
    { cwd },
  )
  expect(stdout).toContain('✓ abort.errors.rate not > 20% for 500ms: 0 %')
  expect(code).toBe(0)
})
