import { stripVTControlCharacters } from 'node:util'
import type { Run, Source } from '@cloudbench/core'
import { visible } from '@cloudbench/core/text'
import type { Suite } from './suites.ts'
import type { Outcome, TestCase } from './test-case.ts'
import { documentOf, element, legible, type Element } from './xml.ts'

/** The text of a JUnit file. Names and texts go through `redact`, the words of the format do not. */
export function reportOf(run: Run, suites: readonly Suite[], redact: (text: string) => string): string {
  // a secret with colour codes in the middle is still a secret, and CI systems print these texts on terminals
  const shown = (text: string): string => legible(visible(redact(stripVTControlCharacters(text))))
  // a name of nothing but colour codes still needs a name
  const shownName = (name: string): string => shown(name) || '\u{FFFD}'
  const unique = uniqueNames()
  const file = (source: Source | undefined): string | undefined => source && shown(source.file)
  const hostname = shown(run.machines.map(({ name }) => name).join(','))
  const suiteElements = suites.map((suite) => {
    const name = unique('', shownName(suite.name))
    const className = classNameOf(shownName(run.name), name)
    const cases = suite.cases.map((testCase, at) =>
      // what is measured once serves all cases: the first one has its time, so that their sum is right
      caseElement(
        { ...testCase, text: shown(testCase.text) },
        {
          name: unique(className, shown(testCase.name)),
          classname: className,
          time: at === 0 ? seconds(suite.durationMs) : 0,
          file: file(testCase.source ?? suite.source),
          line: (testCase.source ?? suite.source)?.line,
        },
      ),
    )
    const properties = suite.properties.map(([key, value]) =>
      element('property', {
        name: unique(`${name} property`, shown(key)),
        value: typeof value === 'string' ? shown(value) : value,
      }),
    )
    const attributes = {
      name,
      ...counts(suite.cases),
      skipped: suite.cases.filter(({ outcome }) => outcome === 'skipped').length,
      time: seconds(suite.durationMs),
      timestamp: suite.startedAt,
      hostname: hostname === '' ? undefined : hostname,
      file: file(suite.source),
    }
    return element('testsuite', attributes, [element('properties', {}, properties), ...cases])
  })
  const totalMs = suites.reduce((sum, { durationMs }) => sum + Math.round(durationMs), 0)
  return documentOf(
    element(
      'testsuites',
      {
        name: shownName(run.name),
        ...counts(suites.flatMap(({ cases }) => cases)),
        time: seconds(totalMs),
      },
      suiteElements,
    ),
  )
}

function caseElement({ outcome, kind, text }: TestCase, attributes: Element['attributes']): Element {
  const message = text.split('\n', 1)[0]
  switch (outcome) {
    case 'passed':
      return element('testcase', attributes, [element('system-out', {}, text)])
    case 'skipped':
      return element('testcase', attributes, [element('skipped', { message }, text)])
    case 'failure':
    case 'error':
      // some readers show the attribute and some the content, so the content says everything
      return element('testcase', attributes, [element(outcome, { message, type: kind }, text)])
  }
}

/** Dashboards take what is before the last dot for the package, and what is behind it for the class. */
function classNameOf(runName: string, suiteName: string): string {
  return `${runName}.${suiteName.replaceAll('.', '_')}`
}

function counts(cases: readonly TestCase[]): { tests: number; failures: number; errors: number } {
  const count = (wanted: Outcome): number => cases.filter(({ outcome }) => outcome === wanted).length
  return { tests: cases.length, failures: count('failure'), errors: count('error') }
}

function seconds(durationMs: number): number {
  return Math.round(durationMs) / 1000
}

/** Dashboards show only one of several cases that have the same name: the second is called `name (2)`. */
function uniqueNames(): (scope: string, name: string) => string {
  const taken = new Set<string>()
  return (scope, name) => {
    const key = (candidate: string): string => JSON.stringify([scope, candidate])
    let unique = name
    for (let number = 2; taken.has(key(unique)); number++) unique = `${name} (${number})`
    taken.add(key(unique))
    return unique
  }
}
