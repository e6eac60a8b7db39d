import { expect, test } from 'vitest'
import { driverRules } from '../src/driver.ts'
import { examine } from '../src/rule.ts'

interface Bad {
  /** In fixtures/plugins/driver. */
  readonly plugin: string
  /** The rule that it breaks. */
  readonly rule: string
  /** What the fault says. */
  readonly says: RegExp
}

const table: readonly Bad[] = [
  {
    plugin: 'hangs-when-server-dies',
    rule: 'fails requests when the server dies, and closes all the same',
    says: /^a request whose server has died hangs: no answer within 2500 ms$/,
  },
  {
    plugin: 'allocates-outcomes',
    rule: 'answers with outcomes that were made once',
    says: /^500 requests were answered with 500 outcomes of the driver's own making, such as "ok"$/,
  },
  {
    plugin: 'keeps-handle-open',
    rule: 'closes everything that it opened',
    says: /^after every connection was closed, 2 Timeout still keep the process alive$/,
  },
]

test.for(table)('$plugin: $rule', { timeout: 90_000 }, async ({ plugin, rule, says }) => {
  const driver = new URL(`../../../fixtures/plugins/driver/${plugin}.ts`, import.meta.url)
  const rules = driverRules({ driver, requests: 500, limitMs: 2_500 })
  const broken = rules.filter(({ name }) => name === rule)
  expect(broken, `a rule called "${rule}"`).toHaveLength(1)
  expect(await examine(broken)).toEqual([
    expect.objectContaining({ rule, what: expect.stringMatching(says), next: expect.any(String) }),
  ])
})
