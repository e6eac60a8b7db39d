import { childrenOf, type Node } from './parse.ts'

interface Rule {
  readonly required?: readonly string[]
  readonly optional?: readonly string[]
  readonly children?: readonly string[]
  readonly text?: boolean
}

const found: Rule = { optional: ['type', 'message'], text: true }
const output: Rule = { text: true }

/** Not in that schema; GitHub's and GitLab's readers, and pytest's users, know them. */
const places = ['file', 'line']

/**
 * What the schema of Jenkins' xunit plugin, `junit-10.xsd`, allows: names of elements and attributes, what must be
 * there, where text is allowed. Elements for repeated runs of flaky tests are left out, because we write none.
 */
const rules: Readonly<Record<string, Rule>> = {
  testsuites: { optional: ['name', 'time', 'tests', 'failures', 'errors'], children: ['testsuite'] },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { children: ['property'] },
  property: { required: ['name', 'value'] },
  testcase: {
    required: ['name'],
    optional: ['time', 'classname', 'group', ...places],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  skipped: found,
  error: found,
  failure: found,
  'system-out': output,
  'system-err': output,
}

const patterns = [
  // the schema's type for times, without its thousands separators, which readers take for decimal points
  ['time', /^[0-9]+(\.[0-9]*)?$/],
  // of Ant's schema, which others validate with: no milliseconds, no zone
  ['timestamp', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/],
] as const

/** The faults of a JUnit file: none for a valid one. */
export function faultsOf(root: Node): string[] {
  return [
    ...(root.tag === 'testsuites' ? [] : [`the root is <${root.tag}>`]),
    ...ruleFaults(root, root.tag),
    ...bookFaults(root),
  ]
}

function ruleFaults({ tag, attributes, children, text }: Node, path: string): string[] {
  const rule = rules[tag]
  if (!rule) return [`${path}: an element <${tag}> is unknown`]
  const { required = [], optional = [], children: allowed = [] } = rule
  const names = Object.keys(attributes)
  return [
    ...required.filter((name) => !names.includes(name)).map((name) => `${path}: ${name} is missing`),
    ...names
      .filter((name) => !required.includes(name) && !optional.includes(name))
      .map((name) => `${path}: an attribute ${name} is unknown`),
    ...(rule.text || text.trim() === '' ? [] : [`${path}: text is not allowed in <${tag}>`]),
    ...children
      .filter((child) => !allowed.includes(child.tag))
      .map((child) => `${path}: <${child.tag}> is not allowed in <${tag}>`),
    ...patterns
      .filter(([name, pattern]) => name in attributes && !pattern.test(attributes[name]!))
      .map(([name]) => `${path}: ${name} ${attributes[name]}`),
    ...children.flatMap((child, at) => ruleFaults(child, `${path}/${child.tag}[${at}]`)),
  ]
}

/** What no schema can express, but dashboards rely on. */
function bookFaults(root: Node): string[] {
  const faults: string[] = []
  const holds = (isSo: boolean, fault: string): void => {
    if (!isSo) faults.push(fault)
  }
  const suites = childrenOf(root, 'testsuite')
  const names = new Set<string>()
  for (const suite of suites) {
    const name = suite.attributes['name']!
    const cases = childrenOf(suite, 'testcase')
    const count = (tag: string): number => cases.filter((node) => childrenOf(node, tag).length > 0).length
    holds(cases.length > 0, `${name}: there is no case, so it is not shown`)
    holds(Number(suite.attributes['tests']) === cases.length, `${name}: tests is not the number of cases`)
    for (const [attribute, tag] of [
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const)
      holds(Number(suite.attributes[attribute]) === count(tag), `${name}: ${attribute} does not add up`)
    holds(isSum(suite.attributes['time'], cases), `${name}: time is not the sum of the times of the cases`)
    const order = suite.children.map(({ tag }) => tag)
    holds(order.lastIndexOf('properties') <= 0, `${name}: properties do not stand first`)
    for (const node of cases) {
      const key = JSON.stringify([node.attributes['classname'], node.attributes['name']])
      holds(!names.has(key), `${name}: two cases are called ${key}`)
      names.add(key)
      const outcomes = node.children.filter(({ tag }) => ['failure', 'error', 'skipped'].includes(tag))
      holds(outcomes.length <= 1, `${name}: ${key} ended in two ways`)
      holds(
        /^.+\.[^.]+$/s.test(node.attributes['classname'] ?? ''),
        `${name}: ${key} has no package and class`,
      )
    }
  }
  for (const attribute of ['tests', 'failures', 'errors', 'time'])
    holds(isSum(root.attributes[attribute], suites, attribute), `${attribute} of all does not add up`)
  return faults
}

function isSum(total: string | undefined, parts: readonly Node[], attribute = 'time'): boolean {
  const sum = parts.reduce((all, part) => all + Number(part.attributes[attribute]), 0)
  return Math.abs(Number(total) - sum) < 1e-6
}
