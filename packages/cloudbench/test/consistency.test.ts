import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'
import { httpTarget } from './support/target.ts'

const scenario = (more: string): string =>
  `target: http\nworkload: json-api\nrate: 100/s\nchecks: { preset: consistency${more} }\n`

async function projectWith(more: string, options = {}): Promise<string> {
  return await folder({
    'config/targets/http.yaml': `driver: http\nurl: ${await httpTarget(options)}\n`,
    'config/scenarios/api.yaml': scenario(more),
  })
}

test('the preset consistency judges a run, and skips what cannot be known of it', async () => {
  const cwd = await projectWith('')
  const reporters = '--reporter default --reporter json=result.json --reporter junit=junit.xml'
  const { code, stderr: said } = await cloudbench(typed(`api --duration 2s --warmup 0s ${reporters}`), {
    cwd,
  })
  // a busy machine takes longer to answer
  const lines = said.split('\n').filter((line) => /^ {2}[✓✗–]/.test(line))
  expect(
    lines.map((line) =>
      line
        .trim()
        .replaceAll(/(?<=: ).*/g, '…')
        .replace(/^. (?=errors|latency)/, '? '),
    ),
  ).toEqual([
    '? errors.rate < 1%: …',
    '✗ rate >= 850/s: …',
    '? latency.p99 <= 120ms: …',
    '– residency >= 92%: …',
    '✗ reuse >= 42: …',
    '– alerts.rate not < 850/s for 3m: …',
    '– alerts.latency.p99 not > 200ms across zones: …',
    '– alerts.residency not falling: …',
  ])
  expect(said).toContain('residency >= 92%: there was no counter cache.hits')
  expect(said).toContain('alerts.rate not < 850/s for 3m: 2 s are too short for that')
  expect(said).toContain('set targets.http.zone to the zone of that target')
  expect(code).toBe(1)
  const { checks } = JSON.parse(await readFile(join(cwd, 'result.json'), 'utf8')) as { checks: object[] }
  expect(checks).toHaveLength(8)
  const xml = await readFile(join(cwd, 'junit.xml'), 'utf8')
  // and the verdict
  expect(xml.match(/<testcase /g)).toHaveLength(9)
  expect(xml).toContain('<testcase name="check alerts.residency"')
  // the file agrees with itself
  expect((await cloudbench(typed('report result.json'), { cwd })).code).toBe(1)
})

test('every value of it can be overridden, and the rest holds', async () => {
  const cwd = await projectWith(', rate: ">= 5/s", reuse: ">= 2", latency.p99: "<= 20s"')
  const { code, stdout } = await cloudbench(
    typed('api --duration 2s --warmup 0s --reporter default --set scenarios.api.alerts.rate=off'),
    { cwd },
  )
  expect(stdout).toContain('✓ rate >= 5/s: ')
  expect(stdout).toContain('✓ reuse >= 2: ')
  expect(stdout).not.toContain('alerts.rate')
  expect(code).toBe(0)
})

test('slow answers on calls across zones are an alert', async () => {
  const cwd = await projectWith(', rate: off, reuse: off, latency.p99: off', { delayMs: 250 })
  const environment =
    "import { defineEnvironment } from '@cloudbench/core'\n" +
    "export default defineEnvironment({ name: 'here', discover: () => ({ 'cloud.zone': 'eu-west-1a' }) })\n"
  await writeFile(join(cwd, 'zone.mjs'), environment)
  const run = (zone: string): ReturnType<typeof cloudbench> =>
    cloudbench(
      typed(
        `api --rate 20/s --duration 1s --warmup 0s --environment ./zone.mjs --reporter default --set targets.http.zone=${zone}`,
      ),
      { cwd },
    )
  const across = await run('eu-west-1b')
  expect(across.stdout).toMatch(/✗ alerts\.latency\.p99 not > 200ms across zones: \d/)
  expect(across.code).toBe(1)
  const within = await run('eu-west-1a')
  expect(within.stdout).toContain(
    '– alerts.latency.p99 not > 200ms across zones: the target is in eu-west-1a',
  )
  expect(within.code).toBe(0)
})

test('`config` shows where its values come from, and `list` what will be judged', async () => {
  const cwd = await projectWith(', reuse: ">= 10"')
  const { stdout } = await cloudbench(['config'], { cwd })
  expect(stdout).toMatch(/scenarios\.api\.checks\.preset=consistency\s+config\/scenarios\/api\.yaml:4:/)
  expect(stdout).toMatch(/scenarios\.api\.checks\.rate=>= 850\/s\s+preset consistency/)
  expect(stdout).toMatch(/scenarios\.api\.checks\.reuse=>= 10\s+config\/scenarios\/api\.yaml:4:/)
  expect(stdout).toMatch(/scenarios\.api\.alerts\.residency=falling\s+preset consistency/)
  const dry = await cloudbench(['run', 'api', '--dry-run'], { cwd })
  expect(dry.stdout).toContain('  check latency.p99 <= 120ms\n')
  expect(dry.stdout).toContain('  alert rate < 850/s for 3m\n')
})

test('a mistyped preset is refused, with the one that was meant', async () => {
  const cwd = await folder({ 'config/scenarios/api.yaml': 'driver: http\nchecks: { preset: consistence }\n' })
  const { code, stderr } = await cloudbench(['api'], { cwd })
  expect(stderr).toContain('did you mean consistency?')
  expect(code).toBe(2)
})
