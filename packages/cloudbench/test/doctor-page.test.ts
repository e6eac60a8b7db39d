import { expect, test } from 'vitest'
import type { Examination } from '../src/doctor/examine.ts'
import { doctorPage } from '../src/doctor/page.ts'
import { redactAll } from '../src/doctor/redact-all.ts'
import { wrap } from '../src/doctor/wrap.ts'

const survey: NonNullable<Examination['survey']> = {
  machine: 'box',
  environments: [
    { name: 'near', isConfigured: true },
    { name: 'far', isConfigured: false },
  ],
  facts: {
    machine: { 'memory.bytes': 8_000_000_000, 'cpu.count': 2 },
    near: { 'memory.bytes': 8_000_000_000, list: [1, 2], none: null },
  },
  derived: [
    {
      environment: 'far',
      path: 'defaults.connections',
      value: 32,
      reason: 'vCPU × 2',
      isConfigured: false,
    },
  ],
  advice: [],
  workers: [
    { command: ['node'], env: {}, attribution: ['near: wrap += taskset -c 0'] },
    { command: ['node'], env: {}, attribution: ['near: wrap += taskset -c 0'] },
  ],
  signals: [
    { name: 'cpu.credits', kind: 'gauge', environment: 'near', hasValue: true },
    {
      name: 'cpu.frequencyHz',
      kind: 'gauge',
      hasValue: false,
      missing: 'near: a virtual machine does not say it',
    },
    {
      name: 'cpu.canaryNs',
      kind: 'gauge',
      hasValue: false,
      missing: 'near: a virtual machine does not say it',
    },
  ],
  faults: [],
}

const page = (examination: Partial<Examination>, columns = 80): string =>
  doctorPage({ findings: [], notAsked: [], survey, ...examination }, { color: false, columns })

test('a page has sections, and none that is empty', () => {
  expect(page({})).toBe(
    `Checks

Facts of box
machine  memory.bytes  8 GB (8000000000)
         cpu.count     2
near     list          [1,2]
         none          null

Derived settings
far  defaults.connections=32: vCPU × 2; with --environment far

Workers
all 2  near: wrap += taskset -c 0

Signals: 1 of the 3 that the verdict reads can be sampled here
✓ near  cpu.credits
? cpu.frequencyHz, cpu.canaryNs: near: a virtual machine does not say it

0 ok, 0 doubtful, 0 failed
`.replace('Checks\n\n', ''),
  )
})

test('without a configuration there are only checks', () => {
  const { survey: _, ...rest } = {
    findings: [{ state: 'bad', what: 'no luck', advice: 'try again' }],
    survey,
  } as const
  expect(doctorPage({ ...rest, notAsked: [] }, { color: false, columns: 80 })).toBe(
    'Checks\n✗ no luck\n  → try again\n\n0 ok, 0 doubtful, 1 failed\n',
  )
})

test('lines are broken at spaces, and hang below their beginning', () => {
  const what = 'this is a finding that takes more than the forty columns that there are'
  const text = page({ findings: [{ state: 'doubtful', what, advice: `${what}, and so does this` }] }, 40)
  const lines = text.split('\n').slice(0, 7)
  expect(lines).toEqual([
    'Checks',
    '! this is a finding that takes more than',
    '  the forty columns that there are',
    '  → this is a finding that takes more',
    '    than the forty columns that there',
    '    are, and so does this',
    '',
  ])
})

test('wrapping loses no word, and breaks none', () => {
  const text = 'a bb ccc /a/path/that/is/longer/than/the/line dddd'
  expect(wrap(text, 10)).toEqual(['a bb ccc', '/a/path/that/is/longer/than/the/line', 'dddd'])
  expect(wrap(text, 3).join(' ')).toBe(text)
})

test('a secret with spaces is redacted before it is broken into lines', () => {
  const secret = 'correct horse battery staple'
  const findings = [{ state: 'good', what: `${'x '.repeat(30)}${secret}` }] as const
  const redact = (text: string): string => text.replaceAll(secret, '***')
  const shown = redactAll<Examination>({ findings, notAsked: [] }, redact)
  expect(doctorPage(shown, { color: false, columns: 80 })).toContain('x ***')
})
