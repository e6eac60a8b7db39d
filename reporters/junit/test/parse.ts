import { SaxesParser } from 'saxes'

export interface Node {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Node[]
  readonly text: string
}

interface Draft extends Node {
  readonly children: Draft[]
  text: string
}

/** Reads XML by the letter of XML 1.0; throws for what is not well-formed. */
export function parseXml(xml: string): Node {
  const parser = new SaxesParser()
  const open: Draft[] = []
  let root: Draft | undefined
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name: tag, attributes }) => {
    const node: Draft = { tag, attributes, children: [], text: '' }
    open.at(-1)?.children.push(node)
    root ??= node
    open.push(node)
  })
  parser.on('text', (text) => {
    const node = open.at(-1)
    if (node) node.text += text
  })
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  if (!root) throw new Error('there is no element')
  return root
}

export function childrenOf(node: Node, tag: string): Node[] {
  return node.children.filter((child) => child.tag === tag)
}
