import { expect, test } from 'vitest'
import { cloudbench, folder } from '../support/cli.ts'

const scenario = 'target: http\nduration: 200ms\n'

test.each([
  {
    mistake: 'TypeScript that cannot be parsed',
    files: { 'cloudbench.config.ts': 'export default {\n  scenarios: {,\n}' },
    says: /CB_CONFIG_SYNTAX: cloudbench\.config\.ts:2.*\n {2}expected: TypeScript.*\n {2}next: fix /,
  },
  {
    mistake: 'JavaScript that cannot be parsed',
    files: { 'cloudbench.config.mjs': 'export default {\n  scenarios: {,\n}' },
    says: /CB_CONFIG_SYNTAX: cloudbench\.config\.mjs:2.*\n {2}expected: JavaScript.*\n {2}next: fix /,
  },
  {
    mistake: 'a configuration that throws',
    files: { 'cloudbench.config.mjs': "throw new Error('not today')" },
    says: /cloudbench\.config\.mjs.*not today/,
  },
  {
    mistake: 'YAML that cannot be parsed',
    files: { 'config/scenarios/a.yaml': 'target: http\n  rate: [\n' },
    says: /CB_CONFIG_SYNTAX: config\/scenarios\/a\.yaml:1:9: .*\n {2}expected: YAML\n {2}next: fix /,
  },
  {
    mistake: 'JSON that cannot be parsed',
    files: { 'config/scenarios/a.json': '{\n  "target": "http",\n}' },
    says: /CB_CONFIG_SYNTAX: config\/scenarios\/a\.json:3:1: .*\n {2}expected: JSON\n {2}next: fix /,
  },
  {
    mistake: 'an unknown key',
    files: { 'config/scenarios/a.yaml': `${scenario}durration: 5s\n` },
    says: /scenarios\.a\.durration is not a setting \(config\/scenarios\/a\.yaml:3:1\)\n {2}next: did you mean duration\?/,
  },
  {
    mistake: 'a bad unit',
    files: { 'config/scenarios/a.yaml': 'target: http\nduration: 5 parsecs\n' },
    says: /\(config\/scenarios\/a\.yaml:2:1\): .*5 parsecs.*\n {2}expected: a duration.*\n {2}next: parsecs is not one of/,
  },
  {
    mistake: 'a target that is not there',
    files: { 'config/scenarios/a.yaml': 'target: htpp\n' },
    says: /\(config\/scenarios\/a\.yaml:1:1\): there is no target htpp\n {2}next: did you mean http\?/,
  },
])('$mistake: the place, what was expected, what to do, and 2', async ({ files, says }) => {
  const { code, stdout, stderr } = await cloudbench(['run', 'a', '--reporter', 'json'], {
    cwd: await folder(files),
  })
  expect(stderr).toMatch(says)
  expect(stderr).not.toMatch(/this is a bug|\n\s+at /)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})
