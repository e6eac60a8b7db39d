import { expect, test } from 'vitest'
import { parse, violations } from './junit-10.ts'

const suite = (inside: string, more = ''): string =>
  `<testsuites><testsuite name="a" tests="1" failures="0" errors="0"${more}>${inside}</testsuite></testsuites>`

test('what the schema allows passes', () => {
  const xml = suite(
    '<properties><property name="a" value="b"/></properties><testcase name="x"><skipped/></testcase>',
  )
  expect(violations(parse(xml))).toEqual([])
})

test.each([
  ['an element that there is not', suite('<testcase name="x"><oops/></testcase>'), /may not have a oops/],
  ['an element elsewhere', suite('<failure/>'), /may not have a failure/],
  ['an attribute that is missing', '<testsuites><testsuite name="a"/></testsuites>', /needs tests/],
  ['an attribute that there is not', suite('', ' flaky="1"'), /may not have flaky/],
  ['a time that is none', suite('', ' time="1 s"'), /time 1 s/],
  ['text between elements', suite('x'), /may not have text/],
])('%s is found', (_, xml, violation) => {
  expect(violations(parse(xml)).join('\n')).toMatch(violation)
})

test('what is not well-formed is not read', () => {
  expect(() => parse('<testsuites>&nbsp;</testsuites>')).toThrow(/entity/)
  expect(() => parse('<testsuites a="\u0001"/>')).toThrow(/character/)
})
