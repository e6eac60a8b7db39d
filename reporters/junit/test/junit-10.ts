import { SaxesParser } from 'saxes'

export interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Node[]
  readonly text: string
}

interface Rule {
  readonly required: readonly string[]
  readonly optional: readonly string[]
  readonly children: readonly string[]
  readonly hasText?: boolean
}

const outcome: Rule = { required: [], optional: ['type', 'message'], children: [], hasText: true }
const output: Rule = { required: [], optional: [], children: [], hasText: true }

/** What the xunit plugin of Jenkins takes for JUnit, version 10: elements, their attributes, and what may be in them. */
const rules: Readonly<Record<string, Rule>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'errors'],
    children: ['testsuite'],
  },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  properties: { required: [], optional: [], children: ['property'] },
  property: { required: ['name', 'value'], optional: [], children: [] },
  testcase: {
    required: ['name'],
    optional: ['time', 'classname', 'group'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  skipped: outcome,
  error: outcome,
  failure: outcome,
  'system-out': output,
  'system-err': output,
}

/** Parses strictly; throws where the text is not well-formed. */
export function parse(xml: string): Node {
  const parser = new SaxesParser()
  const stack: { name: string; attributes: Record<string, string>; children: Node[]; text: string }[] = []
  let root: Node | undefined
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name, attributes, children: [], text: '' }
    stack.at(-1)?.children.push(node)
    root ??= node
    stack.push(node)
  })
  parser.on('text', (text) => {
    const node = stack.at(-1)
    if (node) node.text += text
  })
  parser.on('closetag', () => void stack.pop())
  parser.write(xml).close()
  return root!
}

/** Everything in which a document breaks the rules. */
export function violations(node: Node, path = node.name): string[] {
  const rule = rules[node.name]
  if (!rule) return [`${path}: no such element`]
  const known = new Set([...rule.required, ...rule.optional])
  const { time } = node.attributes
  return [
    ...rule.required.filter((name) => !(name in node.attributes)).map((name) => `${path}: needs ${name}`),
    ...Object.keys(node.attributes)
      .filter((name) => !known.has(name))
      .map((name) => `${path}: may not have ${name}`),
    ...(node.name.startsWith('testsuite') && time !== undefined && !/^[\d,]*(\.\d*)?$/.test(time)
      ? [`${path}: time ${time}`]
      : []),
    ...(!rule.hasText && node.text.trim() !== '' ? [`${path}: may not have text`] : []),
    ...node.children.flatMap((child) =>
      rule.children.includes(child.name)
        ? violations(child, `${path}/${child.name}`)
        : [`${path}: may not have a ${child.name} in it`],
    ),
  ]
}
