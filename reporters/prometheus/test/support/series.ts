export interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const line = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/
const label = /(?<name>[a-zA-Z_]\w*)="(?<value>(?:[^"\\]|\\.)*)"/g

/** The series of a text in the format of Prometheus. */
export function seriesOf(text: string): Series[] {
  return text
    .split('\n')
    .filter((one) => one !== '' && !one.startsWith('#'))
    .map((one) => {
      const { name, labels = '', value } = line.exec(one)?.groups ?? {}
      if (name === undefined) throw new Error(`no series: ${one}`)
      const pairs = Array.from(labels.matchAll(label), ({ groups }) => [
        groups!['name']!,
        unescaped(groups!['value']!),
      ])
      return { name, labels: Object.fromEntries(pairs), value: numberOf(value!) }
    })
}

/** The sum over all series of a name that have these labels. */
export function sum(series: readonly Series[], name: string, labels: Series['labels'] = {}): number {
  const chosen = series.filter(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  )
  return chosen.length === 0 ? Number.NaN : chosen.reduce((all, { value }) => all + value, 0)
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, letter: string) => (letter === 'n' ? '\n' : letter))
}

function numberOf(text: string): number {
  return text === '+Inf' ? Infinity : Number(text)
}
