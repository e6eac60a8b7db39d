import { visible } from '@cloudbench/core/text'
import type { Finding } from '@cloudbench/reporter-markdown/summary'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { annotationsOf } from '../src/annotation.ts'
import { readCommand } from './runner.ts'

const plain = { placeOf: (file: string) => file, redact: (text: string) => text }
const finding = (more: Partial<Finding> = {}): Finding => ({
  level: 'error',
  title: 'check response.p99',
  text: '31.2 ms, expected < 25ms',
  scenario: 'api',
  source: { file: 'config/scenarios/api.yaml', line: 7 },
  ...more,
})

test('a finding is one command with its file, its line and its title', () => {
  expect(annotationsOf([finding()], plain)).toEqual([
    '::error file=config/scenarios/api.yaml,line=7,title=api%3A check response.p99::31.2 ms, expected < 25ms\n',
  ])
  expect(
    annotationsOf([finding({ level: 'warning', source: { file: 'a.ts' }, scenario: undefined })], plain),
  ).toEqual(['::warning file=a.ts,title=check response.p99::31.2 ms, expected < 25ms\n'])
})

test('whatever the texts are, the runner reads one command with the same texts', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('50 %', '%0A', '100%25', 'a::b', '::error::x', 'a,b=c', 'two\nlines', 'x\r\ny', '%2'),
  )
  fc.assert(
    fc.property(text, text, text, (file, title, message) => {
      const [line] = annotationsOf(
        [finding({ title, text: message, scenario: undefined, source: { file, line: 3 } })],
        plain,
      )
      expect(line!.indexOf('\n')).toBe(line!.length - 1)
      const { properties, message: said, level } = readCommand(line!.slice(0, -1))!
      expect(level).toBe('error')
      // what a terminal would obey is shown instead, such as carriage returns
      expect([properties['file'], properties['title'], said].map((one) => one!.trim())).toEqual(
        [file, title, message].map((one) => visible(one).trim()),
      )
    }),
  )
})

test('what GitHub would drop is counted in the last annotation of its level', () => {
  const errors = Array.from({ length: 25 }, (_, at) => finding({ title: `check ${at}` }))
  const warnings = Array.from({ length: 10 }, (_, at) => finding({ level: 'warning', title: `doubt ${at}` }))
  const read = annotationsOf([...errors, ...warnings], plain).map((line) => readCommand(line.trimEnd())!)
  expect(read.map(({ level }) => level)).toEqual([...Array(10).fill('error'), ...Array(10).fill('warning')])
  expect(read[9]!.properties['title']).toBe('and 16 more')
  expect(read[9]!.message.split('\n')).toHaveLength(17)
  expect(read[9]!.message).toContain('api: check 24')
  expect(read[19]!.properties['title']).toBe('api: doubt 9')
})

test('a secret that the format would escape is taken out', () => {
  const [line] = annotationsOf([finding({ text: 'at redis://u:50%\u001B[1m:x@h' })], {
    ...plain,
    redact: (text) => text.replaceAll('50%:x', '***'),
  })
  expect(line).toMatch(/::at redis:\/\/u:\*\*\*@h\n$/)
})
