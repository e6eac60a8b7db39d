import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { report } from '../src/report.ts'
import { resultOf, scenarioOf } from './result.ts'
import { read } from './run.ts'

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    ']]>',
    '<![CDATA[',
    '&amp;',
    '"\'<>&',
    '\u0000\u0008\uFFFE\uFFFF',
    '\uD800',
    'a\r\nb\tc',
    '\u001B[31m',
    '💥',
  ),
)

/** What a document can hold of a text. */
function readable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
}

test('whatever names and messages hold, the file is XML, and holds what XML can', () => {
  fc.assert(
    fc.property(nasty, nasty, (name, message) => {
      const { suites } = read(
        report(
          resultOf([
            scenarioOf(name, {
              reason: 'failed',
              checks: [{ name, scenario: name, status: 'failed', expected: '< 1', actual: message }],
              audits: [{ name, flow: name, status: 'failed', examined: 1, violations: 1, message }],
              errors: [{ source: name, during: 'load', message }],
            }),
          ]),
        ),
      )
      // escape codes of terminals are taken out before
      if (['\u001B', '\u009B'].some((start) => (name + message).includes(start))) return
      expect(suites[0]!.attributes['name']).toBe(readable(name))
      expect(suites[0]!.children.at(-1)!.children[0]!.text).toBe(readable(message))
    }),
    { numRuns: 300 },
  )
})
