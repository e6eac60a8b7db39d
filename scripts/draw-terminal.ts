/**
 * Draws what a command printed as an image that GitHub shows:
 * `FORCE_COLOR=1 COLUMNS=120 npx cloudbench … | node scripts/draw-terminal.ts 'npx cloudbench …' > docs/images/run.svg`
 */
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'

const styles: Readonly<Record<string, string>> = {
  '1': 'font-weight="bold"',
  '2': 'fill="#8b949e"',
  '31': 'fill="#ff7b72"',
  '32': 'fill="#7ee787"',
  '33': 'fill="#e3b341"',
}
const ends: Readonly<Record<string, readonly string[]>> = {
  '0': Object.keys(styles),
  '22': ['1', '2'],
  '39': ['31', '32', '33'],
}
const [columnPx, linePx, marginPx] = [8.4, 20, 20]

const command = process.argv[2] ?? ''
const output = await text(process.stdin)
const lines = `\u001B[2m$\u001B[22m ${command}\n\n${output}`.trimEnd().split('\n')
const columns = Math.max(...lines.map((line) => stripVTControlCharacters(line).length))
const active = new Set<string>()
const drawn = lines.map((line, at) => {
  const y = marginPx + (at + 1) * linePx - 5
  return `<text x="${marginPx}" y="${y}" xml:space="preserve">${spansOf(line)}</text>`
})
const [width, height] = [Math.ceil(columns * columnPx + 2 * marginPx), lines.length * linePx + 2 * marginPx]
console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Output of ${escaped(command)}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3">
${drawn.join('\n')}
</g>
</svg>`)

function spansOf(line: string): string {
  const [first = '', ...styled] = line.split('\u001B[')
  return span(first) + styled.map(styledSpan).join('')
}

/** What follows an escape: `32m✓`. */
function styledSpan(part: string): string {
  const [code = ''] = part.split('m', 1)
  if (Object.hasOwn(styles, code)) active.add(code)
  else for (const style of ends[code] ?? []) active.delete(style)
  return span(part.slice(code.length + 1))
}

function span(words: string): string {
  if (words === '') return ''
  return `<tspan ${[...active].map((style) => styles[style]).join(' ')}>${escaped(words)}</tspan>`
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
