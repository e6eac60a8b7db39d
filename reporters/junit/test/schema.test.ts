import { expect, test } from 'vitest'
import { parseXml } from './parse.ts'
import { faultsOf } from './schema.ts'

const sound =
  '<testsuites name="r" tests="1" failures="0" errors="0" time="1.5">' +
  '<testsuite name="s" tests="1" failures="0" errors="0" skipped="0" time="1.5" timestamp="2026-01-02T03:04:05">' +
  '<properties><property name="a" value="b"/></properties>' +
  '<testcase name="c" classname="r.s" time="1.5"><system-out>x</system-out></testcase>' +
  '</testsuite></testsuites>'

const bothCounts = (xml: string): string => xml.replaceAll(' tests="1"', ' tests="2"')
const second = '</testcase><testcase name="c" classname="r.s" time="0"/>'

test('the rules find no fault with a sound file', () => {
  expect(faultsOf(parseXml(sound))).toEqual([])
})

test.each<[string, (xml: string) => string, RegExp]>([
  [
    'another root',
    (xml) => xml.replace(/^<testsuites[^>]*>(.*)<\/testsuites>$/, '$1'),
    /the root is <testsuite>/,
  ],
  ['an unknown element', (xml) => xml.replaceAll('system-out', 'stdout'), /<stdout> is unknown/],
  [
    'an element elsewhere',
    (xml) => xml.replaceAll('system-out', 'property'),
    /<property> is not allowed in <testcase>/,
  ],
  [
    'an unknown attribute',
    (xml) => xml.replace('hostname', 'host').replace(' skipped', ' ignored'),
    /ignored is unknown/,
  ],
  ['a missing attribute', (xml) => xml.replace(' value="b"', ''), /value is missing/],
  [
    'stray text',
    (xml) => xml.replace('<properties>', '<properties>x'),
    /text is not allowed in <properties>/,
  ],
  ['a time with an exponent', (xml) => xml.replaceAll('1.5', '15e-1'), /time 15e-1/],
  ['a timestamp with a zone', (xml) => xml.replace('04:05', '04:05Z'), /timestamp/],
  [
    'properties at the end',
    (xml) => xml.replace(/(<properties>.*<\/properties>)(.*<\/testcase>)/, '$2$1'),
    /stand first/,
  ],
  ['a wrong count', (xml) => xml.replace('skipped="0"', 'skipped="1"'), /skipped does not add up/],
  ['a wrong number of cases', (xml) => bothCounts(xml), /tests is not the number/],
  ['a wrong total', (xml) => xml.replace('tests="1"', 'tests="7"'), /tests of all/],
  ['a wrong time', (xml) => xml.replace('r.s" time="1.5"', 'r.s" time="1"'), /time is not the sum/],
  ['a suite without a case', (xml) => xml.replace(/<testcase.*<\/testcase>/, ''), /there is no case/],
  ['a name twice', (xml) => bothCounts(xml).replace('</testcase>', second), /two cases are called/],
  [
    'two outcomes',
    (xml) => xml.replace('<system-out>', '<skipped/><error/><system-out>'),
    /ended in two ways/,
  ],
  ['a class without a package', (xml) => xml.replace('r.s', 's'), /no package and class/],
])('the rules find %s', (_name, spoil, fault) => {
  expect(faultsOf(parseXml(spoil(sound))).join('\n')).toMatch(fault)
})

test.each(['<a', '<a></b>', '<a>&nbsp;</a>', '<a b="\u0001"/>', '<a>]]></a>', '<a b="<"/>', ''])(
  'what is not well-formed is not read: %j',
  (xml) => {
    expect(() => parseXml(xml)).toThrow(/./)
  },
)
