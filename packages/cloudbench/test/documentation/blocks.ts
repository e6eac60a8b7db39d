import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** The pages that people read. Change logs and licences contain nothing that could run. */
const pages = [
  '*.md',
  '.github/**/*.md',
  'docs/**/*.md',
  'fixtures/**/*.md',
  '{packages,plugins,reporters}/*/README.md',
]

/** A fenced block of a page. */
export interface Block {
  readonly page: string
  readonly line: number
  readonly language: string
  readonly code: string
  /** The path in a comment in its first line: the file that it shows. */
  readonly path: string | undefined
  /** Why it cannot run, from a comment above it: `<!-- not run: needs Jenkins -->`. */
  readonly notRun: string | undefined
}

/** How a block is tested. */
export type Kind = 'marked' | 'text' | 'plugin' | 'typescript' | 'configuration' | 'json' | 'shell'

export function allBlocks(): Block[] {
  return globSync(pages, { cwd: root, exclude: (name) => name.includes('node_modules') })
    .toSorted()
    .flatMap((page) => blocksOf(page, readFileSync(join(root, page), 'utf8')))
}

export function blocksOf(page: string, text: string): Block[] {
  const fenced =
    /(?:^ *<!-- not run: (?<notRun>[^\n]+) -->\n+)?^(?<indent> *)```(?<language>\S*)\n(?<code>.*?)^\k<indent>```$/gms
  return Array.from(text.matchAll(fenced), ({ 0: match, index, groups }) => {
    const { language = '', indent = '', notRun } = groups!
    const code = groups!['code']!.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    return {
      page,
      line: text.slice(0, index + match.indexOf('```')).split('\n').length,
      language,
      code,
      path: /^(?:#|\/\/) (\S+\.\w+)\n/.exec(code)?.[1],
      notRun,
    }
  })
}

/** `undefined` for a block that nothing tests: it must run, or say why it does not. */
export function kindOf({ language, code, notRun, path }: Block): Kind | undefined {
  if (notRun !== undefined) return 'marked'
  switch (language) {
    case '':
    case 'text':
    case 'mermaid':
      return 'text'
    case 'sh':
      return 'shell'
    case 'json':
      return 'json'
    case 'yaml':
      return path === undefined || path.startsWith('config/') ? 'configuration' : undefined
    case 'ts':
      if (code.includes('export default defineConfig(')) return 'configuration'
      return /^export default define(Driver|Environment|Reporter)\(/m.test(code) ? 'plugin' : 'typescript'
    default:
      return undefined
  }
}

export function nameOf({ page, line }: Block): string {
  return `${page}:${line}`
}
