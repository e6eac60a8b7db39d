import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { families } from '../src/families.ts'
import { dashboard, documents, expressionsOf, type Panel } from './support/dashboard.ts'
import { isMissing } from './support/gateway.ts'

const withoutPromtool = isMissing('prometheus', 'promtool')

/** What Prometheus knows the metrics by. */
const known = new Set(
  families.flatMap(({ name, type }) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
)

const fileOf = (name: string): string => fileURLToPath(new URL(`prometheus/${name}`, documents))

function expectKnown(text: string): void {
  const used = Array.from(text.matchAll(/\bcloudbench_\w+/g), ([name]) => name)
  expect(used.length).toBeGreaterThan(0)
  for (const name of used) expect(known).toContain(name)
}

test('the dashboard asks for metrics that there are', () => {
  expectKnown(
    expressionsOf(dashboard)
      .map(({ expr }) => expr)
      .join('\n'),
  )
  expectKnown(JSON.stringify(dashboard.templating))
})

test('the dashboard is what Grafana imports: panels of their own, side by side, each with its queries', () => {
  expect(dashboard).toMatchObject({ title: 'cloudbench', uid: 'cloudbench', schemaVersion: 39 })
  const { panels } = dashboard
  const ids = panels.map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)])
  for (const panel of panels) {
    const { type, title, gridPos, targets = [] } = panel
    expect(['heatmap', 'row', 'stat', 'table', 'timeseries']).toContain(type)
    expect(title).not.toBe('')
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
    expect(panels.filter((other) => overlaps(panel, other)).map((other) => other.title)).toEqual([title])
    if (type !== 'row') expect(targets.length, title).toBeGreaterThan(0)
    const refs = targets.map(({ refId }) => refId)
    expect(refs).toEqual([...new Set(refs)])
  }
  const variables = new Set(dashboard.templating.list.map(({ name }) => name))
  for (const [, name] of JSON.stringify(dashboard).matchAll(/\$\{?([a-z]\w*)/g))
    expect(variables, name).toContain(name)
})

test('the dashboard says what numbers are worth, why, and which are not to be relied on', () => {
  const asked = dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, /^\w+/.exec(expr)?.[0], / == \d$/.exec(expr)?.[0]]),
  )
  expect(asked).toContainEqual(['Validity', 'cloudbench_validity', ' == 1'])
  expect(asked).toContainEqual(['Why they may not be', 'cloudbench_verdict_reason', ' == 1'])
  expect(asked).toContainEqual(['Numbers that are not valid', 'cloudbench_number_valid', ' == 0'])
})

test('alert rules ask for metrics that there are', () => {
  expectKnown(readFileSync(fileOf('alerts.yaml'), 'utf8'))
})

test.skipIf(withoutPromtool)('alert rules are valid, and fire when they should and only then', () => {
  for (const args of [
    ['check', 'rules', fileOf('alerts.yaml')],
    ['test', 'rules', fileOf('alerts.test.yaml')],
  ]) {
    const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' })
    expect(stdout + stderr).toContain('SUCCESS')
    expect(status).toBe(0)
  }
  const alerts = Array.from(
    readFileSync(fileOf('alerts.yaml'), 'utf8').matchAll(/- alert: (\w+)/g),
    ([, name]) => name,
  )
  const tests = readFileSync(fileOf('alerts.test.yaml'), 'utf8')
  for (const name of alerts) expect(tests).toContain(`alertname: ${name}\n`)
})

function overlaps({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}
