import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const src = fileURLToPath(new URL('../../src', import.meta.url))

/** From the ground up: a room may import the rooms above it in this list, and none below. */
const rooms = [
  'errors.ts',
  'text',
  'plugin',
  'hooks',
  'loading',
  'load',
  'metrics',
  'protocol',
  'checks',
  'result',
  'config',
  'verdict',
  'worker',
  'agent',
  'orchestrator',
]
/** Entry points: they only re-export. */
const entrances = ['index.ts', 'log.ts', 'program.ts', 'text.ts']

interface Import {
  readonly from: string
  readonly to: string
}

const roomOf = (file: string): string => file.split('/')[0]!

/** Types too: a room that uses the types of another depends on it. */
function importsOf(file: string, text: string): Import[] {
  return Array.from(
    text.matchAll(/^(?:import|export)\b[^'"]*?from\s+['"](\.[^'"]+)['"]/gm),
    ([, specifier]) => ({
      from: file,
      to: normalize(join(dirname(file), specifier!)),
    }),
  )
}

function upward({ from, to }: Import): boolean {
  const [own, other] = [rooms.indexOf(roomOf(from)), rooms.indexOf(roomOf(to))]
  return other === -1 || other > own
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

describe('the rooms of the core', () => {
  it('are those of the map in docs/architecture.md', () => {
    expect([...new Set(files.map(roomOf))].toSorted()).toEqual([...rooms, ...entrances].toSorted())
    const map = readFileSync(new URL('../../../../docs/architecture.md', import.meta.url), 'utf8')
    for (const room of rooms.filter((name) => !name.endsWith('.ts'))) expect(map).toContain(`\`${room}/\``)
  })

  it('import nothing from the rooms above them', () => {
    const wrong = files
      .filter((file) => !entrances.includes(file))
      .flatMap((file) => importsOf(file, readFileSync(join(src, file), 'utf8')))
      .filter(upward)
    expect(wrong).toEqual([])
  })

  it('and an import that goes back up is found, over several lines and of types too', () => {
    const text =
      "import type {\n  A,\n  B,\n} from '../orchestrator/run.ts'\nimport { c } from '../text/units.ts'\n"
    expect(importsOf('metrics/a.ts', text).filter(upward)).toEqual([
      { from: 'metrics/a.ts', to: 'orchestrator/run.ts' },
    ])
  })
})
