import { createStyle, formatSize, widthOf, type Style } from '@cloudbench/core/text'
import type { Examination } from './examine.ts'
import { countsOf, type Finding } from './finding.ts'
import { hang } from './wrap.ts'

/** Longer lines are hard to read. */
const widestPage = 100

interface Page {
  readonly style: Style
  readonly columns: number
}

/** Everything on one page, in sections. */
export function doctorPage(
  examination: Examination,
  stream: { readonly color: boolean; readonly columns: number },
): string {
  const page = { style: createStyle(stream.color), columns: Math.min(stream.columns, widestPage) }
  const { survey } = examination
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Checks', checks(examination, page)],
    ...(survey === undefined
      ? []
      : ([
          [`Facts of ${survey.machine}`, facts(survey.facts, page)],
          ['Derived settings', derived(examination, page)],
          ['Advice', advice(survey.advice, page)],
          ['Tuning', tuning(survey.advice, page)],
          ['Workers', workers(survey.workers, page)],
          [coverageOf(survey.signals), signals(survey.signals, page)],
        ] as const)),
  ]
  const text = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${page.style.bold(title)}\n${lines.join('\n')}\n`)
  const { good, doubtful, bad } = countsOf(examination.findings, survey)
  return `${text.join('\n')}\n${good} ok, ${doubtful} doubtful, ${bad} failed\n`
}

type Survey = NonNullable<Examination['survey']>

function checks({ findings }: Examination, { style, columns }: Page): readonly string[] {
  const signs: Readonly<Record<Finding['state'], string>> = {
    good: style.good('✓'),
    doubtful: style.doubtful('!'),
    bad: style.bad('✗'),
  }
  return findings.flatMap(({ state, what, advice: next }) => [
    ...hang(signs[state], what, { width: 2, columns }),
    ...(next === undefined ? [] : hang('  →', next, { width: 4, columns, style: style.dim })),
  ])
}

/** What another one has said with the same value is not said again. */
function facts(all: Survey['facts'], { style, columns }: Page): readonly string[] {
  const said = new Set<string>()
  const rows = Object.entries(all).flatMap(([plugin, known]) =>
    Object.entries(known).flatMap(([name, value]) => {
      const row = { plugin, name, text: factText(name, value) }
      const key = `${name}=${row.text}`
      if (said.has(key)) return []
      said.add(key)
      return row
    }),
  )
  const pluginWidth = widest(rows.map(({ plugin }) => plugin)) + 2
  const nameWidth = Math.min(widest(rows.map(({ name }) => name)) + 2, 44)
  return rows.flatMap(({ plugin, name, text }, at) => {
    const label = plugin === rows[at - 1]?.plugin ? '' : plugin
    const head = style.dim(label) + ' '.repeat(Math.max(0, pluginWidth - widthOf(label))) + name
    // a name without room for its value has it on the next line
    const lines = hang(widthOf(name) >= nameWidth ? `${head} ` : head, text, {
      width: pluginWidth + nameWidth,
      columns,
    })
    return lines
  })
}

function factText(name: string, value: unknown): string {
  if (typeof value === 'number' && /bytes$/i.test(name) && value >= 1e6)
    return `${formatSize(value)} (${value})`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function derived({ survey, notAsked }: Examination, { style, columns }: Page): readonly string[] {
  const settings = survey?.derived ?? []
  const width = widest(settings.map(({ environment }) => environment)) + 2
  const lines = settings.flatMap(({ environment, path, value, reason, isConfigured, overriddenBy }) => {
    const use =
      overriddenBy !== undefined
        ? `; ${overriddenBy} wins over it`
        : isConfigured
          ? ''
          : `; with --environment ${environment}`
    return hang(environment, `${path}=${JSON.stringify(value)}: ${reason}${use}`, { width, columns })
  })
  const others = notAsked.flatMap((name) =>
    hang(
      '·',
      `${name} was not asked, since it sends requests over the network: cloudbench doctor --environment ${name}`,
      { width: 2, columns, style: style.dim },
    ),
  )
  return [...(lines.length === 0 ? ['nothing'] : lines), ...others]
}

function advice(given: Survey['advice'], { style, columns }: Page): readonly string[] {
  return given.flatMap(({ environment, state = 'doubtful', what, why, how, change }) => [
    ...hang(state === 'note' ? '·' : style.doubtful('!'), `${what} (${environment})`, { width: 2, columns }),
    ...hang('', why, { width: 2, columns, style: style.dim }),
    ...hang('  →', change?.isAsked && state === 'note' ? 'a run sets it' : how, { width: 4, columns }),
  ])
}

function tuning(given: Survey['advice'], { style, columns }: Page): readonly string[] {
  const changes = given.flatMap(({ environment, change }) => (change ? { environment, ...change } : []))
  const lines = changes.flatMap(({ environment, setting, from, to, isAsked }) =>
    hang(
      '·',
      `${isAsked ? `a run sets ${setting} from ${from} to ${to}, and puts it back` : `would set ${setting} from ${from} to ${to}`} (${environment})`,
      { width: 2, columns },
    ),
  )
  const off = changes.some(({ isAsked }) => !isAsked)
  const how = 'where it says would, apply is off: the options of the environment turn it on'
  return [...lines, ...(off ? hang('  →', how, { width: 4, columns, style: style.dim }) : [])]
}

function workers(all: Survey['workers'], { columns }: Page): readonly string[] {
  const groups = Map.groupBy(all.entries(), ([, { attribution }]) => attribution.join('\n'))
  return Array.from(groups, ([attribution, members]) => {
    const indices = members.map(([index]) => index)
    const who =
      indices.length === all.length && all.length > 1 ? `all ${all.length}` : `worker ${indices.join(', ')}`
    const lines = attribution === '' ? ['as node itself'] : attribution.split('\n')
    return lines.flatMap((line, at) => hang(at === 0 ? who : '', line, { width: widthOf(who) + 2, columns }))
  }).flat()
}

function coverageOf(all: Survey['signals']): string {
  const count = all.filter(({ environment }) => environment !== undefined).length
  return `Signals: ${count} of the ${all.length} that the verdict reads can be sampled here`
}

function signals(all: Survey['signals'], { style, columns }: Page): readonly string[] {
  const there = Map.groupBy(
    all.filter(({ environment }) => environment !== undefined),
    ({ environment = '' }) => environment,
  )
  const missing = Map.groupBy(
    all.filter(({ environment }) => environment === undefined),
    ({ missing: why = '' }) => why,
  )
  const width = widest([...there.keys()]) + 2
  const names = (group: Survey['signals']): string => group.map(({ name }) => name).join(', ')
  const read = (group: Survey['signals']): string => {
    const late = group.filter(({ hasValue }) => !hasValue)
    const known = names(group.filter(({ hasValue }) => hasValue))
    return [known, late.length === 0 ? '' : `no value yet: ${names(late)}`].filter(Boolean).join('; ')
  }
  return [
    ...Array.from(there, ([environment, group]) =>
      hang(`${style.good('✓')} ${environment}`, read(group), { width: width + 2, columns }),
    ).flat(),
    ...Array.from(missing, ([why, group]) =>
      hang(style.doubtful('?'), `${names(group)}: ${why}`, { width: 2, columns }),
    ).flat(),
  ]
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(widthOf))
}
