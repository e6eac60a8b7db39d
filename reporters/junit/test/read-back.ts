import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertJUnitToCTRFReport } from 'junit-to-ctrf'
import { parse, type TestSuites } from 'junit2json'
import { expect } from 'vitest'
import { childrenOf, parseXml, type Node } from './parse.ts'
import { faultsOf } from './schema.ts'

export interface ReadSuite {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly properties: Readonly<Record<string, string>>
  /** Without the verdict, which depends on how busy the machine is that the tests run on. */
  readonly cases: readonly ReadCase[]
  readonly verdict: ReadCase | undefined
}

export interface ReadCase {
  readonly name: string
  /** Where it was written: `file:line`. */
  readonly place: string | undefined
  readonly className: string
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped'
  /** The attribute; `undefined` for what passed. */
  readonly message: string | undefined
  readonly text: string
}

/**
 * Reads a file as a dashboard does: it must be well-formed and valid, and two widely used readers must see the same
 * cases in it.
 */
export async function readBack(xml: string): Promise<ReadSuite[]> {
  const root = parseXml(xml)
  expect(faultsOf(root)).toEqual([])
  const read = childrenOf(root, 'testsuite').map(readSuite)
  expect(seenByJunit2json((await parse(xml)) as TestSuites)).toEqual(
    read.map(({ name, cases }) => ({
      name,
      cases: cases.map(({ name: own, className, outcome, message }) => ({
        name: own,
        className,
        outcome,
        message,
      })),
    })),
  )
  expect(await seenByCtrf(xml)).toEqual(
    read.flatMap((suite) =>
      suite.cases.map(({ name, place, outcome }) => ({
        filePath: place?.replace(/:\d+$/, ''),
        name: halved(name),
        suite: [halved(suite.name)],
        // it does not support errors
        status: outcome === 'failure' || outcome === 'error' ? 'failed' : outcome,
      })),
    ),
  )
  return read.map((suite) => ({
    ...suite,
    cases: suite.cases.filter((own) => !isVerdict(own)),
    verdict: suite.cases.find(isVerdict),
  }))
}

function isVerdict({ name }: ReadCase): boolean {
  return name === 'verdict'
}

function readSuite({ attributes, children }: Node): Omit<ReadSuite, 'verdict'> {
  const node = { tag: '', attributes, children, text: '' }
  return {
    name: attributes['name']!,
    attributes,
    properties: Object.fromEntries(
      childrenOf(node, 'properties')
        .flatMap((list) => list.children)
        .map((property) => [property.attributes['name']!, property.attributes['value']!]),
    ),
    cases: childrenOf(node, 'testcase').map(readCase),
  }
}

function readCase({ attributes, children }: Node): ReadCase {
  const [child] = children
  const outcome = child!.tag === 'system-out' ? 'passed' : (child!.tag as ReadCase['outcome'])
  return {
    name: attributes['name']!,
    place: placeOf(attributes),
    className: attributes['classname']!,
    outcome,
    message: child!.attributes['message'],
    text: child!.text,
  }
}

function placeOf({ file, line }: Node['attributes']): string | undefined {
  return file !== undefined && line !== undefined ? `${file}:${line}` : file
}

function seenByJunit2json({ testsuite = [] }: TestSuites): unknown {
  return testsuite.map(({ name, testcase = [] }) => ({
    name,
    cases: testcase.map(({ name: own, classname, failure, error, skipped }) => {
      const outcome = failure ? 'failure' : error ? 'error' : skipped ? 'skipped' : 'passed'
      return {
        name: own,
        className: classname,
        outcome,
        message: (failure ?? error ?? skipped)?.[0]?.message,
      }
    }),
  }))
}

/** What junit-to-ctrf makes of characters beyond the first 65 536. */
function halved(text: string): string {
  return text.replaceAll(/[\uD800-\uDFFF]/g, '\uFFFD')
}

async function seenByCtrf(xml: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-ctrf-'))
  try {
    const file = join(folder, 'junit.xml')
    await writeFile(file, xml)
    const report = await convertJUnitToCTRFReport(file)
    return report!.results.tests.map(({ name, suite, status, filePath }) => ({
      filePath,
      name,
      suite,
      status,
    }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
